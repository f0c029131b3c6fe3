"""What events tell of the revisions of a card, each of which is kept for good."""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.cards.card import Card
from chalicelib.domain.ledger.facts import NEW, Saved, facts_of, place
from chalicelib.domain.ledger.settlement import Settlement

KIND: Final = "card-revision"


def tell_card_revision(settlement: Settlement) -> Mapping[str, Saved]:
    """The revision that a change of the card makes."""
    cards = [one.after for one in settlement.of(Card) if one.after is not None]
    return {place(KIND, card.revision): {NEW: facts_of(card)} for card in cards}
