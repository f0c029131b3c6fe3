"""Moving versions between stages, and back: whether a move may be made, whatever way it came about."""

from chalicelib.domain.errors import (
    ApprovalsMissingError,
    GatesNotMetError,
    InvalidInputError,
    NothingToRollBackError,
    Problem,
    RegistryError,
    StageChangedError,
    TransitionNotAllowedError,
)
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.domain.models.guards import check_not_frozen
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion.examination import Examination, examine
from chalicelib.domain.promotion.gate_results import GateResult, judge
from chalicelib.domain.promotion.moves import Authority, Cause, TransitionContext, enter
from chalicelib.domain.promotion.transition_request import State, TransitionRequest
from chalicelib.domain.schemes.scheme import Scheme, Transition
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.version import Version


def transition(
    context: TransitionContext,
    to_stage: str,
    expected_stage: str | None,
    reason: str | None,
    stamp: Stamp,
    trigger: Trigger = Trigger.REQUEST,
) -> Outcome[Version]:
    """Move a READY version on a caller's word: its gates must hold, and the scheme must not ask for approvals.

    ``trigger`` says if the caller is a rule.

    Raises StageNotFoundError, StageChangedError, TransitionNotAllowedError, GatesNotMetError, ApprovalsMissingError.
    """
    move = _asked(context, to_stage, expected_stage)
    if move is None:
        return NoChange(context.version)
    found = examine(context.scheme, move, context.facts, None)
    _check_gates(context, move, found)
    if found.approvals.tallies or context.scheme.stage(to_stage).protected:
        raise _request_needed(context, move, found)
    return enter(
        context,
        move,
        Cause(trigger, Authority.CALLER, reason, found.record(context.facts, context.scheme)),
        stamp,
    )


def override(
    context: TransitionContext, to_stage: str, expected_stage: str | None, reason: str, stamp: Stamp
) -> Outcome[Version]:
    """Break glass: move a READY version whatever its gates and approvals say, with what they say on record."""
    move = _asked(context, to_stage, expected_stage)
    if move is None:
        return NoChange(context.version)
    found = examine(context.scheme, move, context.facts, None)
    missing = [tally.needed.described() for tally in found.approvals.tallies if not tally.met]
    overridden = [verdict.gate for verdict in found.failed] + missing
    if context.scheme.stage(to_stage).protected and not found.approvals.tallies:
        overridden.append(f"{to_stage} is protected")
    details = {**found.record(context.facts, context.scheme), "overridden": overridden}
    return enter(context, move, Cause(Trigger.OVERRIDE, Authority.CALLER, reason, details), stamp)


def promote(context: TransitionContext, move: Transition, stamp: Stamp) -> tuple[Outcome[Version], str]:
    """Make an automatic move if all of its gates hold; answers why or why not.

    Raises ModelFrozenError, ScanPendingError, VersionQuarantinedError.
    """
    check_not_frozen(context.model)
    found = examine(context.scheme, move, context.facts, None)
    if not found.holds:
        return NoChange(context.version), "; ".join(verdict.reason for verdict in found.failed)
    if found.approvals.tallies:
        return NoChange(context.version), f"the move to {move.to_stage} takes a request with approvals"
    reason = "; ".join(verdict.reason for verdict in found.verdicts)
    details = found.record(context.facts, context.scheme)
    return enter(context, move, Cause(Trigger.RULE, Authority.SCHEME, reason, details), stamp), reason


def execute(
    context: TransitionContext,
    request: TransitionRequest,
    trigger: Trigger,
    reason: str | None,
    stamp: Stamp,
) -> Decision[Version]:
    """Make the move of an open request whose approvals stand and whose gates hold.

    One that takes no approvals is made by a caller who may make transitions, not by itself: nobody but who asked has
    said anything of it. Raises ApprovalsMissingError, GatesNotMetError, StageChangedError.
    """
    move = _asked(context, request.to_stage, request.from_stage)
    if move is None:
        raise StageChangedError(f"Version {request.version} stands in {request.to_stage} already.")
    found = examine(context.scheme, move, context.facts, request)
    _check_gates(context, move, found)
    on_a_word = not found.approvals.tallies
    if found.approvals.state is not State.APPROVED or (
        on_a_word and (trigger is Trigger.RULE or context.scheme.stage(move.to_stage).protected)
    ):
        raise _approvals_missing(context, move, found, request)
    details = {**found.record(context.facts, context.scheme), "request": request.number}
    authority = Authority.SCHEME if details["approvals"] else Authority.CALLER
    details["votes"] = [vote.document() for vote in request.votes if vote.principal in details["approvals"]]
    return enter(context, move, Cause(trigger, authority, reason or request.reason, details, request), stamp)


def roll_back_target(
    model: Model, scheme: Scheme, stage: str, wanted: int | None = None, leaving: int | None = None
) -> int:
    """The version that rolling ``stage`` back returns to: the one before, or ``wanted`` if it once held the stage.

    With ``leaving``, only if that version holds the stage. Raises StageNotFoundError, TransitionNotAllowedError,
    StageChangedError, NothingToRollBackError.
    """
    if not scheme.stage(stage).exclusive:
        raise TransitionNotAllowedError(
            f"Only an exclusive stage has a previous holder to return to; {stage} may hold several versions."
        )
    held_by = model.holder(stage)
    if leaving is not None and held_by != leaving:
        now = "nobody" if held_by is None else f"version {held_by}"
        raise StageChangedError(
            f"The stage {stage} of {model.name!r} is held by {now}, no longer by version {leaving}."
        )
    trail = model.stages.get(stage, Pointer()).trail
    if not trail:
        raise NothingToRollBackError(
            f"No version of {model.name!r} stood in {stage} before the present one, so there is none to return to."
        )
    if wanted is None:
        return trail[-1]
    if wanted not in trail:
        held = ", ".join(str(number) for number in reversed(trail))
        raise NothingToRollBackError(
            f"Version {wanted} of {model.name!r} is not one that {stage} can return to; those are {held}."
        )
    return wanted


def roll_back(context: TransitionContext, stage: str, reason: str | None, stamp: Stamp) -> Decision[Version]:
    """Return the version, which ``roll_back_target`` named, to ``stage``, as the scheme's roll-back rule allows."""
    model, scheme, version = context.model, context.scheme, ready(context.version)
    rule = scheme.rollback
    if not rule.allowed:
        raise TransitionNotAllowedError(f"The scheme {scheme.name!r} allows no roll-back; make a transition.")
    if rule.reason_required and not reason:
        raise InvalidInputError(
            f"The scheme {scheme.name!r} asks for the reason of a roll-back.", [Problem("/reason", "is missing")]
        )
    found = judge(rule.gates_for(context.facts.tier), context.facts)
    failed = [verdict for verdict in found if not verdict.holds]
    if failed:
        raise _gates_not_met(f"Version {version.number} may not return to {stage}", failed)
    move = Transition(version.stage, stage)
    entered = model.stages.get(stage, Pointer()).returned_to(version.number)
    details = {
        "scheme": scheme.ref.document(),
        "tier": model.tier.value,
        "gates": [verdict.document() for verdict in found],
        "approvals": [],
    }
    return enter(context, move, Cause(Trigger.ROLLBACK, Authority.CALLER, reason, details), stamp, entered)


def _asked(context: TransitionContext, to_stage: str, expected_stage: str | None) -> Transition | None:
    """The move asked for; None if the version stands there already."""
    context.scheme.stage(to_stage)
    version = ready(context.version)
    if expected_stage is not None and expected_stage != version.stage:
        raise StageChangedError(
            f"Version {version.number} of {context.model.name!r} stands in {version.stage}, not in {expected_stage}."
        )
    if version.stage == to_stage:
        return None
    check_not_frozen(context.model)
    return context.scheme.transition(version.stage, to_stage)


def _check_gates(context: TransitionContext, move: Transition, found: Examination) -> None:
    if found.failed:
        raise _gates_not_met(
            f"Version {context.version.number} of {context.model.name!r} may not enter {move.to_stage}",
            found.failed,
        )


def _gates_not_met(what: str, failed: tuple[GateResult, ...] | list[GateResult]) -> GatesNotMetError:
    problems = [Problem(f"/gates/{verdict.gate}", f"{verdict.reason}; needed: {verdict.needed}") for verdict in failed]
    if len(failed) > 1:
        names = ", ".join(verdict.gate for verdict in failed)
        return GatesNotMetError(f"{what}, because {len(failed)} gates do not hold: {names}.", problems)
    (only,) = failed
    return GatesNotMetError(f"{what}: gate {only.gate}: {only.reason}.", problems)


def _request_needed(context: TransitionContext, move: Transition, found: Examination) -> RegistryError:
    """Why no direct call makes the move. Votes of a request that asks for it are not looked at: it is their way."""
    name, number = context.model.name, context.version.number
    waiting = [
        request
        for request in context.model.requests_of(number)
        if context.model.open_requests[request][1] == move.to_stage
    ]
    if waiting:
        return ApprovalsMissingError(
            f"Version {number} of {name!r} enters {move.to_stage} by request {waiting[0]}, which asks for it; execute "
            "that once it is approved.",
            [Problem(f"/requests/{waiting[0]}", f"asks to move version {number} to {move.to_stage}")],
        )
    needed = _needed(found)
    return ApprovalsMissingError(
        f"Version {number} of {name!r} enters {move.to_stage} with {needed}; open a transition request.",
        [Problem("/approvals", said) for said in found.approvals.blockers()],
    )


def _approvals_missing(
    context: TransitionContext, move: Transition, found: Examination, request: TransitionRequest
) -> RegistryError:
    return ApprovalsMissingError(
        f"Version {request.version} of {context.model.name!r} enters {move.to_stage} with {_needed(found)}; "
        f"request {request.number} waits for it.",
        [Problem("/approvals", said) for said in found.approvals.blockers()],
    )


def _needed(found: Examination) -> str:
    missing = [tally.needed.described() for tally in found.approvals.tallies if not tally.met]
    return " and ".join(missing) or "a transition request"
