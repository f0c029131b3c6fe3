"""What events of earlier releases say of cards and comments."""

from collections.abc import Iterator
from typing import Final

from chalicelib.domain.cards.card import Card
from chalicelib.domain.cards.comment import Comment
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import Facts, escaped, place
from chalicelib.domain.ledger.rebuilding import UNKNOWN, Event, Read, Readings, Rebuilt

_CARD: Final = place(Card.kind)


def section_field(name: str) -> str:
    """The field of a card that has a section."""
    return f"sections/{escaped(name)}"


def _card(event: Event, _: Rebuilt) -> Iterator[Read]:
    after = event["after"] or {}
    facts: Facts = {section_field(name): text for name, text in after.get("sections", {}).items()}
    facts |= {f"fields/{escaped(name)}": value for name, value in after.get("fields", {}).items()}
    if "revision" in after:
        facts["revision"] = after["revision"]
    yield _CARD, facts | {"updated_at": event["time"], "updated_by": event["actor"]}


def _model_created(event: Event, _: Rebuilt) -> Iterator[Read]:
    """A new model of a deleted one's name does not inherit the card."""
    if event["sequence"] > 1:
        unknown = dict.fromkeys(("revision", "updated_at", "updated_by"), UNKNOWN)
        yield _CARD, {"sections/": None, "fields/": None, **unknown}


def _commented(event: Event, _: Rebuilt) -> Iterator[Read]:
    facts = {"id": event["subject"], "text": event["after"]["text"]}
    if event["type"] == event_types.COMMENT_CREATED:
        facts |= {"author": event["actor"], "created_at": event["time"]}
    yield place(Comment.kind, event["subject"]), facts


def _uncommented(event: Event, _: Rebuilt) -> Iterator[Read]:
    facts = {"text": None, "deleted_at": event["time"], "deleted_by": event["actor"]}
    yield place(Comment.kind, event["subject"]), facts


READINGS: Final[Readings] = {
    event_types.CARD_UPDATED: _card,
    event_types.MODEL_CREATED: _model_created,
    event_types.COMMENT_CREATED: _commented,
    event_types.COMMENT_UPDATED: _commented,
    event_types.COMMENT_DELETED: _uncommented,
}
