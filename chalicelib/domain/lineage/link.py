"""Links of lineage: what a node comes from, why, and who says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.instants import Instant
from chalicelib.domain.lineage.node import Node


class LinkType(StrEnum):
    """How a node comes from its origin. Each reads as a sentence: a version was ``trained_on`` a dataset."""

    TRAINED_ON = "trained_on"
    MADE_BY = "made_by"
    BUILT_FROM = "built_from"
    BASED_ON = "based_on"
    COPY_OF = "copy_of"
    RUNS_IN = "runs_in"
    NEEDS = "needs"
    EVALUATED_ON = "evaluated_on"
    SERVES = "serves"
    USED = "used"
    PART_OF = "part_of"

    @property
    def passes_on(self) -> bool:
        """Whether something of the origin is in what comes of it. What a version was measured on is not in it."""
        return self is not LinkType.EVALUATED_ON


class Source(StrEnum):
    """Who says that there is a link. The links of a node from one source are kept together."""

    REGISTERED = "registered"
    EVALUATED = "evaluated"
    SERVED = "served"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to ``origin``. ``relation`` says more of one to a base model, such as ``finetune``."""

    type: LinkType
    origin: Node
    since: Instant
    relation: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells the links of a node apart: there is one of a type to an origin."""
        return self.type.value, self.origin.id


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says that ``node`` comes from: its links, of which no two have the same key.

    ``listed``: the node is found from the origins of so many of them, counted from the first. None: from all.
    """

    node: Node
    source: Source
    links: tuple[Link, ...]
    listed: int | None = None

    @property
    def listed_links(self) -> tuple[Link, ...]:
        """Those links from whose origins the node is found."""
        return self.links[: self.listed]


def distinct(links: Iterable[Link]) -> tuple[Link, ...]:
    """The links, of those with the same key only the first."""
    by_key: dict[tuple[str, str], Link] = {}
    for link in links:
        by_key.setdefault(link.key, link)
    return tuple(by_key.values())
