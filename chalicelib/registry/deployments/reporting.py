"""Reports of deployers: how a deployment stands. And giving up those that nobody reports on."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.aws import keys
from chalicelib.aws.deployments import progress as progresses
from chalicelib.aws.deployments.progress import Progress
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.deployments import reporting as decisions
from chalicelib.domain.deployments.deployment import Deployment, Status
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.deployments.reporting import Report, existing
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.registry.deployments.deployments import get_deployment
from chalicelib.registry.deployments.reporters import check_reporter, target_in
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model


def report(services: Services, request: Request, model: str, number: int, given: Report) -> Changed[Deployment]:
    """Take the report of a deployer who may deploy the model or is a reporter of the target.

    Raises PermissionDeniedError, DeploymentNotFoundError, DeploymentClosedError, PreconditionFailedError. Costs a
    second read: the target is known only from the deployment.
    """

    def check(snapshot: Snapshot, found: Deployment | None) -> None:
        check_reporter(request.principal, model, None if found is None else target_in(snapshot, found.target))

    reported = _report(services, request, model, number, given, check, Trigger.REQUEST)
    if given.status is Status.IN_PROGRESS and (given.detail or given.links):
        # That it goes on is no change of what is known of it, and has no event. People want to see it.
        _note(services, model, number, reported.result.attempt, given)
    return reported


def report_of_registry(
    services: Services, request: Request, model: str, number: int, given: Report
) -> Changed[Deployment]:
    """As ``report``, of a driver of the registry's own."""
    return _report(services, request, model, number, given, lambda *_: None, Trigger.RULE)


def give_up(services: Services, request: Request, model: str, target: str) -> bool:
    """End the active deployment of a place as failed if its time is over; answers whether it was."""

    def more(snapshot: Snapshot) -> list[Key]:
        place = snapshot.get(Place, target)
        return [] if place is None or not place.active else [keys.deployment(model, place.active)]

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        place = snapshot.get(Place, target)
        if place is None or not place.active:
            return NoChange(False)
        deployment = existing(model, place.active, snapshot.get(Deployment, place.active))
        outcome = decisions.give_up(loaded_model(snapshot, model), place, deployment, stamp)
        return outcome.replaced(not isinstance(outcome, NoChange))

    asked = [keys.place(model, target)]
    return change_model(services, request, model, decide, lambda _: False, asked, more).result


def _note(services: Services, model: str, number: int, attempt: int, given: Report) -> None:
    """Keep what a report says of an attempt that goes on, beside what the steps of a driver remember.

    If something newer is saved meanwhile, that is shown.
    """
    before = progresses.load(services.table, model, number)
    kept = before if before is not None and before.attempt == attempt else Progress(attempt)
    progresses.save(
        services.table, model, number, replace(kept, detail=given.detail or "", links=given.links or {}), before
    )


def _report(
    services: Services,
    request: Request,
    model: str,
    number: int,
    given: Report,
    check: Callable[[Snapshot, Deployment | None], None],
    trigger: Trigger,
) -> Changed[Deployment]:
    def more(snapshot: Snapshot) -> list[Key]:
        found = snapshot.get(Deployment, number)
        if found is None:
            return []
        replaced = [keys.deployment(model, found.rolls_back)] if found.rolls_back else []
        return [keys.place(model, found.target), keys.target(found.target), *replaced]

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Deployment]:
        found = snapshot.get(Deployment, number)
        check(snapshot, found)
        deployment = existing(model, number, found)
        request.check_match(deployment.revision)
        place = snapshot.get(Place, deployment.target)
        replaced = snapshot.get(Deployment, deployment.rolls_back) if deployment.rolls_back else None
        return decisions.report(loaded_model(snapshot, model), place, deployment, replaced, given, stamp, trigger)

    def recall(_: str) -> Deployment:
        return get_deployment(services, model, number)

    return change_model(services, request, model, decide, recall, [keys.deployment(model, number)], more)
