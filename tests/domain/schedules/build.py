"""Schedules as they are created and fired in memory."""

from datetime import timedelta
from typing import Any

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.schedules import decisions
from chalicelib.domain.schedules.decisions import ScheduleChange
from chalicelib.domain.schedules.schedule import Job, Schedule
from chalicelib.domain.schedules.timing import Timing

NOON = Instant("2026-11-23T12:00:00.000Z")
REGISTRY = RegistryState()
HOURLY = Timing(every_minutes=60)


def stamp(minutes: float = 0) -> Stamp:
    """A stamp so many minutes after noon."""
    return Stamp("token:ada", "request-1", "0" * 32, at(minutes), 1)


def at(minutes: float) -> Instant:
    return later(NOON, timedelta(minutes=minutes))


def schedule(timing: Timing = HOURLY, job: Job = Job.EVENT, name: str = "retrain", **given: Any) -> Schedule:
    """A schedule that was created at noon."""
    return decisions.create(REGISTRY, None, name, job, timing, ScheduleChange(**given), stamp()).result
