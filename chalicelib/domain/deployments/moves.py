"""Which moves of stages and aliases an event tells of: those that let a version enter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.deployments.deployment import Cause
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.ledger.facts import NEW, unescaped
from chalicelib.domain.ledger.rebuilding import RECORDS
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.telling import KIND as HISTORY
from chalicelib.domain.versions.version import Version

_POINTERS: Final = ("stage:", "alias:")


@dataclass(frozen=True, slots=True)
class Move:
    """``pointer``, which is ``stage:<name>`` or ``alias:<name>``, was moved to ``version`` at ``made_at``.

    ``cause`` is the event. ``rolled_back``: the version had been there before.
    """

    pointer: str
    version: int
    cause: Cause
    reason: str | None
    rolled_back: bool
    made_at: Instant


def standing_moves(
    event: Mapping[str, Any], model: Model, version: Version, moved: Mapping[str, int]
) -> Iterator[Move]:
    """The stage and the aliases that held ``version`` before ``event``, which let it out of quarantine, as its moves.

    ``moved`` says of each pointer at which sequence of the ledger it was moved there. What was moved after the event
    has an event of its own, and that one deploys. Times would not tell: both may be of the same millisecond.
    """
    cause, at = Cause(event["id"], event["type"], event["sequence"]), Instant(event["time"])
    held = [f"alias:{alias}" for alias in model.aliases_of(version.number)]
    if model.holder(version.stage) == version.number:
        held.append(f"stage:{version.stage}")
    for pointer in held:
        if moved.get(pointer, 0) < cause.sequence:
            yield Move(pointer, version.number, cause, None, False, at)


def moves_of(event: Mapping[str, Any]) -> Iterator[Move]:
    """The moves of an event by which its version enters a stage, or an alias is pointed at it.

    A version that is moved out of the way, or that comes forward in a stage which another leaves, enters nothing.
    Events of early releases do not tell what they saved, so nothing is deployed when they are replayed.
    """
    if event["type"] not in event_types.MOVES:
        return
    cause = Cause(event["id"], event["type"], event["sequence"])
    rolled_back = event["trigger"] == Trigger.ROLLBACK.value
    for place, saved in event.get(RECORDS, {}).items():
        kind, _, rest = place.partition("/")
        pointer = unescaped(rest.rpartition("/")[0])
        if kind != HISTORY or saved is None or not pointer.startswith(_POINTERS):
            continue
        if event["version"] is not None and saved[NEW].get("version") == event["version"]:
            yield Move(pointer, event["version"], cause, event["reason"], rolled_back, Instant(event["time"]))
