"""Lineage: what versions come from, what came of them, and what is recorded to make them again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.listing import Listing
from moorage.paths import VersionKey


@dataclass(frozen=True, slots=True)
class LineageNode:
    """A version, or what a version comes from or goes to. Which fields it has depends on its ``kind``.

    ``kind`` is ``version``, ``dataset``, ``run``, ``job``, ``commit``, ``base_model``, ``image``, ``environment`` (a
    list of requirements) or ``place`` (a model on a target). A node that you may not read is ``hidden``.
    """

    id: str
    kind: str
    hidden: bool = False
    model: str | None = None
    version: int | str | None = None
    name: str | None = None
    digest: str | None = None
    repository: str | None = None
    commit: str | None = None
    revision: str | None = None
    target: str | None = None

    @property
    def label(self) -> str:
        """The node in a few words, such as ``fraud/3`` or ``clicks (digest d1)``."""
        if self.hidden:
            return "(hidden)"
        if self.kind == "version":
            return f"{self.model}/{self.version}"
        if self.kind == "place":
            return f"{self.model} on {self.target}"
        if self.kind == "commit":
            return f"{self.repository} {self.commit}"
        if self.kind == "environment":
            return str(self.digest)
        states = {"digest": self.digest, "version": self.version, "revision": self.revision}
        known = next((f" ({name} {value})" for name, value in states.items() if value is not None), "")
        return f"{self.name}{known}"


@dataclass(frozen=True, slots=True)
class ReachedNode(LineageNode):
    """A node that was found ``depth`` steps from the start, ``up`` or ``down``."""

    direction: str = "up"
    depth: int = 1


@dataclass(frozen=True, slots=True)
class LineageEdge:
    """``node`` comes from ``origin``; both are ids. ``source`` says who says so, ``since`` when.

    ``source`` is ``registered``, ``evaluated``, ``served`` or ``stated``.
    """

    node: str
    origin: str
    type: str
    source: str
    relation: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lineage:
    """The nodes around ``start``, nearest first, and the edges between them.

    ``truncated`` are the ids of nodes at which something was left out. ``more``: the limit ended the walk.
    """

    start: LineageNode
    nodes: tuple[ReachedNode, ...] = ()
    edges: tuple[LineageEdge, ...] = ()
    truncated: tuple[str, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Descendant:
    """A version that descends from a dataset. ``path`` leads from it to the dataset."""

    model: str
    version: int
    stage: str
    aliases: tuple[str, ...] = ()
    path: tuple[LineageNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Fed:
    """A version that runs on a target, or is on its way there, and what fed it.

    ``found`` is what of it, or of its origins, was looked for. ``truncated``: it has more origins.
    """

    model: str
    version: int
    target: str
    environment: str
    serving: bool
    found: tuple[str, ...] = ()
    truncated: bool = False
    origins: tuple[LineageNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One of the things that it takes to make a version again. ``answer``: ``recorded``, ``partly``, ``missing``."""

    name: str
    answer: str
    found: str = ""
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is recorded to make a version again. ``complete``: nothing is missing."""

    complete: bool
    ingredients: tuple[Ingredient, ...] = ()


class LineageGraph:
    """What versions come from, and what came of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(
        self, model: str, version: VersionKey, *, direction: str = "both", depth: int = 10, limit: int | None = 1_000
    ) -> Lineage:
        """The lineage of a version: ``up`` to what it comes from, ``down`` to what came of it, or both.

        Reads pages of a hundred nodes until ``limit`` are found; None: all.
        """
        return self._walked(f"{_path(model, version)}/lineage", limit, direction=direction, depth=depth)

    def of_node(
        self,
        name: str,
        *,
        kind: str = "dataset",
        digest: str | None = None,
        version: str | None = None,
        commit: str | None = None,
        revision: str | None = None,
        direction: str = "both",
        depth: int = 10,
        limit: int | None = 1_000,
    ) -> Lineage:
        """The lineage of a dataset, by its name and its digest or version, or of another thing that versions share.

        Without a digest or a version, all states of the dataset are meant. ``name`` is a commit's repository.
        """
        named = {"kind": kind, "name": name, "digest": digest, "version": version}
        states = {"commit": commit, "revision": revision}
        return self._walked("lineage", limit, **named, **states, direction=direction, depth=depth)

    def descendants(
        self,
        *,
        dataset: str | None = None,
        digest: str | None = None,
        stage: str | None = None,
        alias: str | None = None,
        limit: int | None = None,
    ) -> Listing[Descendant]:
        """The versions of a stage (``production``, if none is named) or alias that descend from a dataset."""
        asked = {"dataset": dataset, "digest": digest, "stage": stage, "alias": alias}
        return self._connection.items(Descendant, "lineage/descendants", limit, **asked)

    def serving(
        self,
        *,
        requirement: str | None = None,
        dataset: str | None = None,
        digest: str | None = None,
        limit: int | None = None,
    ) -> Listing[Fed]:
        """What runs on targets and what fed it; only what is affected, if something is looked for."""
        asked = {"requirement": requirement, "dataset": dataset, "digest": digest}
        return self._connection.items(Fed, "lineage/serving", limit, **asked)

    def reproducibility(self, model: str, version: VersionKey) -> Recipe:
        """What is recorded, and what is missing, to make a version again."""
        return self._connection.get(Recipe, f"{_path(model, version)}/reproducibility")

    def state(self, event: Mapping[str, Any]) -> None:
        """State lineage with an OpenLineage event. To state the same again changes nothing."""
        self._connection.write("POST", "lineage", event)

    def unstate(self, event: Mapping[str, Any]) -> None:
        """Take back what an OpenLineage event stated. What versions say themselves stays."""
        self._connection.write("POST", "lineage/unstate", event)

    def to_openlineage(self, model: str, version: VersionKey) -> list[dict[str, Any]]:
        """What a version comes from as OpenLineage events."""
        events: list[dict[str, Any]] = self._connection.read(f"{_path(model, version)}/lineage/openlineage")
        return events

    def to_prov(self, model: str, version: VersionKey) -> dict[str, Any]:
        """What a version comes from as a W3C PROV-JSON document."""
        document: dict[str, Any] = self._connection.read(f"{_path(model, version)}/lineage/prov")
        return document

    def _walked(self, path: str, limit: int | None, **query: str | int | None) -> Lineage:
        """The pages of a walk as one. A node or an edge that a later page shows again is taken once."""
        nodes: dict[tuple[str, str], ReachedNode] = {}
        edges: dict[tuple[str, str, str, str], LineageEdge] = {}
        truncated: dict[str, None] = {}
        cursor: str | None = None
        while True:
            page = self._connection.read(path, **query, cursor=cursor)
            for node in (decode(ReachedNode, one) for one in page["items"]):
                nodes.setdefault((node.direction, node.id), node)
            for edge in (decode(LineageEdge, one) for one in page["edges"]):
                edges.setdefault((edge.node, edge.origin, edge.type, edge.source), edge)
            truncated |= dict.fromkeys(page["truncated"])
            cursor = page["next_cursor"]
            if cursor is None or (limit is not None and len(nodes) >= limit):
                start, more = decode(LineageNode, page["start"]), cursor is not None
                return Lineage(start, tuple(nodes.values()), tuple(edges.values()), tuple(truncated), more)


def _path(model: str, version: VersionKey) -> str:
    return paths.version(model, version)
