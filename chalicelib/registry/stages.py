"""Stages: who holds each, moving versions between them, rolling back."""

from dataclasses import dataclass

from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.decision import Decision, Outcome
from chalicelib.domain.decisions import stages as decisions
from chalicelib.domain.decisions.models import existing as existing_model
from chalicelib.domain.decisions.versions import existing
from chalicelib.domain.events import Origin, Trigger
from chalicelib.domain.stages import DEFAULT_SCHEME
from chalicelib.domain.version import Version
from chalicelib.registry.commit import Changed, Request, Snapshot, change_model, model_keys
from chalicelib.registry.models import model_head
from chalicelib.registry.versions import get_version, loaded, resolve


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage of a model's scheme; ``version`` holds it, or entered it last of those in it."""

    name: str
    exclusive: bool
    next: tuple[str, ...]
    version: int | None


def list_stages(services: Services, model: str) -> tuple[StageView, ...]:
    """The stages of the model's scheme in order. Raises ModelNotFoundError."""
    head = model_head(services, model)
    return tuple(
        StageView(stage.name, stage.exclusive, stage.next, head.holder(stage.name))
        for stage in DEFAULT_SCHEME.stages.values()
    )


def transition(
    services: Services,
    request: Request,
    model: str,
    ref: str,
    to_stage: str,
    expected_stage: str | None,
    reason: str | None,
) -> Changed[Version]:
    """Move a READY version to another stage. Raises TransitionNotAllowedError, StageChangedError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, origin: Origin) -> Outcome[Version]:
        current, version = loaded(snapshot, model, number, request)
        return decisions.transition(current, version, to_stage, expected_stage, reason, Trigger.REQUEST, origin)

    return change_model(
        services,
        request,
        model,
        decide,
        lambda _: get_version(services, model, str(number)),
        model_keys(model, versions=[number]),
    )


def roll_back_stage(
    services: Services, request: Request, model: str, stage: str, reason: str | None
) -> Changed[Version]:
    """Return the previous holder to an exclusive stage. Raises NothingToRollBackError, TransitionNotAllowedError.

    Costs a second read: which version returns is known only once the model is read.
    """
    DEFAULT_SCHEME.stage(stage)

    def more(snapshot: Snapshot) -> list[Key]:
        target = decisions.roll_back_target(existing_model(snapshot.model, model), stage)
        return model_keys(model, versions=[target])

    def decide(snapshot: Snapshot, origin: Origin) -> Decision[Version]:
        current = existing_model(snapshot.model, model)
        request.check_match(current.head.revision)
        target = decisions.roll_back_target(current, stage)
        version = existing(model, target, snapshot.version(target))
        return decisions.roll_back(current, version, stage, reason, origin)

    def recall(subject: str) -> Version:
        return get_version(services, model, subject)

    return change_model(services, request, model, decide, recall, more=more)
