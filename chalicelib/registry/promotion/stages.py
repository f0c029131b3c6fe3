"""Stages: who holds each, moving versions between them, and rolling back."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp, Trigger
from chalicelib.domain.promotion import stage_decisions as decisions
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model, loaded_scheme, model_keys
from chalicelib.registry.models.models import model_and_scheme
from chalicelib.registry.promotion.contexts import (
    context_keys,
    further_keys,
    gated_keys,
    transition_context,
)
from chalicelib.registry.versions.latest import standing_in
from chalicelib.registry.versions.versions import get_version, resolve


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage of a model's scheme; ``version`` holds it, or entered it last of those in it."""

    name: str
    exclusive: bool
    protected: bool
    next: tuple[str, ...]
    version: int | None


def list_stages(services: Services, model: str) -> tuple[StageView, ...]:
    """The stages of the model's scheme in order. Raises ModelNotFoundError."""
    head, scheme = model_and_scheme(services, model)
    return tuple(
        StageView(stage.name, stage.exclusive, stage.protected, scheme.next(stage.name), head.holder(stage.name))
        for stage in scheme.stages.values()
    )


def check_stage(services: Services, model: str, stage: str) -> None:
    """Raise StageNotFoundError unless the model's scheme has the stage; ModelNotFoundError."""
    model_and_scheme(services, model)[1].stage(stage)


def transition(
    services: Services,
    request: Request,
    model: str,
    ref: int | str,
    to_stage: str,
    expected_stage: str | None,
    reason: str | None,
    trigger: Trigger = Trigger.REQUEST,
) -> Changed[Version]:
    """Move a READY version to another stage. ``trigger`` says if a rule asks for it.

    Raises StageNotFoundError, TransitionNotAllowedError, StageChangedError, GatesNotMetError, ApprovalsMissingError.
    """
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Version]:
        found = transition_context(services, snapshot, model, number, stamp.time, request.principal)
        request.check_match(found.version.revision)
        return decisions.transition(found, to_stage, expected_stage, reason, stamp, trigger)

    return _change_stage(services, request, model, number, to_stage, decide)


def archive_others(services: Services, request: Request, model: str, number: int, stage: str) -> None:
    """Move every version but one from a stage to the archive, newest first, each as a move of its own.

    Raises what the first refused move raises; those before it are made.
    """
    head, scheme = model_and_scheme(services, model)
    for other in standing_in(services, head, stage):
        if other != number:
            transition(services, request, model, other, scheme.archive, stage, None)


def override(
    services: Services,
    request: Request,
    model: str,
    ref: str,
    to_stage: str,
    expected_stage: str | None,
    reason: str,
) -> Changed[Version]:
    """Move a READY version against its gates and approvals, which its event then names as overridden."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Version]:
        found = transition_context(services, snapshot, model, number, stamp.time, request.principal)
        request.check_match(found.version.revision)
        return decisions.override(found, to_stage, expected_stage, reason, stamp)

    return _change_stage(services, request, model, number, to_stage, decide)


def roll_back_stage(
    services: Services,
    request: Request,
    model: str,
    stage: str,
    reason: str | None,
    wanted: int | None = None,
    leaving: int | None = None,
) -> Changed[Version]:
    """Return the previous holder, or a named earlier one, to an exclusive stage.

    With ``leaving``, only if that version holds the stage. Raises NothingToRollBackError, StageChangedError,
    TransitionNotAllowedError, GatesNotMetError. Costs a second read: which version returns is known only once the model
    is read.
    """

    def target(snapshot: Snapshot) -> int:
        current = loaded_model(snapshot, model)
        return decisions.roll_back_target(current, loaded_scheme(snapshot), stage, wanted, leaving)

    def more(snapshot: Snapshot) -> list[Key]:
        current, returning = loaded_model(snapshot, model), target(snapshot)
        compared = gated_keys(current, returning, loaded_scheme(snapshot).rollback.gates)
        holders = {number for number in (returning, current.holder(stage)) if number is not None}
        requests = {asked for holder in holders for asked in current.requests_of(holder)}
        further = model_keys(model, versions=sorted(holders), manifests=[returning], requests=sorted(requests))
        return list(dict.fromkeys([*context_keys(model, returning), *further, *compared]))

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Version]:
        request.check_match(loaded_model(snapshot, model).head.revision)
        found = transition_context(
            services, snapshot, model, target(snapshot), stamp.time, request.principal, rolling_back=True
        )
        return decisions.roll_back(found, stage, reason, stamp)

    def recall(subject: str) -> Version:
        return get_version(services, model, subject)

    return change_model(services, request, model, decide, recall, model_keys(model, scheme=True), more=more)


def _change_stage(
    services: Services,
    request: Request,
    model: str,
    number: int,
    to_stage: str,
    decide: Callable[[Snapshot, Stamp], Outcome[Version]],
) -> Changed[Version]:
    return change_model(
        services,
        request,
        model,
        decide,
        lambda _: get_version(services, model, str(number)),
        context_keys(model, number),
        further_keys(number, to_stage),
    )
