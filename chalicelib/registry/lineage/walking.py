"""Following the lineage of a version or a dataset, a page at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.lineage.reads import LinkReader
from chalicelib.aws.services import Services
from chalicelib.domain.errors import VersionNotFoundError
from chalicelib.domain.lineage.node import Node, may_see, version_node
from chalicelib.domain.lineage.walk import (
    MAX_DEPTH,
    PAGE,
    Direction,
    Neighbours,
    Read,
    Waiting,
    WalkPage,
    follow,
    starting,
)
from chalicelib.registry.access.classified import foresee
from chalicelib.registry.versions.versions import resolve

MayRead = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Lineage:
    """A page of the lineage of ``start``. ``next_start`` is where to go on; None at the end."""

    start: Node
    page: WalkPage
    next_start: dict[str, Any] | None


def version_lineage(
    services: Services,
    model: str,
    ref: str,
    directions: Sequence[Direction],
    depth: int,
    may_read: MayRead,
    limit: int,
    start: Mapping[str, Any] | None,
) -> Lineage:
    """The lineage of a version, deleted ones among them. Raises VersionNotFoundError, AliasNotFoundError."""
    number = resolve(services, model, ref)
    if start is None:
        both = (keys.version(model, number), keys.buried(model, number))
        if not services.table.load(both):
            raise VersionNotFoundError(f"The model {model!r} has no version {number}.")
    return node_lineage(services, version_node(model, number), directions, depth, may_read, limit, start)


def node_lineage(
    services: Services,
    node: Node,
    directions: Sequence[Direction],
    depth: int,
    may_read: MayRead,
    limit: int,
    start: Mapping[str, Any] | None,
) -> Lineage:
    """A page of the lineage of a node. What lies behind a version that the caller may not read is not shown."""
    waiting = starting(node, directions) if start is None else _waiting_from(start["waiting"])
    page = follow(waiting, _read(services, may_read), lambda one: may_see(one, may_read), depth, limit)
    return Lineage(node, page, {"waiting": _stored(page.waiting)} if page.waiting else None)


def whole_lineage(services: Services, node: Node, may_read: MayRead) -> WalkPage:
    """What a node comes from, as far as a page goes: up to ten steps, and a hundred nodes."""
    waiting = starting(node, [Direction.UP])
    return follow(waiting, _read(services, may_read), lambda one: may_see(one, may_read), MAX_DEPTH, PAGE)


def foreseeing(services: Services, may_read: MayRead, found: Sequence[Neighbours]) -> Sequence[Neighbours]:
    """What was found of some nodes, once it can be told which of it the caller may see."""
    nodes = (node for one in found for edge in one.edges for node in (edge.node, edge.link.origin))
    foresee(may_read, (node.model for node in nodes if node.model is not None), services.table.load_all)
    return found


def _read(services: Services, may_read: MayRead) -> Read:
    reader = LinkReader(services.table)
    return lambda waiting: foreseeing(services, may_read, reader(waiting))


def _stored(waiting: Sequence[Waiting]) -> dict[str, str]:
    """What waits, grouped so that a cursor of a hundred nodes is no longer than a cursor may be."""
    grouped: dict[str, list[str]] = {}
    for one in waiting:
        grouped.setdefault(f"{one.direction.value} {one.depth}", []).append(one.id)
    return {step: " ".join(ids) for step, ids in grouped.items()}


def _waiting_from(stored: Mapping[str, str]) -> list[Waiting]:
    steps = [(*step.split(" "), ids) for step, ids in stored.items()]
    found = [
        Waiting(Direction(direction), int(depth), node_id)
        for direction, depth, ids in steps
        for node_id in ids.split(" ")
    ]
    return sorted(found, key=lambda one: one.depth)
