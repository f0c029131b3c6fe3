"""Cards out of a snapshot."""

from chalicelib.domain.cards.card import Card
from chalicelib.registry.ledger.snapshot import Snapshot


def loaded_card(snapshot: Snapshot) -> Card:
    """The present revision of the model's card; the empty one if nobody has written any."""
    return snapshot.get(Card) or Card()
