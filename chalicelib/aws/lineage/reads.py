"""Reading the neighbours of nodes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.lineage.items import edges_from
from chalicelib.aws.table import Table
from chalicelib.domain.lineage.link import Source
from chalicelib.domain.lineage.node import dataset_node
from chalicelib.domain.lineage.walk import MAX_NEIGHBOURS, Direction, Edge, Neighbours, Waiting

_READERS: Final = 8


class LinkReader:
    """Reads the links of nodes, each node once: one query a node, eight at a time. ``queries`` counts them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known: dict[tuple[Direction, str], Neighbours] = {}

    @property
    def queries(self) -> int:
        """How many queries were made."""
        return len(self._known)

    def __call__(self, waiting: Sequence[Waiting]) -> list[Neighbours]:
        """The neighbours of each, in their order."""
        unknown = list(dict.fromkeys((one.direction, one.id) for one in waiting))
        unknown = [one for one in unknown if one not in self._known]
        if len(unknown) == 1:
            self._known[unknown[0]] = self._read(*unknown[0])
        elif unknown:
            with ThreadPoolExecutor(_READERS) as pool:
                self._known |= zip(unknown, pool.map(lambda one: self._read(*one), unknown), strict=True)
        return [self._known[one.direction, one.id] for one in waiting]

    def _read(self, direction: Direction, node_id: str) -> Neighbours:
        prefix = keys.links_out(node_id) if direction is Direction.UP else keys.links_in(node_id)
        stored, after = self._table.query(keys.lineage(node_id), prefix, MAX_NEIGHBOURS + 1)
        edges = list(islice((edge for one in stored for edge in edges_from(one)), MAX_NEIGHBOURS + 1))
        # Two states of a dataset may come from the same origin.
        distinct: dict[tuple[str, tuple[str, str], Source], Edge] = {}
        for edge in (_at(node_id, one, direction) for one in edges[:MAX_NEIGHBOURS]):
            distinct.setdefault((edge.node.id, edge.link.key, edge.source), edge)
        return Neighbours(tuple(distinct.values()), after is not None or len(edges) > MAX_NEIGHBOURS)


def _at(node_id: str, edge: Edge, direction: Direction) -> Edge:
    """The edge with the node that was looked at. A dataset without a state has the links of all its states."""
    near = edge.node if direction is Direction.UP else edge.link.origin
    if near.id == node_id:
        return edge
    whole = dataset_node(near.name)
    if direction is Direction.UP:
        return replace(edge, node=whole)
    return replace(edge, link=replace(edge.link, origin=whole))
