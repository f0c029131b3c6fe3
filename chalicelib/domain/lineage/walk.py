"""Following links breadth first, a page at a time.

A walk up finds what a node comes from, a walk down what came of it. It never turns: else everything that shares an
image or a dataset would be found from everywhere. What waits to be looked at is all that a walk remembers between two
pages, so a later page may show a node again. It ends all the same, because each step is one deeper.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from chalicelib.domain.lineage.link import Link, Source
from chalicelib.domain.lineage.node import Node

MAX_DEPTH: Final = 10
PAGE: Final = 100
# Neighbours of a node that are followed in one direction.
MAX_NEIGHBOURS: Final = 100
# Nodes that wait to be looked at from one page to the next. A cursor names them all.
MAX_WAITING: Final = 100
# Nodes that are looked at together.
_TOGETHER: Final = 8


class Direction(StrEnum):
    """Up to what a node comes from, or down to what came of it."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A node whose neighbours are still to be looked at. ``depth`` is how many steps it is from the start."""

    direction: Direction
    depth: int
    id: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A link between two nodes, as ``source`` says it. A walk up looked at ``node``, a walk down at the origin."""

    node: Node
    link: Link
    source: Source

    def neighbour(self, direction: Direction) -> Node:
        """The node at the far end."""
        return self.link.origin if direction is Direction.UP else self.node


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The edges of a node in one direction. ``more``: there are others that are not followed."""

    edges: tuple[Edge, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """A node that a walk has found, ``depth`` steps from its start. ``found_at`` is the id of the node before it."""

    node: Node
    direction: Direction
    depth: int
    found_at: str


@dataclass(slots=True)
class WalkPage:
    """What a page has found. ``truncated`` are the ids of nodes not all of whose neighbours are followed.

    ``edges`` lead to the nodes of this page or to ones that were found before. ``waiting`` is where to go on.
    """

    nodes: list[Reached] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    truncated: list[str] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)


# Reads the neighbours of nodes, in their order.
Read: TypeAlias = Callable[[Sequence[Waiting]], Sequence[Neighbours]]


def starting(node: Node, directions: Sequence[Direction]) -> list[Waiting]:
    """What waits at the start of a walk."""
    return [Waiting(direction, 0, node.id) for direction in directions]


def follow(
    waiting: Sequence[Waiting], read: Read, passes: Callable[[Node], bool], depth: int, size: int = PAGE
) -> WalkPage:
    """The next page of a walk: at most ``size`` nodes, at most ``depth`` steps from the start.

    What lies behind a node that does not ``pass`` is not looked at.
    """
    page, queue = WalkPage(), [one for one in waiting if one.depth < depth]
    seen = {(one.direction, one.id) for one in queue}
    while queue and len(page.nodes) < size:
        batch, taken = queue[:_TOGETHER], 0
        for one, neighbours in zip(batch, read(batch), strict=True):
            new = _new(neighbours, one.direction, seen)
            if page.nodes and len(page.nodes) + len(new) > size:
                break
            taken += 1
            page.edges += neighbours.edges
            page.truncated += [one.id] if neighbours.more else []
            for node in new:
                seen.add((one.direction, node.id))
                page.nodes.append(Reached(node, one.direction, one.depth + 1, one.id))
                if one.depth + 1 < depth and passes(node):
                    queue.append(Waiting(one.direction, one.depth + 1, node.id))
        queue = queue[taken:]
        if taken < len(batch):
            break
    page.waiting = queue[:MAX_WAITING]
    page.truncated += dict.fromkeys(one.id for one in queue[MAX_WAITING:])
    return page


def _new(neighbours: Neighbours, direction: Direction, seen: set[tuple[Direction, str]]) -> list[Node]:
    """The neighbours that were not found yet, each once."""
    nodes = {node.id: node for node in (edge.neighbour(direction) for edge in neighbours.edges)}
    return [node for key, node in nodes.items() if (direction, key) not in seen]
