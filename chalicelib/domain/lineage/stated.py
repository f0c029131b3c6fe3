"""Links that somebody stated, as pipelines do with OpenLineage. Nothing else that is stored says the same."""

from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.domain import documents
from chalicelib.domain.errors import InvalidInputError, LimitExceededError
from chalicelib.domain.ledger.decision import NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.lineage.link import Link, LinkType, Source, Statement, distinct
from chalicelib.domain.lineage.node import Kind, Node

# Each new link takes a write of the transaction that saves it.
MAX_AT_ONCE: Final = 40
MAX_STATED: Final = 200
MAX_TEXT: Final = 2_048


@dataclass(frozen=True, slots=True)
class Origins(Record, kind="lineage"):
    """What was stated of ``node``: in its model's ledger if it is a version, else in that of the registry."""

    node: Node
    links: tuple[Link, ...]

    @property
    def identity(self) -> Identity:
        return (Origins, self.node.id)

    @property
    def statement(self) -> Statement:
        """The same as derived links are given."""
        return Statement(self.node, Source.STATED, self.links)


@dataclass(frozen=True, slots=True)
class Stated:
    """What somebody says that ``node`` comes from."""

    node: Node
    origins: tuple[tuple[LinkType, Node], ...]


def state_links(
    ledger_state: Any, present: Origins | None, node: Node, links: tuple[Link, ...], event_type: str
) -> Outcome[Origins]:
    """Add links to what was stated of ``node``. Those that are there stay as they are.

    Raises InvalidInputError for a text that is too long or empty, LimitExceededError for more than 40 new links at
    once, or more than 200 in all, BodyTooLargeError if all of them take more than 64 KiB as JSON.
    """
    check_text(node)
    kept = present or Origins(node, ())
    known = {link.key for link in kept.links}
    # A node is not what it comes from.
    added = tuple(one for one in distinct(links) if one.key not in known and one.origin.id != node.id)
    if not added:
        return NoChange(kept)
    for link in added:
        check_text(link.origin)
    if len(added) > MAX_AT_ONCE:
        raise LimitExceededError(
            f"This states {len(added)} new links of one node, and {MAX_AT_ONCE} can be stated at a time. "
            "State them in several calls."
        )
    if len(kept.links) + len(added) > MAX_STATED:
        raise LimitExceededError(
            f"At most {MAX_STATED} links of one node can be stated; there are {len(kept.links)}, and this has "
            f"{len(added)} more."
        )
    event = _event(event_type, node, before=None, after=added)
    saved = replace(kept, links=(*kept.links, *added))
    documents.check_size({"links": [link_document(link) for link in saved.links]}, f"lineage of a {node.kind.value}")
    return decided(saved, ledger_state, event, Put(saved))


def unstate_links(
    ledger_state: Any, present: Origins | None, node: Node, links: tuple[Link, ...], event_type: str
) -> Outcome[Origins]:
    """Take links back that were stated of ``node``. Those that are not there, or not any more, change nothing."""
    kept = present or Origins(node, ())
    named = {link.key for link in links}
    removed = tuple(link for link in kept.links if link.key in named)
    if not removed:
        return NoChange(kept)
    saved = replace(kept, links=tuple(link for link in kept.links if link.key not in named))
    event = _event(event_type, node, before=removed, after=None)
    return decided(saved, ledger_state, event, Put(saved) if saved.links else Remove(kept))


def _event(event_type: str, node: Node, before: tuple[Link, ...] | None, after: tuple[Link, ...] | None) -> EventDraft:
    def told(links: tuple[Link, ...] | None) -> dict[str, Any] | None:
        return None if links is None else {"node": node.document(), "links": [link_document(link) for link in links]}

    return EventDraft(
        event_type,
        told(before),
        told(after),
        version=node.number if node.kind is Kind.VERSION else None,
        subject=None if node.kind is Kind.VERSION else node.id,
    )


def link_document(link: Link) -> dict[str, Any]:
    """A link as events tell it."""
    told = {"type": link.type.value, "origin": link.origin.document()}
    return told | ({"relation": link.relation} if link.relation else {})


def check_text(node: Node) -> None:
    """Raise InvalidInputError unless the node's texts can be kept."""
    if not 1 <= len(node.name) <= MAX_TEXT or len(node.detail) > MAX_TEXT:
        raise InvalidInputError(f"The name of a {node.kind.value} must have 1 to {MAX_TEXT} characters.")
