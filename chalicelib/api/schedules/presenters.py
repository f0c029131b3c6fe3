"""Schedules as JSON documents."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.schedules.schedule import public_document

if TYPE_CHECKING:
    from chalicelib.domain.instants import Instant
    from chalicelib.domain.schedules.schedule import Schedule

_UPCOMING: Final = 5


def schedule_document(schedule: Schedule) -> dict[str, Any]:
    return public_document(schedule)


def upcoming_schedule_document(schedule: Schedule) -> dict[str, Any]:
    return {**schedule_document(schedule), "upcoming": _upcoming(schedule)}


def _upcoming(schedule: Schedule) -> list[Instant]:
    """The next times. The first may have passed already, if the keeper has not run since."""
    if schedule.next_at is None:
        return []
    return [schedule.next_at, *islice(schedule.timing.after(schedule.next_at), _UPCOMING - 1)]
