"""Lineage as JSON documents. What a caller may not see is shown by its kind alone."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.lineage.node import may_see

if TYPE_CHECKING:
    from chalicelib.domain.lineage.node import Node
    from chalicelib.domain.lineage.repeating import Recipe
    from chalicelib.domain.lineage.walk import Edge, Reached
    from chalicelib.registry.lineage.asking import Descendant, Fed
    from chalicelib.registry.lineage.walking import Lineage

_CONTEXT: Final = b"moorage hidden node v1\0"


@dataclass(frozen=True, slots=True)
class NodePresenter:
    """Shows nodes to one caller. Whoever does not have ``key`` cannot tell from a hidden node's id which it is."""

    may_read: Callable[[str], bool]
    key: Callable[[], bytes]

    def sees(self, node: Node) -> bool:
        return may_see(node, self.may_read)

    def id(self, node: Node) -> str:
        return node.id if self.sees(node) else self._hidden_id(node)

    def node(self, node: Node) -> dict[str, Any]:
        if not self.sees(node):
            return self.hidden(node)
        return {"id": node.id, **node.document(), "hidden": False}

    def hidden(self, node: Node) -> dict[str, Any]:
        return {"id": self._hidden_id(node), "kind": node.kind.value, "hidden": True}

    def reached(self, reached: Reached) -> dict[str, Any]:
        return {**self.node(reached.node), "direction": reached.direction.value, "depth": reached.depth}

    def edge(self, edge: Edge) -> dict[str, Any]:
        shown = self.sees(edge.node) and self.sees(edge.link.origin)
        return {
            "node": self.id(edge.node),
            "origin": self.id(edge.link.origin),
            "type": edge.link.type.value,
            "source": edge.source.value,
            "relation": (edge.link.relation or None) if shown else None,
            "since": edge.link.since if shown else None,
        }

    def path(self, nodes: Iterable[Node]) -> list[dict[str, Any]]:
        """A way. What lies behind a hidden node would tell about it, so only the end of the way is shown again."""
        way, shown = list(nodes), True
        documents = []
        for node in way:
            shown = shown and self.sees(node)
            documents.append(self.node(node) if shown or node is way[-1] else self.hidden(node))
        return documents

    def _hidden_id(self, node: Node) -> str:
        return hmac.digest(self.key(), _CONTEXT + node.id.encode(), "sha256").hex()[:20]


def lineage_document(shows: NodePresenter, lineage: Lineage, next_cursor: str | None) -> dict[str, Any]:
    page = lineage.page
    return {
        "start": shows.node(lineage.start),
        "items": [shows.reached(one) for one in page.nodes],
        "edges": [shows.edge(one) for one in page.edges],
        "truncated": page.truncated,
        "next_cursor": next_cursor,
    }


def descendant_document(shows: NodePresenter, found: Descendant) -> dict[str, Any]:
    version = found.version
    return {
        "model": version.model,
        "version": version.number,
        "stage": version.stage,
        "aliases": list(version.aliases),
        "path": shows.path(found.path),
    }


def fed_document(shows: NodePresenter, fed: Fed) -> dict[str, Any]:
    running = fed.running
    return {
        "model": running.model,
        "version": running.version,
        "target": running.target,
        "environment": running.environment,
        "serving": running.serving,
        "found": list(fed.found),
        "truncated": fed.truncated,
        "origins": [shows.node(node) for node in fed.origins],
    }


def recipe_document(recipe: Recipe) -> dict[str, Any]:
    return {
        "complete": recipe.complete,
        "ingredients": [
            {"name": one.name, "answer": one.answer.value, "found": one.found, "advice": one.advice or None}
            for one in recipe.ingredients
        ],
    }
