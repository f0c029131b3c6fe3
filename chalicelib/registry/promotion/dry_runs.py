"""Dry runs: what moves of a version would meet, without making them."""

from dataclasses import dataclass

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.promotion.examination import Examination, automatic_transitions, dry_run
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.promotion.ways import Way, way_of
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.version import Version
from chalicelib.registry.promotion.contexts import load_transition_context
from chalicelib.registry.versions.versions import resolve


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a move would meet. ``examination`` is None where the scheme has no such move; ``request`` is open for it."""

    version: Version
    scheme: Scheme
    tier: str
    to_stage: str
    request: int | None
    examination: Examination | None
    blockers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextMove:
    """A move that the scheme allows from where a version stands, and the way that is open to the caller, if any.

    ``automatic``: the registry makes it by itself.
    """

    dry_run: DryRun
    way: Way | None
    automatic: bool


def explain_transition(services: Services, model: str, ref: str, to_stage: str) -> DryRun:
    """Everything that a move of a version to ``to_stage`` would meet now. Raises StageNotFoundError."""
    number = resolve(services, model, ref)
    found = load_transition_context(services, model, number, to_stage)
    found.scheme.stage(to_stage)
    return _dry_run(found, to_stage)


def explain_transitions(services: Services, caller: Principal, model: str, ref: str) -> tuple[NextMove, ...]:
    """Every move that the scheme allows from where a version stands, in its order, judged on what one read set found.

    Raises ModelNotFoundError, VersionNotFoundError, AliasNotFoundError.
    """
    number = resolve(services, model, ref)
    found = load_transition_context(services, model, number)
    stage = found.version.stage
    automatic = {move.to_stage for move in automatic_transitions(found.model, found.scheme, stage)}
    return tuple(
        NextMove(
            _dry_run(found, move.to_stage),
            way_of(found.model, found.scheme, move, number, caller),
            move.to_stage in automatic,
        )
        for move in found.scheme.leaving(stage)
    )


def _dry_run(found: TransitionContext, to_stage: str) -> DryRun:
    number = found.version.number
    waiting = [
        asked for asked in found.model.requests_of(number) if found.model.open_requests[asked] == (number, to_stage)
    ]
    request = found.open_requests.get(waiting[0]) if waiting else None
    examination, blockers = dry_run(found.model, found.scheme, found.facts, to_stage, request)
    return DryRun(
        found.version,
        found.scheme,
        found.model.tier.value,
        to_stage,
        None if request is None else request.number,
        examination,
        tuple(blockers),
    )
