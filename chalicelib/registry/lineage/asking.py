"""Questions about lineage: what in production descends from a dataset, and what fed what runs now.

Both start from the few versions that are in use and walk up, not from a dataset, of which everything may have come. So
an answer is complete however much there is. A page looks at so many versions that it takes at most some hundred reads.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from chalicelib.aws import keys
from chalicelib.aws.lineage.reads import LinkReader
from chalicelib.aws.services import Services
from chalicelib.domain import names
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.deployments.recall import Recall
from chalicelib.domain.lineage.link import Source
from chalicelib.domain.lineage.node import DatasetAsked, Kind, Node, may_see, version_node
from chalicelib.domain.lineage.walk import (
    MAX_DEPTH,
    PAGE,
    Direction,
    Neighbours,
    Waiting,
    WalkPage,
    follow,
    starting,
)
from chalicelib.domain.search.syntax import Comparator, Condition, Field, SearchQuery
from chalicelib.domain.versions.version import Version
from chalicelib.registry.deployments.recalling import Running, list_running, versions_by_number
from chalicelib.registry.lineage.walking import MayRead, foreseeing
from chalicelib.registry.models.listing import list_models
from chalicelib.registry.page import Page
from chalicelib.registry.search.search import search_versions

T = TypeVar("T")
# Reads so many things from where an earlier page ended, and says where the next one begins.
Pages: TypeAlias = Callable[[int, dict[str, Any] | None], tuple[Sequence[T], dict[str, Any] | None]]

# A page ends after so many queries for links.
_MAX_QUERIES: Final = 200
# Versions that are looked at before the queries are counted again.
_TOGETHER: Final = 10


@dataclass(frozen=True, slots=True)
class Descendant:
    """A version that descends from a dataset. ``path`` leads from it to the dataset."""

    version: Version
    path: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fed:
    """Something that runs, and what fed it. ``found`` is what of it, or of its origins, was looked for.

    ``truncated``: it has more origins than were followed.
    """

    running: Running
    origins: tuple[Node, ...]
    truncated: bool
    found: tuple[str, ...]


def descendants(
    services: Services,
    dataset: DatasetAsked,
    among: Pages[Version],
    limit: int,
    start: dict[str, Any] | None,
) -> Page[Descendant]:
    """The versions among those ``in_stage`` or ``at_alias`` that descend from a dataset.

    ``limit`` counts the versions that are looked at, so a page may be empty while there is more. The way may lead
    through versions that the caller may not read. A version with more than a hundred origins is looked at no further.
    """
    read = _Origins(services, lambda _: True)

    def look(found: Sequence[Version]) -> list[Descendant]:
        paths = [(version, read.path_to(_node_of(version), dataset.is_at)) for version in found]
        return [Descendant(version, path) for version, path in paths if path]

    return _in_turn(among, look, read, limit, start)


def in_stage(services: Services, stage: str, may_read: MayRead) -> Pages[Version]:
    """The versions that stand in a stage, of the models that the caller may read."""
    query = SearchQuery(Condition(Field("stage"), Comparator.EQUAL, stage))

    def pages(size: int, at: dict[str, Any] | None) -> tuple[Sequence[Version], dict[str, Any] | None]:
        page = search_versions(services, query, size, at, may_read)
        return page.items, page.next_start

    return pages


def at_alias(services: Services, alias: str, principal: Principal) -> Pages[Version]:
    """The versions at which an alias points, of the models that the caller may read, by the models' names.

    Raises InvalidNameError.
    """
    names.any_alias(alias)

    def pages(size: int, at: dict[str, Any] | None) -> tuple[Sequence[Version], dict[str, Any] | None]:
        models = list_models(services, principal, "", "name", size, at)
        aliases = services.table.load_all([keys.alias(model.name, alias) for model in models.items])
        pointed = {(keys.model_of(key), int(item["number"])) for key, item in aliases.items()}
        found = versions_by_number(services, pointed)
        return [found[one] for one in sorted(found)], models.next_start

    return pages


def serving(
    services: Services, asked: Recall | None, may_read: MayRead, limit: int, start: dict[str, Any] | None
) -> Page[Fed]:
    """Everything that runs now with what fed it, of the models that the caller may read; by target, then by model.

    With ``asked``, only what is affected, by itself or by what it descends from. ``limit`` counts the models on targets
    that are looked at. What lies behind a version that the caller may not read is not looked at.
    """
    read = _Origins(services, may_read)

    def pages(size: int, at: dict[str, Any] | None) -> tuple[Sequence[Running], dict[str, Any] | None]:
        page = list_running(services, may_read, size, at)
        return page.items, page.next_start

    def look(found: Sequence[Running]) -> list[Fed]:
        walks = [read.walk(version_node(one.model, one.version), lambda node: may_see(node, may_read)) for one in found]
        affected = [
            _fed(one, walk, _found(services, asked, one, walk, may_read))
            for one, walk in zip(found, walks, strict=True)
        ]
        return [one for one in affected if asked is None or one.found]

    return _in_turn(pages, look, read, limit, start)


class _Origins:
    """Walks up along the links by which something of an origin is in what comes of it.

    ``may_read`` will be asked about what is found.
    """

    def __init__(self, services: Services, may_read: MayRead) -> None:
        self._services = services
        self._may_read = may_read
        self._reader = LinkReader(services.table)

    @property
    def spent(self) -> bool:
        """Whether a page has read enough."""
        return self._reader.queries >= _MAX_QUERIES

    def walk(self, node: Node, passes: Callable[[Node], bool]) -> WalkPage:
        return follow(starting(node, [Direction.UP]), self._read, passes, MAX_DEPTH, PAGE)

    def path_to(self, node: Node, wanted: Callable[[Node], bool]) -> tuple[Node, ...]:
        """The shortest way to a node that is wanted, both ends among it; nothing if there is none."""
        found = {reached.node.id: reached for reached in self.walk(node, lambda _: True).nodes}
        at = next((reached for reached in found.values() if wanted(reached.node)), None)
        path: list[Node] = []
        while at is not None:
            path.append(at.node)
            at = found.get(at.found_at)
        return (node, *reversed(path)) if path else ()

    def _read(self, waiting: Sequence[Waiting]) -> Sequence[Neighbours]:
        found = [
            Neighbours(tuple(edge for edge in one.edges if edge.link.type.passes_on), one.more)
            for one in self._reader(waiting)
        ]
        return foreseeing(self._services, self._may_read, found)


def _in_turn(
    pages: Pages[T],
    look: Callable[[Sequence[T]], Sequence[Any]],
    read: _Origins,
    limit: int,
    start: dict[str, Any] | None,
) -> Page[Any]:
    """Look at a few at a time, until ``limit`` are looked at, enough is read, or there are no more."""
    items: list[Any] = []
    for first in range(0, limit, _TOGETHER):
        found, start = pages(min(_TOGETHER, limit - first), start)
        items += look(found)
        if start is None or read.spent:
            break
    return Page(tuple(items), start)


def _fed(running: Running, walk: WalkPage, found: tuple[str, ...]) -> Fed:
    origins = tuple(reached.node for reached in walk.nodes)
    return Fed(running, origins, bool(walk.truncated or walk.waiting), found)


def _found(
    services: Services, asked: Recall | None, running: Running, walk: WalkPage, may_read: MayRead
) -> tuple[str, ...]:
    """What of the version or of its origins is looked for, in words."""
    if asked is None:
        return ()
    own = (running.model, running.version)
    named = [own, *((one.node.name, one.node.number) for one in walk.nodes if one.node.kind is Kind.VERSION)]
    versions = versions_by_number(services, {one for one in named if may_read(one[0])})
    recorded = (
        found if one == own else f"{found} of {one[0]}/{one[1]}"
        for one in named
        if one in versions
        for found in asked.found_in(versions[one])
    )
    return tuple(dict.fromkeys((*recorded, *_stated(asked, version_node(*own), walk))))


def _stated(asked: Recall, own: Node, walk: WalkPage) -> Iterator[str]:
    """The datasets that are looked for and were stated, of which versions themselves say nothing."""
    wanted = [DatasetAsked(name=asked.dataset)] if asked.dataset else []
    wanted += [DatasetAsked(digest=asked.digest)] if asked.digest else []
    for edge in walk.edges:
        node, origin = edge.node, edge.link.origin
        if edge.source is Source.STATED and any(one.is_at(origin) for one in wanted):
            of = f"{node.name}/{node.number}" if node.kind is Kind.VERSION else f"the {node.kind.value} {node.name}"
            yield f"dataset {origin.name}" if node == own else f"dataset {origin.name} of {of}"


def _node_of(version: Version) -> Node:
    return version_node(version.model, version.number)
