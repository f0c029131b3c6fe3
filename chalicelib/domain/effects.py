"""The effects of changes on a model, registered by their capabilities, in the order in which they are computed.

``MODEL_TELLS`` say what an event tells beyond the records that are saved. What few changes bring about comes late.
"""

from typing import Final

from chalicelib.domain.aliases.telling import tell_aliases
from chalicelib.domain.ledger.facts import Tell
from chalicelib.domain.ledger.late import Late, late
from chalicelib.domain.ledger.settlement import Effect
from chalicelib.domain.models.effects import revise_described
from chalicelib.domain.models.telling import tell_history
from chalicelib.domain.versions.effects import count_versions, move_displaced, show_aliases
from chalicelib.domain.versions.telling import tell_unread

MODEL_EFFECTS: Final[tuple[Effect | Late, ...]] = (
    move_displaced,
    show_aliases,
    count_versions,
    revise_described,
    late("chalicelib.domain.deployments.effects", "note_deployed", "place"),
    late("chalicelib.domain.monitoring.effects", "note_health", "monitor"),
)
MODEL_TELLS: Final[tuple[Tell | Late, ...]] = (
    tell_unread,
    tell_aliases,
    tell_history,
    late("chalicelib.domain.cards.telling", "tell_card_revision", "card"),
    late("chalicelib.domain.evidence.telling", "tell_recorded", "evaluations"),
)
