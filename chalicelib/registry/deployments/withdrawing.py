"""Taking models off targets."""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.deployments import heartbeats
from chalicelib.aws.services import Services
from chalicelib.domain.deployments import withdrawing as decisions
from chalicelib.domain.deployments.deployment import Deployment
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.deployments.reporting import existing
from chalicelib.domain.errors import DeploymentNotFoundError
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.registry.deployments.loading import deployments_at, named, place_keys
from chalicelib.registry.deployments.opening import DEPLOYER
from chalicelib.registry.deployments.places import models_on
from chalicelib.registry.deployments.reporters import target_in
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model


def withdraw(services: Services, request: Request, model: str, target: str) -> Changed[None]:
    """Take a model off a target: nothing is deployed there any more until the next move.

    Nothing changes on the target itself. Raises ModelNotFoundError, DeploymentNotFoundError.
    """

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[None]:
        loaded_model(snapshot, model)
        place = snapshot.get(Place, target)
        if place is None:
            raise DeploymentNotFoundError(f"The model {model!r} has no deployment on a target {target!r}.")
        request.check_match(place.revision)
        return _withdrawn(snapshot, model, place, None, Trigger.REQUEST, stamp)

    asked = place_keys(model, target)
    done = change_model(services, request, model, decide, lambda _: None, asked, deployments_at(model, target))
    heartbeats.forget(services.table, model, target)
    return done


def withdraw_all(services: Services, event: Mapping[str, Any]) -> int:
    """Let every model go from a target that was deleted; answers how many there were.

    A target that was made anew since keeps its models.
    """
    target = event["subject"]
    if services.table.get(keys.target(target)) is not None:
        return 0
    return sum(_let_go(services, event["id"], model, target) for model in models_on(services, target))


def withdraw_if_deleted(services: Services, event: Mapping[str, Any]) -> bool:
    """Let a model go from the target of a deployment that was opened, if the target was deleted at the same time.

    ``withdraw_all`` may have looked before that deployment was there. Answers whether the model was let go.
    """
    target = event["after"]["target"]
    if services.table.get(keys.target(target)) is not None:
        return False
    return _let_go(services, event["id"], event["model"], target)


def _let_go(services: Services, event_id: str, model: str, target: str) -> bool:
    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        place = snapshot.get(Place, target)
        if place is None or target_in(snapshot, target) is not None:
            return NoChange(False)
        reason = f"the target {target} was deleted"
        return _withdrawn(snapshot, model, place, reason, Trigger.RULE, stamp).replaced(True)

    request, asked = Request(DEPLOYER, event_id), place_keys(model, target)
    # Before the place, by which the model is found: a retry that no longer finds it has nothing left to do.
    heartbeats.forget(services.table, model, target)
    return change_model(services, request, model, decide, lambda _: False, asked, deployments_at(model, target)).result


def _withdrawn(
    snapshot: Snapshot, model: str, place: Place, reason: str | None, trigger: Trigger, stamp: Stamp
) -> Outcome[None]:
    unfinished = tuple(existing(model, number, snapshot.get(Deployment, number)) for number in named(place))
    return decisions.withdraw(loaded_model(snapshot, model), place, unfinished, reason, trigger, stamp)
