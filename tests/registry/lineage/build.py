"""Versions that come from one another, and walks over what is stored of them."""

from typing import Any

from chalicelib.aws.services import Services
from chalicelib.domain.lineage.node import Node, version_node
from chalicelib.domain.lineage.walk import Direction
from chalicelib.registry.lineage import walking
from tests.registry.build import model, ready

CLICKS = {"name": "clicks", "digest": "d1"}


def based_on(registry: Services, name: str, *parents: tuple[str, int], **provenance: Any) -> Node:
    """A READY version of a new model that is based on versions."""
    bases = [{"model": parent, "version": number} for parent, number in parents]
    version = ready(registry, model(registry, name), provenance={"base_models": bases, **provenance})
    return version_node(name, version.number)


def shown(
    registry: Services, node: Node, direction: Direction, hidden: str = "", limit: int = 100, depth: int = 10
) -> list[tuple[str, str]]:
    """The names and details of the nodes that are shown, in all pages."""
    start: Any = None
    found: list[tuple[str, str]] = []
    for _ in range(50):
        lineage = walking.node_lineage(registry, node, [direction], depth, lambda name: name != hidden, limit, start)
        found += [(one.node.name, one.node.detail) for one in lineage.page.nodes]
        start = lineage.next_start
        if start is None:
            return found
    raise AssertionError("the pages do not end")
