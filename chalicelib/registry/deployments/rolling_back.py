"""Rolling back after a deployment that failed, as the target's policy says: the target, and the stage or alias."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.deployments import opening as decisions
from chalicelib.domain.deployments.deployment import Cause, Deployment
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.deployments.reporting import existing
from chalicelib.domain.deployments.target import Target
from chalicelib.domain.errors import ContentionError, NotFoundError, RegistryError, UnavailableError
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.registry.aliases.aliases import roll_back_alias
from chalicelib.registry.deployments.loading import loaded_standing, place_keys
from chalicelib.registry.deployments.opening import DEPLOYER
from chalicelib.registry.deployments.reporters import target_in
from chalicelib.registry.ledger.commit import Idempotency, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load
from chalicelib.registry.promotion.stages import roll_back_stage

# As long as a caller's reason may be.
_LONGEST_REASON: Final = 1_000


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What followed a failure: the number of the deployment that was opened, or why none was."""

    target: str
    deployment: int | None
    reason: str


def roll_back_failed(services: Services, event: Mapping[str, Any]) -> RolledBack:
    """Do what the policy of the target says after a deployment that failed. A repeated event does nothing twice.

    First the stage or alias is moved back, so that a person sees one answer everywhere, unless it has moved on from the
    version that failed. A move that the scheme refuses is recorded, with the reason, by the deployment that rolls the
    target back.
    """
    try:
        return _roll_back(services, event)
    except NotFoundError as gone:
        # The event was replayed after the model had been deleted, or the target was deleted meanwhile.
        return RolledBack(event["after"]["target"], None, gone.detail)


def _roll_back(services: Services, event: Mapping[str, Any]) -> RolledBack:
    model, number, name = event["model"], int(event["subject"]), event["after"]["target"]
    snapshot = load(services, model, [*place_keys(model, name), keys.deployment(model, number)])
    target, place = target_in(snapshot, name), snapshot.get(Place, name)
    failed = existing(model, number, snapshot.get(Deployment, number))
    if target is None or not target.policy.roll_back:
        return RolledBack(name, None, "the policy does not roll back")
    if place is None or not decisions.may_roll_back(place, failed):
        return RolledBack(name, None, "there is no good version to return to, or a newer deployment")
    reason = f"deployment {number} of version {failed.version} on {name} {failed.status.value}"
    if failed.detail:
        reason = f"{reason}: {failed.detail}"
    moved = 0
    if target.policy.move_back:
        moved, said = _move_back(services, event, target, failed.version, place.good, reason)
        reason = f"{reason} ({said})"
    return _open(services, event, target, failed, moved, reason)


def _move_back(
    services: Services, event: Mapping[str, Any], target: Target, bad: int, good: int, reason: str
) -> tuple[int, str]:
    """Return the last good version to the stage or alias; answers the move's sequence, or 0, and what to say of it."""
    model, (kind, _, name) = event["model"], target.pointer.partition(":")
    asked = f"{event['id']}:{target.name}"
    request = Request(DEPLOYER, event["id"], Idempotency(asked, sha256_hex(f"{model}\n{asked}")))
    back = roll_back_stage if kind == "stage" else roll_back_alias
    try:
        moved = back(services, request, model, name, reason[:_LONGEST_REASON], good, bad)
    except (ContentionError, UnavailableError):
        # Nothing was decided; the event comes again.
        raise
    except RegistryError as refusal:
        return 0, f"the {kind} {name} was not moved back: {refusal.detail}"
    # What an earlier try moved may have changed since, and its event opens a deployment in any case.
    return 0 if moved.replayed else moved.result.revision, f"the {kind} {name} was moved back to version {good}"


def _open(
    services: Services, event: Mapping[str, Any], target: Target, failed: Deployment, moved: int, reason: str
) -> RolledBack:
    model, cause = event["model"], Cause(event["id"], event["type"], event["sequence"])

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[RolledBack]:
        standing = loaded_standing(snapshot, model, target.name)
        current = existing(model, failed.number, snapshot.get(Deployment, failed.number))
        return decisions.open_roll_back(standing, current, cause, moved, reason[:_LONGEST_REASON], stamp).map(opened)

    def opened(deployment: Deployment | None) -> RolledBack:
        if deployment is None:
            return RolledBack(target.name, None, "a newer deployment was opened meanwhile")
        return RolledBack(target.name, deployment.number, reason)

    asked = [*place_keys(model, target.name), keys.deployment(model, failed.number)]
    return change_model(services, Request(DEPLOYER, event["id"]), model, decide, lambda _: opened(None), asked).result
