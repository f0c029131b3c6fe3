"""Reminding of transition requests that wait for approvals."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.promotion.examination import dry_run
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.promotion.waiting import Wait, waits_for

# However many schedules there are, and however often somebody fires one.
_LEAST: Final = timedelta(hours=1)


def remind(context: TransitionContext, request: TransitionRequest, reason: str, stamp: Stamp) -> Outcome[bool]:
    """Remind of a request that waits for approvals, at most once an hour. Whether this reminds of it."""
    if request.state.closed or request.is_due(stamp.time):
        return NoChange(False)
    if request.reminded_at is not None and later(request.reminded_at, _LEAST) > stamp.time:
        return NoChange(False)
    examination, _ = dry_run(context.model, context.scheme, context.facts, request.to_stage, request)
    waits = waits_for(context, request, examination, None)
    if Wait.APPROVALS not in waits:
        return NoChange(False)
    reminded = replace(request, reminded_at=stamp.time)
    event = EventDraft(
        event_types.REQUEST_REMINDED,
        {"reminded_at": request.reminded_at},
        {
            "request": request.number,
            "to_stage": request.to_stage,
            "reminded_at": stamp.time,
            "requested_at": request.requested_at,
            "due_at": request.due_at,
            "reviewers": list(request.reviewers),
            "waiting_for": [wait.value for wait in waits],
        },
        version=request.version,
        subject=str(request.number),
        trigger=Trigger.KEEPER,
        reason=reason,
    )
    return decided(reminded, context.model, event, Put(reminded)).replaced(True)
