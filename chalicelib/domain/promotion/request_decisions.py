"""Opening, voting on, withdrawing and ending transition requests. Executing one is a move: ``decisions.stages``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.domain.access.principal import person_of
from chalicelib.domain.errors import (
    InvalidInputError,
    LimitExceededError,
    PermissionDeniedError,
    Problem,
    RequestClosedError,
    RequestExistsError,
    RequestNotFoundError,
    SeparationOfDutiesError,
    StageChangedError,
    StageNotFoundError,
    TransitionNotAllowedError,
)
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.promotion.examination import Examination, examine
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.promotion.transition_request import (
    MAX_OPEN,
    MAX_OPEN_OF_VERSION,
    MAX_REVIEWERS,
    MAX_VOTES,
    ApprovalStatus,
    State,
    TransitionRequest,
    Vote,
)
from chalicelib.domain.versions.decisions import ready


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who may approve, with the roles on the model and the groups that they have now.

    ``person`` is who holds the principal's token, if that is somebody else than its name says.
    """

    principal: str
    roles: tuple[str, ...]
    groups: tuple[str, ...]
    person: str = ""


def open_request(
    context: TransitionContext,
    to_stage: str,
    reason: str | None,
    due_at: Instant | None,
    reviewers: Sequence[str],
    stamp: Stamp,
) -> Decision[TransitionRequest]:
    """Ask for a move that the scheme has. Its gates need not hold yet.

    Raises TransitionNotAllowedError, RequestExistsError, LimitExceededError, InvalidInputError.
    """
    model, version = context.model, ready(context.version)
    if version.stage == to_stage:
        raise StageChangedError(f"Version {version.number} of {model.name!r} stands in {to_stage} already.")
    move = context.scheme.transition(version.stage, to_stage)
    _check_opening(model, version.number, to_stage, due_at, reviewers, stamp)
    number = model.last_request + 1
    request = TransitionRequest(
        model=model.name,
        number=number,
        version=version.number,
        from_stage=version.stage,
        to_stage=to_stage,
        author=version.created_by,
        authors=version.authors,
        requested_by=stamp.actor,
        requester=stamp.person,
        requested_at=stamp.time,
        reason=reason,
        due_at=due_at,
        reviewers=tuple(dict.fromkeys(reviewers)),
        state=State.OPEN,
        votes=(),
    )
    found = examine(context.scheme, move, context.facts, request)
    request = replace(request, state=found.approvals.state)
    changed = replace(
        model,
        last_request=number,
        open_requests={**model.open_requests, number: (version.number, to_stage)},
    )
    after = {
        **_named(request),
        "from_stage": request.from_stage,
        "due_at": due_at,
        "reviewers": list(request.reviewers),
        "state": request.state.value,
        **({"authors": list(request.authors)} if request.authors else {}),
        **({"requester": request.requester} if request.requester else {}),
    }
    event = EventDraft(
        event_types.REQUEST_OPENED,
        None,
        after,
        version=version.number,
        subject=str(number),
        reason=reason,
        details=found.record(context.facts, context.scheme),
    )
    return decided(request, changed, event, Put(request), subject=str(number))


def vote(
    context: TransitionContext,
    request: TransitionRequest,
    voter: Voter,
    approve: bool,
    reason: str | None,
    stamp: Stamp,
) -> Outcome[TransitionRequest]:
    """Approve or reject. The last vote of each person counts; author and requester have none.

    Raises RequestClosedError, SeparationOfDutiesError, PermissionDeniedError (a vote that would count nowhere).
    """
    check_open(request, stamp.time)
    found = _examined(context, request)
    check_voter(request, voter, found)
    cast = Vote(
        voter.principal, approve, stamp.time, reason, voter.roles, voter.groups, found.binding, person=voter.person
    )
    earlier = next((former for former in request.votes if former.principal == voter.principal), None)
    if earlier is not None and replace(earlier, at=cast.at) == cast:
        return NoChange(request)
    votes = request.with_vote(cast)
    if len(votes) > MAX_VOTES:
        raise LimitExceededError(f"A transition request has at most {MAX_VOTES} votes.")
    return _revoted(context, request, votes, cast)


def void_votes(context: TransitionContext, request: TransitionRequest) -> Outcome[TransitionRequest]:
    """Say that votes are void because what they were given for has changed. Each is said to be void once, for good.

    All are void if the scheme no longer has the move.
    """
    if request.state.closed:
        return NoChange(request)
    now = _standing(context, request)
    fresh = [vote.principal for vote in request.votes if vote.principal in now.void and not vote.void]
    if not fresh:
        return NoChange(request)
    voided = replace(
        request,
        state=now.state,
        votes=tuple(replace(vote, void=vote.principal in now.void) for vote in request.votes),
    )
    event = EventDraft(
        event_types.REQUEST_VOTES_VOIDED,
        {"state": request.state.value},
        {**_named(voided), "state": voided.state.value, "void": fresh},
        version=request.version,
        subject=str(request.number),
        trigger=Trigger.RULE,
        reason="what the votes were given for has changed",
    )
    return decided(voided, context.model, event, Put(voided), subject=str(request.number))


def withdraw(
    model: Model, request: TransitionRequest, may_manage: bool, reason: str | None, stamp: Stamp
) -> Outcome[TransitionRequest]:
    """Take a request back: by who asked, or by somebody who manages the model."""
    if request.state is State.WITHDRAWN:
        return NoChange(request)
    check_open(request, stamp.time)
    if stamp.actor != request.requested_by and not may_manage:
        raise PermissionDeniedError(
            f"Request {request.number} of {model.name!r} is withdrawn by {request.requested_by} or by somebody who "
            "may manage the model."
        )
    return _closed(model, request, State.WITHDRAWN, event_types.REQUEST_WITHDRAWN, Trigger.REQUEST, reason, stamp)


def expire(model: Model, request: TransitionRequest, stamp: Stamp) -> Outcome[TransitionRequest]:
    """End a request that was not executed by the time it was due."""
    if request.state.closed or not request.is_due(stamp.time):
        return NoChange(request)
    reason = f"it was due at {request.due_at}"
    return _closed(model, request, State.EXPIRED, event_types.REQUEST_EXPIRED, Trigger.KEEPER, reason, stamp)


def expire_stale(
    model: Model, request: TransitionRequest, older_than: timedelta, reason: str, stamp: Stamp
) -> Outcome[bool]:
    """End a request without a due date that was opened longer ago than ``older_than``. Whether it ends now."""
    if request.state.closed or request.due_at is not None or later(request.requested_at, older_than) > stamp.time:
        return NoChange(False)
    closed = _closed(model, request, State.EXPIRED, event_types.REQUEST_EXPIRED, Trigger.KEEPER, reason, stamp)
    return closed.replaced(True)


def existing(model_name: str, number: int, found: TransitionRequest | None) -> TransitionRequest:
    """The request, unless there is none. Raises RequestNotFoundError."""
    if found is None:
        raise RequestNotFoundError(f"The model {model_name!r} has no transition request {number}.")
    return found


def check_open(request: TransitionRequest, now: Instant) -> None:
    """Raise RequestClosedError unless the request may still be voted on and executed."""
    if request.state.closed:
        raise RequestClosedError(
            f"Request {request.number} of {request.model!r} is {request.state}; open a new one if it is still wanted."
        )
    if request.is_due(now):
        raise RequestClosedError(
            f"Request {request.number} of {request.model!r} expired at {request.due_at}; open a new one."
        )


def _check_opening(
    model: Model, version: int, to_stage: str, due_at: Instant | None, reviewers: Sequence[str], stamp: Stamp
) -> None:
    for number, about in model.open_requests.items():
        if about == (version, to_stage):
            raise RequestExistsError(
                f"Request {number} of {model.name!r} asks to move version {version} to {to_stage} already."
            )
    if len(model.requests_of(version)) >= MAX_OPEN_OF_VERSION:
        raise LimitExceededError(
            f"Version {version} of {model.name!r} has {MAX_OPEN_OF_VERSION} open requests already; withdraw some first."
        )
    if len(model.open_requests) >= MAX_OPEN:
        raise LimitExceededError(
            f"The model {model.name!r} has {MAX_OPEN} open requests already; execute or withdraw some first."
        )
    if due_at is not None and due_at <= stamp.time:
        raise InvalidInputError("/due_at lies in the past.", [Problem("/due_at", "lies in the past")])
    if len(reviewers) > MAX_REVIEWERS:
        raise InvalidInputError(f"A request has at most {MAX_REVIEWERS} reviewers.")


def check_voter(request: TransitionRequest, voter: Voter, found: Examination) -> None:
    """Raise SeparationOfDutiesError or PermissionDeniedError unless the voter may judge the request."""
    who = person_of(voter.person or voter.principal)
    held = f"{voter.principal}, a token of {voter.person}," if voter.person else voter.principal
    if who == person_of(request.author) or who in map(person_of, request.authors):
        raise SeparationOfDutiesError(
            f"{held} registered version {request.version} or the bytes that it has; somebody else must judge it."
        )
    if who == person_of(request.requester or request.requested_by):
        raise SeparationOfDutiesError(f"{held} opened request {request.number}; somebody else must judge it.")
    needed = [tally.needed for tally in found.approvals.tallies]
    roles, groups = frozenset(voter.roles), frozenset(voter.groups)
    if needed and not any(approvals.accepts(roles, groups) for approvals in needed):
        wanted = " and ".join(approvals.described() for approvals in needed)
        raise PermissionDeniedError(
            f"The vote of {voter.principal} would not count: the move to {request.to_stage} takes {wanted}."
        )


def _standing(context: TransitionContext, request: TransitionRequest) -> ApprovalStatus:
    try:
        return _examined(context, request).approvals
    except (StageNotFoundError, TransitionNotAllowedError):
        voters = tuple(vote.principal for vote in request.votes)
        return ApprovalStatus((), (), voters, possible=False)


def _examined(context: TransitionContext, request: TransitionRequest) -> Examination:
    return examine(
        context.scheme,
        context.scheme.transition(request.from_stage, request.to_stage),
        context.facts,
        request,
    )


def _revoted(
    context: TransitionContext, request: TransitionRequest, votes: tuple[Vote, ...], cast: Vote
) -> Decision[TransitionRequest]:
    counted = replace(request, votes=votes)
    found = _examined(context, counted)
    counted = replace(counted, state=found.approvals.state)
    event = EventDraft(
        event_types.REQUEST_VOTED,
        {"state": request.state.value},
        {
            **_named(counted),
            "vote": "approve" if cast.approve else "reject",
            "state": counted.state.value,
            "roles": list(cast.roles),
            "groups": list(cast.groups),
            "binding": cast.binding,
            **({"person": cast.person} if cast.person else {}),
        },
        version=request.version,
        subject=str(request.number),
        reason=cast.reason,
        details=found.record(context.facts, context.scheme),
    )
    return decided(counted, context.model, event, Put(counted), subject=str(request.number))


def _closed(
    model: Model,
    request: TransitionRequest,
    state: State,
    event_type: str,
    trigger: Trigger,
    reason: str | None,
    stamp: Stamp,
) -> Decision[TransitionRequest]:
    closed = replace(
        request,
        state=state,
        closed_at=stamp.time,
        closed_by=stamp.actor,
        closing_reason=reason,
    )
    changed = replace(
        model,
        open_requests={number: about for number, about in model.open_requests.items() if number != request.number},
    )
    event = EventDraft(
        event_type,
        {"state": request.state.value},
        {**_named(closed), "state": state.value},
        version=request.version,
        subject=str(request.number),
        trigger=trigger,
        reason=reason,
    )
    return decided(closed, changed, event, Put(closed), subject=str(request.number))


def _named(request: TransitionRequest) -> dict[str, object]:
    return {"request": request.number, "to_stage": request.to_stage}
