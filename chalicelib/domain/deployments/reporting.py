"""What deployers report of a deployment: that it was begun, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.domain.deployments.deployment import (
    MAX_DETAIL,
    MAX_LINK_TITLE,
    MAX_LINK_URL,
    MAX_LINKS,
    Deployment,
    Status,
)
from chalicelib.domain.deployments.observing import agreed_event
from chalicelib.domain.deployments.opening import event_fields, turn_of
from chalicelib.domain.deployments.place import Place, Serving
from chalicelib.domain.deployments.target import invalid
from chalicelib.domain.errors import DeploymentClosedError, DeploymentNotFoundError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.model import Model

# What may be reported, and the event of each.
_EVENTS: Final[Mapping[Status, str]] = {
    Status.IN_PROGRESS: event_types.DEPLOYMENT_STARTED,
    Status.SUCCEEDED: event_types.DEPLOYMENT_SUCCEEDED,
    Status.FAILED: event_types.DEPLOYMENT_FAILED,
    Status.ROLLED_BACK: event_types.DEPLOYMENT_ROLLED_BACK,
}
REPORTED: Final = tuple(_EVENTS)


@dataclass(frozen=True, slots=True)
class Report:
    """What a deployer says of a deployment. ``attempt`` is the attempt that it is about, None for the present one.

    ``detail`` and ``links`` are None if nothing is to be said anew.
    """

    status: Status
    detail: str | None = None
    links: Mapping[str, str] | None = field(default=None, hash=False)
    attempt: int | None = None

    def __post_init__(self) -> None:
        if self.status not in _EVENTS:
            raise invalid("/status", f"must be one of {', '.join(status.value for status in _EVENTS)}")
        if self.detail is not None and len(self.detail) > MAX_DETAIL:
            raise invalid("/detail", f"must have at most {MAX_DETAIL} characters")
        _check_links(self.links or {})


def report(
    model: Model,
    place: Place | None,
    deployment: Deployment,
    replaced: Deployment | None,
    given: Report,
    stamp: Stamp,
    trigger: Trigger = Trigger.REQUEST,
) -> Outcome[Deployment]:
    """Take a report. ``replaced`` is the deployment in whose place this one puts an earlier version, if any.

    A report that says what is known already changes nothing. Raises DeploymentClosedError.
    """
    if given.attempt not in (None, deployment.attempt):
        raise DeploymentClosedError(
            f"The report is of attempt {given.attempt}; deployment {deployment.number} of {deployment.model!r} is at "
            f"attempt {deployment.attempt}."
        )
    if deployment.status is given.status:
        return NoChange(deployment)
    place = _its_turn(place, deployment, given)
    changed = replace(
        deployment,
        status=given.status,
        started_at=deployment.started_at or stamp.time,
        ended_at=stamp.time if given.status.ended else None,
        reported_by=stamp.actor,
        detail=deployment.detail if given.detail is None else given.detail,
        links=deployment.links if given.links is None else dict(given.links),
    )
    event = EventDraft(
        _EVENTS[given.status],
        {"status": deployment.status.value},
        {**event_fields(changed), "status": changed.status.value, "attempt": changed.attempt, **_told(changed)},
        version=changed.version,
        subject=str(changed.number),
        trigger=trigger,
        reason=changed.detail or None,
        correlation_id=changed.correlation_id,
    )
    if not given.status.ended:
        return decided(changed, model, event, Put(changed))
    return _ended(model, place, changed, replaced, event, stamp)


def give_up(model: Model, place: Place, deployment: Deployment, stamp: Stamp) -> Outcome[Deployment]:
    """End a deployment as FAILED that has not ended in its time."""
    if place.active != deployment.number or place.due_at is None or stamp.time < place.due_at:
        return NoChange(deployment)
    begun = "ended" if deployment.status is Status.IN_PROGRESS else "begun"
    detail = f"Nobody reported within {place.give_up_after} seconds that it was {begun}, so it was given up."
    return report(model, place, deployment, None, Report(Status.FAILED, detail), stamp, Trigger.KEEPER)


def existing(model_name: str, number: int, deployment: Deployment | None) -> Deployment:
    """The deployment, unless there is none. Raises DeploymentNotFoundError."""
    if deployment is None:
        raise DeploymentNotFoundError(f"The model {model_name!r} has no deployment {number}.")
    return deployment


def _its_turn(place: Place | None, deployment: Deployment, given: Report) -> Place:
    """The place on which the deployment may be carried out now. Raises DeploymentClosedError."""
    named = f"Deployment {deployment.number} of {deployment.model!r}"
    if deployment.status.ended:
        by = f" by deployment {deployment.superseded_by}" if deployment.superseded_by else ""
        raise DeploymentClosedError(f"{named} is {deployment.status}{by}, so it cannot become {given.status}.")
    if place is None:
        raise DeploymentClosedError(f"{named} was for a target that the model was taken off.")
    if place.active != deployment.number:
        raise DeploymentClosedError(f"{named} waits until deployment {place.active} on {place.target!r} has ended.")
    return place


def _ended(
    model: Model, place: Place, ended: Deployment, replaced: Deployment | None, event: EventDraft, stamp: Stamp
) -> Decision[Deployment]:
    """The deployment is over: its place is free for the next one, and knows what it serves."""
    events, changes = [event], [Put(ended)]
    free = replace(place, active=0, active_version=0, due_at=None)
    if ended.status is Status.ROLLED_BACK and place.good:
        free = replace(free, serving=Serving(place.good, place.good_digest, stamp.time, stamp.actor))
    if ended.status is Status.SUCCEEDED:
        serving = Serving(ended.version, ended.digest, stamp.time, stamp.actor)
        free = replace(free, good=ended.version, good_digest=ended.digest, serving=serving, drifting=False)
        if place.drifting:
            events.append(agreed_event(place, free))
        if replaced is not None and replaced.status is Status.FAILED:
            taken_back = replace(replaced, status=Status.ROLLED_BACK, rolled_back_by=ended.number)
            events.append(_rolled_back_event(taken_back))
            changes.append(Put(taken_back))
    if place.waiting:
        free = turn_of(replace(free, waiting=0, waiting_correlation_id=""), place.waiting, place.wanted, stamp)
        events.append(_turn_event(ended, place))
    decision = decided(ended, model, events[-1], *changes, Put(free))
    return replace(decision, earlier=tuple(events[:-1]))


def _rolled_back_event(taken_back: Deployment) -> EventDraft:
    """A later deployment put an earlier version in the place of the one that had failed."""
    after = {"status": taken_back.status.value, "rolled_back_by": taken_back.rolled_back_by}
    return EventDraft(
        event_types.DEPLOYMENT_ROLLED_BACK,
        {"status": Status.FAILED.value},
        {**event_fields(taken_back), **after, "attempt": taken_back.attempt},
        version=taken_back.version,
        subject=str(taken_back.number),
        trigger=Trigger.ROLLBACK,
        reason=taken_back.detail or None,
        correlation_id=taken_back.correlation_id,
    )


def _turn_event(ended: Deployment, place: Place) -> EventDraft:
    """The turn of the deployment has come that waited for ``ended``. It is opened to deployers only now.

    It is of the version that is wanted: a newer move would have superseded it.
    """
    fields = {**event_fields(ended), "deployment": place.waiting, "digest": place.wanted_digest}
    return EventDraft(
        event_types.DEPLOYMENT_OPENED,
        {"waits_for": ended.number},
        {**fields, "status": Status.PENDING.value, "attempt": 1, "waits_for": None},
        version=place.wanted,
        subject=str(place.waiting),
        trigger=Trigger.RULE,
        correlation_id=place.waiting_correlation_id,
    )


def _told(deployment: Deployment) -> dict[str, Any]:
    return {"detail": deployment.detail, "links": dict(deployment.links)}


def _check_links(links: Mapping[str, str]) -> None:
    if len(links) > MAX_LINKS:
        raise invalid("/links", f"must have at most {MAX_LINKS} links")
    for title, url in links.items():
        if not 1 <= len(title) <= MAX_LINK_TITLE or not title.isprintable():
            raise invalid("/links", f"must have titles of 1 to {MAX_LINK_TITLE} printable characters")
        if not _is_page(url):
            raise invalid(f"/links/{title}", f"must be an http or https URL of at most {MAX_LINK_URL} characters")


def _is_page(url: str) -> bool:
    """Whether a browser can open the URL, and does not run it."""
    if len(url) > MAX_LINK_URL or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.netloc)
