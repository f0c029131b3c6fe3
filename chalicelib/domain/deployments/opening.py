"""Opening deployments: after a move, by hand, again after a failure, or to put the last good version back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.deployments.deployment import Cause, Deployment, Status
from chalicelib.domain.deployments.moves import Move
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.deployments.target import Target
from chalicelib.domain.errors import (
    DeploymentClosedError,
    DeploymentRefusedError,
    LimitExceededError,
    TargetDisabledError,
)
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Change, Decision, NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.quarantine import check_leaves_quarantine
from chalicelib.domain.versions.version import Version

# The head of a model says what each of its targets serves, and every commit writes the head.
MAX_PLACES: Final = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """All that opening a deployment is decided on.

    ``place`` is None if nothing was deployed on the target yet. ``active`` and ``waiting`` are the deployments that the
    place names. ``withdrawn_at`` is the sequence at which the model was last taken off the target, 0 if it never was.
    """

    model: Model
    target: Target
    place: Place | None
    active: Deployment | None
    waiting: Deployment | None
    withdrawn_at: int = 0


def open_by_move(standing: Standing, move: Move, version: Version, stamp: Stamp) -> Outcome[Deployment | None]:
    """Open the deployment that a move asks for; None if a newer move, or this one, has been followed already.

    None, too, if the model was taken off the target after the move. So an event that comes twice, late or out of order
    never puts an older version in place of a newer one.
    """
    place = standing.place
    over = standing.withdrawn_at if place is None else place.moved
    if over >= move.cause.sequence:
        return NoChange(None)
    rolls_back = place.last if place is not None and move.rolled_back else 0
    wanted = _Wanted(version.number, version.digest or "", move.cause, move.cause.sequence, move.reason, rolls_back)
    return _opened(standing, wanted, Trigger.RULE, stamp).map(lambda opened: opened)


def open_out_of_quarantine(
    standing: Standing, move: Move, version: Version, stamp: Stamp
) -> Outcome[Deployment | None]:
    """Open the deployment of a version that was not deployed while it was in quarantine; None if it was before.

    None, too, if the model was taken off the target: then the version is deployed by hand, or by the next move.
    """
    place = standing.place
    if standing.withdrawn_at if place is None else place.wanted == version.number:
        return NoChange(None)
    return open_by_move(standing, move, version, stamp)


def open_by_hand(standing: Standing, version: Version, reason: str | None, stamp: Stamp) -> Decision[Deployment]:
    """Open a deployment on a caller's word. Any move after it is newer.

    The target's stage guards what is deployed there. So only a version that stands in it, or that the target's alias
    points at, is taken; or the last good one. Raises TargetDisabledError, DeploymentRefusedError, VersionNotReadyError,
    ScanPendingError, VersionQuarantinedError.
    """
    _check_taken(standing, version, stamp.time)
    # The event of a deployment that this one supersedes comes first in the commit.
    own = stamp if _passed_over(standing) is None else stamp.next()
    cause = Cause(own.event_id, event_types.DEPLOYMENT_OPENED, own.revision)
    wanted = _Wanted(version.number, version.digest or "", cause, own.revision, reason)
    return _opened(standing, wanted, Trigger.REQUEST, stamp)


def open_roll_back(
    standing: Standing, failed: Deployment, cause: Cause, moved: int, reason: str, stamp: Stamp
) -> Outcome[Deployment | None]:
    """Deploy the last good version again after ``failed``; None if there is none, or if there are newer deployments.

    ``moved`` is the sequence of the move that took the stage or alias back, or 0 if nothing did. A newer move still
    wins.
    """
    place = standing.place
    if place is None or not may_roll_back(place, failed):
        return NoChange(None)
    wanted = _Wanted(place.good, place.good_digest, cause, max(moved, place.moved), reason, failed.number)
    return _opened(standing, wanted, Trigger.ROLLBACK, stamp).map(lambda opened: opened)


def may_roll_back(place: Place, failed: Deployment) -> bool:
    """Whether ``failed`` is the newest deployment of its place, and another version was good there."""
    has_failed = failed.status in (Status.FAILED, Status.ROLLED_BACK) and place.last == failed.number
    return has_failed and place.good not in (0, failed.version)


def retry(
    standing: Standing, deployment: Deployment, version: Version, reason: str | None, stamp: Stamp
) -> Decision[Deployment]:
    """Try a deployment of ``version`` again that failed, if it is still the newest and could be opened by hand.

    Raises DeploymentClosedError, TargetDisabledError, DeploymentRefusedError, VersionNotReadyError, ScanPendingError,
    VersionQuarantinedError.
    """
    target, place = standing.target, standing.place
    if deployment.status not in (Status.FAILED, Status.ROLLED_BACK):
        raise DeploymentClosedError(
            f"Deployment {deployment.number} of {deployment.model!r} is {deployment.status}; only one that failed can "
            "be tried again."
        )
    if place is None or place.last != deployment.number:
        raise DeploymentClosedError(
            f"Deployment {deployment.number} of {deployment.model!r} is not the newest on {target.name!r}; deploy the "
            "version anew."
        )
    _check_taken(standing, version, stamp.time)
    again = replace(
        deployment,
        status=Status.PENDING,
        attempt=deployment.attempt + 1,
        started_at=None,
        ended_at=None,
        reported_by="",
        detail="",
        links={},
    )
    event = EventDraft(
        event_types.DEPLOYMENT_OPENED,
        {"status": deployment.status.value, "attempt": deployment.attempt},
        {**event_fields(again), "status": again.status.value, "attempt": again.attempt, "waits_for": None},
        version=again.version,
        subject=str(again.number),
        reason=reason,
        correlation_id=again.correlation_id,
    )
    bounded = replace(
        place, wanted=again.version, wanted_digest=again.digest, give_up_after=target.policy.give_up_after
    )
    taken = turn_of(bounded, again.number, again.version, stamp)
    return decided(again, standing.model, event, Put(again), Put(taken), subject=str(again.number))


def turn_of(place: Place, number: int, version: int, stamp: Stamp) -> Place:
    """The place while a deployment may be carried out there, from now on."""
    due = later(stamp.time, timedelta(seconds=place.give_up_after))
    return replace(place, active=number, active_version=version, due_at=due)


def event_fields(deployment: Deployment) -> dict[str, Any]:
    """What every event of a deployment says of it."""
    return {
        "deployment": deployment.number,
        "target": deployment.target,
        "kind": deployment.kind_name,
        "environment": deployment.environment,
        "digest": deployment.digest,
    }


def _check_taken(standing: Standing, version: Version, now: Instant) -> None:
    """Refuse a version that the target does not take on a caller's word."""
    model, target, number = standing.model, standing.target, ready(version).number
    if not target.enabled:
        raise TargetDisabledError(f"The target {target.name!r} is switched off; enable it first.")
    if not target.takes(model.name):
        raise DeploymentRefusedError(f"The target {target.name!r} takes no versions of {model.name!r}.")
    check_leaves_quarantine(version, f"Deploying version {number} to {target.name!r}", now)
    good = standing.place is not None and standing.place.good == number
    there = version.stage == target.stage if target.stage else number == _pointed(model, target.alias)
    if not (there or good):
        kind, _, name = target.pointer.partition(":")
        raise DeploymentRefusedError(
            f"The target {target.name!r} takes the versions of its {kind} {name!r}, and its last good one. Version "
            f"{number} of {model.name!r} is neither: move it there first, which deploys it."
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The version to deploy and why. ``moved`` is the sequence of its move; ``rolls_back`` is what it replaces."""

    version: int
    digest: str
    cause: Cause
    moved: int
    reason: str | None
    rolls_back: int = 0


def _opened(standing: Standing, wanted: _Wanted, trigger: Trigger, stamp: Stamp) -> Decision[Deployment]:
    """The newest deployment of a place. One that nobody has begun is superseded; one that runs is waited for."""
    model, target = standing.model, standing.target
    if standing.place is None and len(model.deployed) >= MAX_PLACES:
        raise LimitExceededError(
            f"Versions of {model.name!r} are deployed on {MAX_PLACES} targets already; take the model off one of them."
        )
    number = model.last_deployment + 1
    passed_over = _passed_over(standing)
    running = standing.active if standing.active is not None and standing.active is not passed_over else None
    deployment = Deployment(
        model=model.name,
        number=number,
        target=target.name,
        kind_name=target.kind_name,
        environment=target.environment,
        version=wanted.version,
        digest=wanted.digest,
        status=Status.PENDING,
        cause=wanted.cause,
        opened_at=stamp.time,
        opened_by=stamp.actor,
        reason=wanted.reason,
        waited_for=0 if running is None else running.number,
        rolls_back=wanted.rolls_back,
        correlation_id=stamp.correlation_id,
    )
    place = _place(standing, wanted, number, running, stamp)
    event = EventDraft(
        event_types.DEPLOYMENT_OPENED,
        None,
        {
            **event_fields(deployment),
            "status": deployment.status.value,
            "attempt": deployment.attempt,
            "waits_for": deployment.waited_for or None,
            "rolls_back": deployment.rolls_back or None,
        },
        version=deployment.version,
        subject=str(number),
        trigger=trigger,
        reason=wanted.reason,
        details=_cause_document(wanted.cause, trigger),
    )
    changes: list[Change] = [Put(deployment), Put(place)]
    opened = decided(deployment, replace(model, last_deployment=number), event, *changes, subject=str(number))
    return opened if passed_over is None else opened.after(_superseded(model, passed_over, number, stamp))


def _passed_over(standing: Standing) -> Deployment | None:
    """The deployment that a newer one supersedes, because nobody has begun it."""
    if standing.waiting is not None:
        return standing.waiting
    active = standing.active
    return active if active is not None and active.status is Status.PENDING else None


def _place(standing: Standing, wanted: _Wanted, number: int, running: Deployment | None, stamp: Stamp) -> Place:
    give_up_after = standing.target.policy.give_up_after
    fresh = Place(standing.target.name, wanted.version, wanted.digest, wanted.moved, number)
    place = replace(
        standing.place or fresh,
        wanted=wanted.version,
        wanted_digest=wanted.digest,
        moved=wanted.moved,
        last=number,
        give_up_after=give_up_after,
    )
    if running is not None:
        return replace(place, waiting=number, waiting_correlation_id=stamp.correlation_id)
    return turn_of(replace(place, waiting=0), number, wanted.version, stamp)


def _superseded(model: Model, deployment: Deployment, by: int, stamp: Stamp) -> Decision[Deployment]:
    ended = replace(deployment, status=Status.SUPERSEDED, superseded_by=by, ended_at=stamp.time)
    event = EventDraft(
        event_types.DEPLOYMENT_SUPERSEDED,
        {"status": deployment.status.value},
        {**event_fields(ended), "status": ended.status.value, "superseded_by": by},
        version=ended.version,
        subject=str(ended.number),
        trigger=Trigger.RULE,
        correlation_id=ended.correlation_id,
    )
    return decided(ended, model, event, Put(ended))


def _cause_document(cause: Cause, trigger: Trigger) -> Mapping[str, Any] | None:
    """What made the registry open a deployment by itself."""
    if trigger is Trigger.REQUEST:
        return None
    return {"event_id": cause.event_id, "event_type": cause.event_type, "sequence": cause.sequence}


def _pointed(model: Model, alias: str) -> int | None:
    pointer = model.aliases.get(alias)
    return None if pointer is None else pointer.version
