"""Firing schedules: the keeper when they are due, or a caller on request."""

from chalicelib.aws import keys
from chalicelib.aws.correlation import correlated
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.schedules import decisions
from chalicelib.domain.schedules.schedule import Schedule, principal_of
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.schedules.saving import loaded_schedule
from chalicelib.registry.schedules.schedules import get_schedule


def fire_due(services: Services, schedule: Schedule, request_id: str) -> bool:
    """Fire a schedule that was found due, unless another keeper has; whether this fired it.

    It fires once, however many of its times have passed. What follows from it has a correlation id of its own, because
    one invocation of the keeper fires many schedules.
    """

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        current = snapshot.get(Schedule, schedule.name)
        if current is None:
            return NoChange(False)
        outcome = decisions.fire(loaded_state(snapshot), current, stamp)
        return outcome.replaced(isinstance(outcome, Decision))

    request = Request(Principal(principal_of(schedule.name), ()), request_id)
    with correlated(f"{request_id}/{schedule.name}"):
        return change_registry(services, request, decide, lambda _: True, [keys.schedule(schedule.name)]).result


def fire_now(services: Services, request: Request, name: str) -> Changed[Schedule]:
    """Fire a schedule on request, enabled or not. The keeper goes through the models at its next run.

    Raises ScheduleNotFoundError, ScheduleRunningError, PreconditionFailedError.
    """

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Schedule]:
        return decisions.fire_now(loaded_state(snapshot), loaded_schedule(snapshot, name, request), stamp)

    return change_registry(services, request, decide, lambda _: get_schedule(services, name), [keys.schedule(name)])
