"""Making a move between stages that was judged: everything that changes with it, in one decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from chalicelib.domain.access.principal import Principal
from chalicelib.domain.aliases.protection import check_may_move, check_may_take
from chalicelib.domain.errors import LimitExceededError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, Put, decided, put
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import MAX_ALIASES, Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.transition_request import State, TransitionRequest
from chalicelib.domain.schemes.scheme import Scheme, Transition
from chalicelib.domain.versions.quarantine import check_leaves_quarantine
from chalicelib.domain.versions.version import Displaced, Version


class Authority(StrEnum):
    """On whose word a move is made: the caller's alone, or the scheme's, whose approvals or gates decided."""

    CALLER = "caller"
    SCHEME = "scheme"


@dataclass(frozen=True, slots=True)
class TransitionContext:
    """All that a move is decided on.

    ``open_requests`` are those of the version and of the one that it would displace. ``mover`` is who asks for the
    move, None if a rule makes it.
    """

    model: Model
    scheme: Scheme
    facts: Facts
    open_requests: Mapping[int, TransitionRequest] = field(default_factory=dict)
    mover: Principal | None = None

    @property
    def version(self) -> Version:
        return self.facts.version


@dataclass(frozen=True, slots=True)
class Cause:
    """How a judged move came about, for its event. ``executed`` is the request that it carries out, if any."""

    trigger: Trigger
    authority: Authority
    reason: str | None
    details: dict[str, Any]
    executed: TransitionRequest | None = None


def enter(
    context: TransitionContext, move: Transition, cause: Cause, stamp: Stamp, entered: Pointer | None = None
) -> Decision[Version]:
    """Put the version in its new stage, displace the one before, move the stage's aliases, settle requests of both.

    Raises ScanPendingError, VersionQuarantinedError, LimitExceededError, VersionLockedError, and PermissionDeniedError
    for a protected alias that the caller alone may not move.
    """
    model, scheme, number = context.model, context.scheme, context.version.number
    target = scheme.stage(move.to_stage)
    if not target.quarantined:
        check_leaves_quarantine(context.version, f"Moving version {number} to {target.name}", stamp.time)
    displaced = model.holder(target.name) if target.exclusive else None
    aliases = _moving(context, target.aliases)
    pointing = {name for name, pointer in model.aliases.items() if pointer.version is not None}
    if len(pointing.union(aliases)) > MAX_ALIASES:
        raise LimitExceededError(
            f"Entering {target.name} would give {model.name!r} more than {MAX_ALIASES} aliases; delete some first."
        )
    check_may_take(model, context.version, stamp.time, *aliases)
    check_not_locked(model, number, displaced, *(model.aliases.get(alias, Pointer()).version for alias in aliases))
    if cause.authority is Authority.CALLER and context.mover is not None:
        check_may_move(model, context.mover, *aliases)
    settled = _settled(context, cause, displaced, stamp)
    closed = {request.number for request in settled}
    changed = replace(
        model,
        stages=_stages_after(context, move, displaced, entered),
        aliases={
            **model.aliases,
            **{alias: model.aliases.get(alias, Pointer()).moved_to(number) for alias in aliases},
        },
        open_requests={asked: about for asked, about in model.open_requests.items() if asked not in closed},
    )
    moved = replace(context.version, stage=target.name)
    out = () if displaced is None else (Displaced(displaced, target.name, scheme.archive),)
    event = EventDraft(
        event_types.VERSION_TRANSITIONED,
        {"stage": move.from_stage},
        _outcome(context, target.name, displaced, aliases),
        version=number,
        trigger=cause.trigger,
        reason=cause.reason,
        details=cause.details,
    )
    return decided(moved, changed, event, Put(moved), *out, *put(*settled), subject=str(number))


def _outcome(
    context: TransitionContext, stage: str, displaced: int | None, aliases: tuple[str, ...]
) -> dict[str, object]:
    """What the event says of the version after the move."""
    after: dict[str, object] = {"stage": stage, "digest": context.version.digest}
    if displaced is not None:
        after |= {"displaced": displaced, "displaced_to": context.scheme.archive}
    if aliases:
        after["aliases"] = list(aliases)
    return after


def _moving(context: TransitionContext, aliases: tuple[str, ...]) -> tuple[str, ...]:
    """The aliases that entering moves: those that do not point at the version already."""
    present = context.model.aliases
    return tuple(alias for alias in aliases if present.get(alias, Pointer()).version != context.version.number)


def _stages_after(
    context: TransitionContext, move: Transition, displaced: int | None, entered: Pointer | None
) -> dict[str, Pointer]:
    model, scheme, number = context.model, context.scheme, context.version.number
    pointer = entered or model.stages.get(move.to_stage, Pointer()).moved_to(number)
    stages = {
        **model.stages,
        move.to_stage: pointer,
        move.from_stage: _left(model, scheme, move.from_stage, number),
    }
    if displaced is not None:
        stages[scheme.archive] = stages.get(scheme.archive, Pointer()).moved_to(displaced)
    return {name: at for name, at in stages.items() if at != Pointer()}


def _left(model: Model, scheme: Scheme, stage: str, number: int) -> Pointer:
    """The stage's pointer once version ``number`` has left it.

    An exclusive stage keeps its past holders, so that it can be rolled back. Of a shared stage only versions that
    still stand in it are remembered, the newest first in line.
    """
    pointer = model.stages.get(stage, Pointer())
    if stage in scheme.stages and scheme.stage(stage).exclusive:
        return pointer.vacated() if pointer.version == number else pointer
    return pointer.left_by(number)


def _settled(context: TransitionContext, cause: Cause, displaced: int | None, stamp: Stamp) -> list[TransitionRequest]:
    """The requests that this move closes: the one that it executes, and those of versions that stand elsewhere now."""
    model, number = context.model, context.version.number
    touched = {*model.requests_of(number), *(() if displaced is None else model.requests_of(displaced))}
    closed = []
    for asked in sorted(touched):
        request = context.open_requests[asked]
        executed = cause.executed is not None and cause.executed.number == asked
        closed.append(
            replace(
                request,
                state=State.EXECUTED if executed else State.SUPERSEDED,
                closed_at=stamp.time,
                closed_by=stamp.actor,
                closing_reason=cause.reason if executed else f"version {request.version} was moved otherwise",
            )
        )
    return closed
