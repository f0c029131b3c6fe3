"""The history of an alias or a stage: every move, who made it and why; and where it pointed at a time."""

from dataclasses import dataclass
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.ledger import event_items
from chalicelib.aws.services import Services
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import events
from chalicelib.registry.models.existence import check_model
from chalicelib.registry.page import Page


def history(
    services: Services, model: str, pointer: str, limit: int, start: dict[str, str | int] | None
) -> Page[dict[str, Any]]:
    """Moves of ``alias:<name>`` or ``stage:<name>``, newest first. Raises ModelNotFoundError."""
    after = (
        None
        if start is None
        else keys.history(model, pointer, Instant(str(start["time"])), int(start["sequence"])).sort
    )
    stored, last = services.table.query(
        keys.partition(events.model_ledger(model)),
        keys.history_prefix(pointer),
        limit,
        after,
        newest_first=True,
    )
    if not stored and start is None:
        check_model(services, model)
    entries = tuple(event_items.event_from(item) for item in stored)
    if last is None or not entries:
        return Page(entries)
    return Page(entries, {"time": entries[-1]["time"], "sequence": entries[-1]["sequence"]})


@dataclass(frozen=True, slots=True)
class PointerAt:
    """Where a pointer pointed at a time. ``move`` is its last history entry up to then, None if there was none yet."""

    pointer: str
    time: Instant
    version: int | None
    move: dict[str, Any] | None


def as_of(services: Services, model: str, pointer: str, time: Instant) -> PointerAt:
    """Where ``alias:<name>`` or ``stage:<name>`` pointed at ``time``, in one query. Raises ModelNotFoundError.

    Moves made in that very millisecond count. A pointer that had not moved by then pointed nowhere; a second read
    then checks that the model exists.
    """
    at = pointed(services, model, pointer, time)
    if at.move is None:
        check_model(services, model)
    return at


def pointed(services: Services, model: str, pointer: str, time: Instant) -> PointerAt:
    """``as_of`` for a model that is known to exist."""
    stored, _ = services.table.query(
        keys.partition(events.model_ledger(model)),
        keys.history_prefix(pointer),
        1,
        newest_first=True,
        up_to=keys.history_through(pointer, time),
    )
    move = event_items.event_from(stored[0]) if stored else None
    return PointerAt(pointer, time, None if move is None else move["version"], move)
