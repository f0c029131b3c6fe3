"""The links of all nodes, computed again from the records that say what comes from what.

Which links a record gives is tested with the rules; here is how they are stored: one item beside the node for each
source, and one beside each origin from which the node is to be found. Nothing else lies in the partitions of lineage.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.deployments import items as deployment_items
from chalicelib.aws.evidence import evaluation_items
from chalicelib.aws.item import document_from
from chalicelib.aws.lineage import items as lineage_items
from chalicelib.aws.table import Item
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.lineage import origins
from chalicelib.domain.lineage.link import Link, Statement

Partitions = Mapping[str, Mapping[str, Item]]
_PREFIX = "LINEAGE#"


def check_lineage(partitions: Partitions) -> None:
    """Every link that follows from a record is stored, on both of its ends, and no other is."""
    wanted: dict[tuple[str, str], Any] = {}
    for partition, items in partitions.items():
        for statement in _statements(partition, items):
            wanted |= _items(statement)
    found = {
        (partition, sort): document_from(item)
        for partition, items in partitions.items()
        if partition.startswith(_PREFIX)
        for sort, item in items.items()
    }
    assert found == wanted


def _statements(partition: str, items: Mapping[str, Item]) -> Iterator[Statement]:
    model = partition.removeprefix("MODEL#")
    for sort, item in items.items():
        if sort.startswith((keys.VERSION_PREFIX, keys.BURIED_PREFIX)):
            yield origins.registered(version_items.version_from(item))
        elif sort.startswith("EVALUATIONS#"):
            codec = evaluation_items.CODECS[0]
            yield origins.evaluated(model, codec.read(item))
        elif sort.startswith(keys.PLACE_PREFIX):
            yield origins.served(model, deployment_items.place_from(item))
        elif sort.startswith(_PREFIX):
            yield lineage_items.origins_from(item).statement


def _items(statement: Statement) -> dict[tuple[str, str], Any]:
    if not statement.links:
        return {}
    node, source = statement.node, statement.source.value
    at, state = _place(node.id)
    stored = {(at, f"OUT#{state}#{source}"): {"node": node.stored(), "links": [_link(one) for one in statement.links]}}
    for link in statement.links[: statement.listed]:
        origin, state = _place(link.origin.id)
        sort = f"IN#{state}#{link.type.value}#{source}#{node.id}"
        stored[origin, sort] = {"node": node.stored(), "link": _link(link)}
    return stored


def _place(node_id: str) -> tuple[str, str]:
    name, _, state = node_id.partition(".")
    return _PREFIX + name, state


def _link(link: Link) -> list[Any]:
    return [link.type.value, link.origin.stored(), link.since, link.relation]
