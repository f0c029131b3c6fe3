"""Writing a model's card: each change makes the next revision."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from chalicelib.domain.cards.card import SECTIONS, Card, Fields, check_card, checked_fields, checked_sections, in_event
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.models.model import Model

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class CardChange:
    """Sections and fields to replace; None or an empty value takes one out. ``whole``: whatever is not named goes."""

    sections: Mapping[str, str | None]
    fields: Fields
    whole: bool = False


def update(model: Model, card: Card, given: CardChange, stamp: Stamp) -> Outcome[Card]:
    """Make the next revision of the card. Nothing happens when all stands as asked already."""
    kept_sections = {} if given.whole else card.sections
    kept_fields = {} if given.whole else card.fields
    sections = checked_sections({**kept_sections, **given.sections})
    fields = checked_fields({**kept_fields, **given.fields})
    # In the order of Mitchell et al., whatever the order of the request.
    ordered = {name: sections[name] for name in SECTIONS if name in sections}
    changed_sections = _changed(card.sections, ordered)
    changed_fields = _changed(card.fields, fields)
    if not changed_sections and not changed_fields:
        return NoChange(card)
    written = check_card(
        Card(
            revision=card.revision + 1,
            sections=ordered,
            fields=fields,
            updated_at=stamp.time,
            updated_by=stamp.actor,
            changed=(
                *(f"sections/{name}" for name in changed_sections),
                *(f"fields/{name}" for name in changed_fields),
            ),
        )
    )
    return decided(
        written,
        model,
        EventDraft(
            event_types.CARD_UPDATED,
            _touched(card, changed_sections, changed_fields),
            {
                **_touched(written, changed_sections, changed_fields),
                "revision": written.revision,
                "digest": written.digest,
            },
        ),
        Put(written),
    )


def clear_inherited(decision: Decision[R], inherited: Card | None, stamp: Stamp) -> Decision[R]:
    """The creation of a model, with the card of a deleted model of the same name emptied: it is not inherited."""
    if inherited is None or not (inherited.sections or inherited.fields):
        return decision
    return decision.with_changes(Put(inherited.cleared(stamp.time, stamp.actor)))


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _touched(card: Card, sections: list[str], fields: list[str]) -> dict[str, Any]:
    return {
        "sections": {name: in_event(card.sections.get(name, "")) for name in sections},
        "fields": {name: in_event(card.fields.get(name)) for name in fields},
    }
