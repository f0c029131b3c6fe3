"""Creating, changing and deleting schedules, firing them, and ending what a firing began."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.domain.access.holders import counted
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.errors import ScheduleExistsError, ScheduleNotFoundError, ScheduleRunningError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.schedules import schedule as schedules
from chalicelib.domain.schedules.schedule import MAX_SCHEDULES, Job, Schedule, public_document
from chalicelib.domain.schedules.timing import Timing, checked

KIND: Final = "SCHEDULE"


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """Fields to set; None leaves one as it is, or at its default on creation."""

    models: str | None = None
    timing: Timing | None = None
    payload: Mapping[str, str] | None = None
    older_than_days: int | None = None
    description: str | None = None
    enabled: bool | None = None


def create(
    registry: RegistryState,
    current: Schedule | None,
    name: str,
    job: Job,
    timing: Timing,
    given: ScheduleChange,
    stamp: Stamp,
) -> Decision[Schedule]:
    """Create a schedule. Without a pattern it is about all models.

    Raises ScheduleExistsError, LimitExceededError, InvalidInputError.
    """
    if current is not None:
        raise ScheduleExistsError(f"There is a schedule {name!r} already; change it, or choose another name.")
    blank = Schedule(
        name=name,
        job=job,
        models="*",
        timing=timing,
        created_at=stamp.time,
        created_by=stamp.actor,
        older_than_days=given.older_than_days,
    )
    schedule = _applied(blank, replace(given, timing=timing), stamp.time)
    event = EventDraft(event_types.SCHEDULE_CREATED, None, public_document(schedule), subject=name)
    after = counted(registry, KIND, 1, MAX_SCHEDULES, "schedules")
    return decided(schedule, after, event, Put(schedule), subject=name)


def update(registry: RegistryState, schedule: Schedule, given: ScheduleChange, stamp: Stamp) -> Outcome[Schedule]:
    """Change fields of a schedule. There is no change if all have the given values already.

    One that is enabled again makes up for nothing that passed meanwhile. Raises InvalidInputError.
    """
    # The same timing given again does not begin anew.
    same = given.timing is not None and replace(given.timing, since=schedule.timing.since) == schedule.timing
    changed = _applied(schedule, replace(given, timing=None) if same else given, stamp.time)
    if changed == schedule:
        return NoChange(schedule)
    before, after = public_document(schedule), public_document(changed)
    fields = [field for field in after if before[field] != after[field]]
    event = EventDraft(
        event_types.SCHEDULE_UPDATED,
        {field: before[field] for field in fields},
        {field: after[field] for field in fields},
        subject=schedule.name,
    )
    return decided(changed, registry, event, Put(changed))


def delete(registry: RegistryState, schedule: Schedule) -> Decision[None]:
    """Delete a schedule. A run that it began stops."""
    event = EventDraft(event_types.SCHEDULE_DELETED, public_document(schedule), None, subject=schedule.name)
    return decided(None, counted(registry, KIND, -1), event, Remove(schedule))


def fire(registry: RegistryState, schedule: Schedule, stamp: Stamp) -> Outcome[Schedule]:
    """Fire a schedule that is due, once for all times that have passed. Another keeper may have done so.

    One whose last firing is still going through the models waits until that has ended.
    """
    if schedule.running or schedule.next_at is None or schedule.next_at > stamp.time:
        return NoChange(schedule)
    missed = schedule.timing.missed(schedule.next_at, stamp.time)
    return _fired(registry, schedule, schedule.next_at, missed, stamp, Trigger.KEEPER)


def fire_now(registry: RegistryState, schedule: Schedule, stamp: Stamp) -> Decision[Schedule]:
    """Fire a schedule on request, enabled or not. Its next time stays. Raises ScheduleRunningError."""
    if schedule.running:
        raise ScheduleRunningError(
            f"Firing {schedule.firings} of the schedule {schedule.name!r} is still going through the models."
        )
    return _fired(registry, schedule, None, 0, stamp, Trigger.REQUEST)


def end_run(
    registry: RegistryState, schedule: Schedule | None, firing: int, outcome: schedules.Outcome
) -> Outcome[None]:
    """Say how a firing ended. Nothing is said of one that another keeper has ended, or whose schedule is gone."""
    if schedule is None or schedule.firings != firing or not schedule.running:
        return NoChange(None)
    ended = replace(schedule, running=False, outcome=outcome)
    before, after = (
        {field: shown[field] for field in ("running", "outcome")}
        for shown in (public_document(schedule), public_document(ended))
    )
    event = EventDraft(
        event_types.SCHEDULE_FINISHED,
        before,
        {**_about(ended), **after},
        subject=schedule.name,
        trigger=Trigger.KEEPER,
        reason=outcome.error or None,
    )
    return decided(None, registry, event, Put(ended))


def existing(name: str, found: Schedule | None) -> Schedule:
    """The schedule, unless there is none. Raises ScheduleNotFoundError."""
    if found is None:
        raise ScheduleNotFoundError(f"There is no schedule {name!r}.")
    return found


def _fired(
    registry: RegistryState, schedule: Schedule, due_at: Instant | None, missed: int, stamp: Stamp, trigger: Trigger
) -> Decision[Schedule]:
    """``due_at`` is the time that the firing is for; None if somebody asked for it."""
    fired = replace(
        schedule,
        firings=schedule.firings + 1,
        fired_at=stamp.time,
        missed=missed,
        running=schedule.job.of_models,
        next_at=schedule.next_at if due_at is None else schedule.timing.next_after(stamp.time),
    )
    event = EventDraft(
        event_types.SCHEDULE_FIRED,
        {"firings": schedule.firings, "next_at": schedule.next_at},
        {
            **_about(fired),
            "payload": dict(fired.payload),
            "due_at": due_at,
            "missed": missed,
            "next_at": fired.next_at,
        },
        subject=schedule.name,
        trigger=trigger,
    )
    return decided(fired, registry, event, Put(fired), subject=schedule.name)


def _about(schedule: Schedule) -> dict[str, Any]:
    return {
        "name": schedule.name,
        "job": schedule.job.value,
        "models": schedule.models,
        "firings": schedule.firings,
    }


def _applied(schedule: Schedule, given: ScheduleChange, now: Instant) -> Schedule:
    enabled = schedule.enabled if given.enabled is None else given.enabled
    timing = schedule.timing if given.timing is None else checked(given.timing, now)
    next_at = schedule.next_at if enabled else None
    if enabled and (given.timing is not None or not schedule.enabled):
        next_at = timing.next_after(now)
        if next_at is None:
            raise schedules.invalid("/when", "has no time that lies ahead; give another")
    return replace(
        schedule,
        models=schedule.models if given.models is None else given.models,
        timing=timing,
        payload=schedule.payload if given.payload is None else dict(given.payload),
        older_than_days=schedule.older_than_days if given.older_than_days is None else given.older_than_days,
        description=schedule.description if given.description is None else given.description,
        enabled=enabled,
        next_at=next_at,
    )
