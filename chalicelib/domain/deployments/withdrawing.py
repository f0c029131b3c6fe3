"""Taking a model off a target: the registry no longer knows or minds what is served there."""

from dataclasses import replace

from chalicelib.domain.deployments.deployment import Deployment, Status
from chalicelib.domain.deployments.opening import event_fields
from chalicelib.domain.deployments.place import Place, Withdrawal
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.model import Model


def withdraw(
    model: Model, place: Place, unfinished: tuple[Deployment, ...], reason: str | None, trigger: Trigger, stamp: Stamp
) -> Decision[None]:
    """Forget the place, but that moves until now are over. Deployments that have not ended there fail, with the reason.

    ``unfinished`` are those that the place names as active and waiting.
    """
    detail = f"The model was taken off the target: {reason}." if reason else "The model was taken off the target."
    ended = [
        replace(one, status=Status.FAILED, ended_at=stamp.time, reported_by=stamp.actor, detail=detail)
        for one in unfinished
    ]
    events = [
        EventDraft(
            event_types.DEPLOYMENT_FAILED,
            {"status": before.status.value},
            {
                **event_fields(one),
                "status": one.status.value,
                "attempt": one.attempt,
                "detail": detail,
                "links": dict(one.links),
            },
            version=one.version,
            subject=str(one.number),
            trigger=trigger,
            reason=detail,
            correlation_id=one.correlation_id,
        )
        for before, one in zip(unfinished, ended, strict=True)
    ]
    events.append(
        EventDraft(
            event_types.DEPLOYMENT_WITHDRAWN,
            {"target": place.target, "wanted": place.wanted, "serving": place.served},
            None,
            version=place.wanted,
            subject=str(place.last),
            trigger=trigger,
            reason=reason,
        )
    )
    over = Put(Withdrawal(place.target, stamp.revision))
    decision = decided(None, model, events[-1], *map(Put, ended), Remove(place), over)
    return replace(decision, earlier=tuple(events[:-1]))
