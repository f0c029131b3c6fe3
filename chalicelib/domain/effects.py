"""The effects of changes on a model, registered by their capabilities, in the order in which they are computed."""

from typing import Final

from chalicelib.domain.ledger.settlement import Effect
from chalicelib.domain.models.effects import revise_described
from chalicelib.domain.versions.effects import count_versions, move_displaced, show_aliases

MODEL_EFFECTS: Final[tuple[Effect, ...]] = (move_displaced, show_aliases, count_versions, revise_described)
