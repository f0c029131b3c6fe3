"""What an open transition request waits for, and whether it waits for a given person."""

from enum import StrEnum

from chalicelib.domain.access.principal import person_of
from chalicelib.domain.errors import PermissionDeniedError, SeparationOfDutiesError
from chalicelib.domain.instants import Instant
from chalicelib.domain.promotion.examination import Examination, restrictions
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.promotion.request_decisions import Voter, check_voter
from chalicelib.domain.promotion.transition_request import (
    ApprovalStatus,
    State,
    TransitionRequest,
    Vote,
    approval_status,
)


class Wait(StrEnum):
    """Something that a request waits for."""

    ME = "me"  # the caller's vote
    APPROVALS = "approvals"
    REJECTION = "rejection"  # somebody rejected it, and has neither changed the vote nor has it been withdrawn
    GATES = "gates"
    RESTRICTION = "restriction"  # the model is frozen, the version in quarantine, or one that is touched locked
    SCHEME = "scheme"  # the scheme has no such move, or only a rule may make it
    EXECUTION = "execution"  # everything is met: somebody or the promoter makes the move


def waits_for(
    context: TransitionContext, request: TransitionRequest, found: Examination | None, voter: Voter | None
) -> tuple[Wait, ...]:
    """Everything that an open request waits for.

    ``found`` is None if the scheme no longer has the move. ``voter`` is the caller if they may approve on the model.
    """
    waits: list[Wait] = []
    if found is not None:
        if voter is not None and is_asked(request, voter, found, context.facts.now):
            waits.append(Wait.ME)
        waits += _of_votes(found.approvals)
        if not found.holds:
            waits.append(Wait.GATES)
    held = restrictions(context.model, context.scheme, context.version, request.to_stage, context.facts.now)
    if any(held):
        waits.append(Wait.RESTRICTION)
    if found is None or (not found.approvals.tallies and context.scheme.stage(request.to_stage).protected):
        waits.append(Wait.SCHEME)
    return tuple(waits) or (Wait.EXECUTION,)


def is_asked(request: TransitionRequest, voter: Voter, found: Examination, now: Instant) -> bool:
    """Whether approvals are missing to which an approval of ``voter`` would add, and which nobody else was asked for.

    A request that names reviewers asks only them.
    """
    if found.approvals.state is not State.OPEN or not may_be_asked(request, voter):
        return False
    try:
        check_voter(request, voter, found)
    except (SeparationOfDutiesError, PermissionDeniedError):
        return False
    if any(vote.voter == _person(voter) and vote.counts(found.binding) for vote in request.votes):
        return False
    approval = Vote(voter.principal, True, now, None, voter.roles, voter.groups, found.binding, person=voter.person)
    needed = [tally.needed for tally in found.approvals.tallies]
    with_it = approval_status(request.with_vote(approval), needed, found.binding)
    return _filled(with_it) > _filled(found.approvals)


def may_be_asked(request: TransitionRequest, voter: Voter) -> bool:
    """Whether the request alone does not rule out that ``voter`` is asked: a cheap test before it is judged."""
    return (
        (not request.reviewers or voter.principal in request.reviewers)
        and _person(voter) != person_of(request.requester or request.requested_by)
        and _person(voter) not in map(person_of, (request.author, *request.authors))
    )


def _person(voter: Voter) -> str:
    return person_of(voter.person or voter.principal)


def _of_votes(approvals: ApprovalStatus) -> list[Wait]:
    if approvals.rejected_by:
        return [Wait.REJECTION]
    return [] if approvals.state is State.APPROVED else [Wait.APPROVALS]


def _filled(approvals: ApprovalStatus) -> int:
    return sum(len(tally.approved_by) for tally in approvals.tallies)
