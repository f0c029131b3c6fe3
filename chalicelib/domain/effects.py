"""The effects of changes on a model, registered by their capabilities, in the order in which they are computed.

``MODEL_TELLS`` say what an event tells beyond the records that are saved.
"""

from typing import Final

from chalicelib.domain.aliases.telling import tell_aliases
from chalicelib.domain.cards.telling import tell_card_revision
from chalicelib.domain.deployments.effects import note_deployed
from chalicelib.domain.evidence.telling import tell_recorded
from chalicelib.domain.ledger.facts import Tell
from chalicelib.domain.ledger.settlement import Effect
from chalicelib.domain.models.effects import revise_described
from chalicelib.domain.models.telling import tell_history
from chalicelib.domain.monitoring.effects import note_health
from chalicelib.domain.versions.effects import count_versions, move_displaced, show_aliases
from chalicelib.domain.versions.telling import tell_unread

MODEL_EFFECTS: Final[tuple[Effect, ...]] = (
    move_displaced,
    show_aliases,
    count_versions,
    revise_described,
    note_deployed,
    note_health,
)
MODEL_TELLS: Final[tuple[Tell, ...]] = (tell_unread, tell_aliases, tell_history, tell_card_revision, tell_recorded)
