"""Model cards: read, write, list the revisions, and the sheet that shows a card among what the registry knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.cards import items as card_items
from chalicelib.aws.keys import CARD_PREFIX
from chalicelib.aws.services import Services
from chalicelib.aws.versions import items as version_items
from chalicelib.domain.cards import decisions
from chalicelib.domain.cards.card import Card
from chalicelib.domain.cards.decisions import CardChange
from chalicelib.domain.errors import CardRevisionNotFoundError
from chalicelib.domain.ledger import events
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.versions.version import Version
from chalicelib.registry.cards.loaded import loaded_card
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model, loaded_profile, model_keys, snapshot_of
from chalicelib.registry.models.models import model_head
from chalicelib.registry.page import Page

_SHOWN_STAGES: Final = 10


@dataclass(frozen=True, slots=True)
class CardSheet:
    """A card with what the registry knows of its model: the profile and the version in each stage."""

    card: Card
    model: Model
    profile: Profile
    holders: Mapping[str, Version]


def get_card(services: Services, model: str, revision: int | None = None) -> Card:
    """The present card, or one of its revisions, in one read. Raises ModelNotFoundError, CardRevisionNotFoundError."""
    return _read(services, model, revision, profile=False)[1]


def card_sheet(services: Services, model: str, revision: int | None = None) -> CardSheet:
    """The card and the facts beside it. Costs a second read where a stage is held: the head says by whom."""
    snapshot, card = _read(services, model, revision, profile=True)
    head = loaded_model(snapshot, model)
    held = {stage: pointer.version for stage, pointer in head.stages.items() if pointer.version is not None}
    shown = dict(sorted(held.items())[:_SHOWN_STAGES])
    found = services.table.load([keys.version(model, number) for number in set(shown.values())]) if shown else {}
    versions = {key: version_items.version_from(stored) for key, stored in found.items()}
    holders = {stage: versions.get(keys.version(model, number)) for stage, number in shown.items()}
    # A version that was deleted between the two reads holds nothing any more.
    present = {stage: version for stage, version in holders.items() if version is not None}
    return CardSheet(card, head, loaded_profile(snapshot), present)


def list_revisions(services: Services, model: str, limit: int, start: dict[str, str | int] | None) -> Page[Card]:
    """Revisions of the card, newest first. Raises ModelNotFoundError."""
    after = None if start is None else keys.card_revision(model, int(start["revision"])).sort
    stored, last = services.table.query(
        keys.partition(events.model_ledger(model)), CARD_PREFIX, limit, after, newest_first=True
    )
    if not stored and start is None:
        model_head(services, model)
    cards = tuple(card_items.card_from(item) for item in stored)
    return Page(cards, {"revision": cards[-1].revision} if last is not None and cards else None)


def update_card(services: Services, request: Request, model: str, given: CardChange) -> Changed[Card]:
    """Make the next revision. Raises ModelNotFoundError, PreconditionFailedError, InvalidInputError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Card]:
        current, card = loaded_model(snapshot, model), loaded_card(snapshot)
        request.check_match(card.revision)
        return decisions.update(current, card, given, stamp)

    asked = [*model_keys(model), keys.card(model)]
    return change_model(services, request, model, decide, lambda _: get_card(services, model), asked)


def _read(services: Services, model: str, revision: int | None, profile: bool) -> tuple[Snapshot, Card]:
    asked = [*model_keys(model, profile=profile), keys.card(model)]
    old = None if revision is None else keys.card_revision(model, revision)
    found = services.table.load(asked if old is None else [*asked, old])
    snapshot = snapshot_of(model, asked, found)
    loaded_model(snapshot, model)
    if old is None:
        return snapshot, loaded_card(snapshot)
    if old not in found:
        raise CardRevisionNotFoundError(
            f"The card of {model!r} has no revision {revision}; its last is {loaded_card(snapshot).revision}."
        )
    return snapshot, card_items.card_from(found[old])
