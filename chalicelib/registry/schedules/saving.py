"""Schedules: create, change, delete."""

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.schedules import decisions
from chalicelib.domain.schedules.decisions import ScheduleChange
from chalicelib.domain.schedules.schedule import Job, Schedule
from chalicelib.domain.schedules.timing import Timing
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.schedules.schedules import get_schedule


def create_schedule(
    services: Services, request: Request, name: str, job: Job, timing: Timing, given: ScheduleChange
) -> Changed[Schedule]:
    """Create a schedule. Raises ScheduleExistsError, LimitExceededError, InvalidNameError, InvalidInputError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Schedule]:
        current = snapshot.get(Schedule, name)
        return decisions.create(loaded_state(snapshot), current, name, job, timing, given, stamp)

    return change_registry(services, request, decide, lambda _: get_schedule(services, name), [keys.schedule(name)])


def update_schedule(services: Services, request: Request, name: str, given: ScheduleChange) -> Changed[Schedule]:
    """Change fields of a schedule. Raises ScheduleNotFoundError, PreconditionFailedError, InvalidInputError."""

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Schedule]:
        schedule = loaded_schedule(snapshot, name, request)
        return decisions.update(loaded_state(snapshot), schedule, given, stamp)

    return change_registry(services, request, decide, lambda _: get_schedule(services, name), [keys.schedule(name)])


def delete_schedule(services: Services, request: Request, name: str) -> Changed[None]:
    """Delete a schedule. Raises ScheduleNotFoundError, PreconditionFailedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        return decisions.delete(loaded_state(snapshot), loaded_schedule(snapshot, name, request))

    return change_registry(services, request, decide, lambda _: None, [keys.schedule(name)])


def loaded_schedule(snapshot: Snapshot, name: str, request: Request) -> Schedule:
    """The schedule as it was read, if it is the one that the request means.

    Raises ScheduleNotFoundError, PreconditionFailedError.
    """
    schedule = decisions.existing(name, snapshot.get(Schedule, name))
    request.check_match(schedule.revision)
    return schedule
