"""Setting and deleting targets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from chalicelib.domain import documents, names
from chalicelib.domain.access.holders import counted
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.deployments import target as targets
from chalicelib.domain.deployments.kinds import Kind
from chalicelib.domain.deployments.target import MAX_GIVE_UP, MAX_TARGETS, MIN_GIVE_UP, Policy, Target, invalid
from chalicelib.domain.errors import TargetNotFoundError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp

KIND: Final = "TARGET"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a caller wants a target to be. ``stage`` or ``alias`` is None, the other says what starts deployments."""

    environment: str
    models: Sequence[str]
    stage: str | None = None
    alias: str | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    policy: Policy = Policy()
    reporters: Sequence[str] = ()
    description: str = ""
    enabled: bool = True


def set_target(
    registry: RegistryState,
    standing: Target | None,
    name: str,
    kind: Kind,
    given: Setting,
    stamp: Stamp,
    present: Iterable[Target] = (),
) -> Outcome[Target]:
    """Make a target, or put these terms in place of those that it had. Its kind stays what it was.

    ``present`` are all targets, if the kind has ``room``: no two that are enabled may deploy to the same. Raises
    InvalidInputError, InvalidNameError, BodyTooLargeError, LimitExceededError.
    """
    if standing is not None and standing.kind_name != kind.name:
        raise invalid(
            "/kind", f"cannot be changed from {standing.kind_name} to {kind.name}; delete the target and make it anew"
        )
    wanted = _checked(targets.target_name(name), kind, given, standing, stamp)
    if wanted == standing:
        return NoChange(wanted)
    _check_room(wanted, kind, present)
    if standing is None:
        registry = counted(registry, KIND, 1, MAX_TARGETS, "targets")
    saved = wanted.stamped(standing, stamp)
    before, after = (None, public_document(saved)) if standing is None else _changed(standing, saved)
    event_type = event_types.TARGET_CREATED if standing is None else event_types.TARGET_UPDATED
    return decided(saved, registry, EventDraft(event_type, before, after, subject=name), Put(saved), subject=name)


def delete(registry: RegistryState, standing: Target) -> Decision[None]:
    """Delete a target. What was deployed there is let go of, model by model, once the event comes."""
    event = EventDraft(event_types.TARGET_DELETED, public_document(standing), None, subject=standing.name)
    return decided(None, counted(registry, KIND, -1), event, Remove(standing))


def existing(name: str, target: Target | None) -> Target:
    """The target, unless there is none. Raises TargetNotFoundError."""
    if target is None:
        raise TargetNotFoundError(f"There is no target {name!r}.")
    return target


def public_document(target: Target) -> dict[str, Any]:
    """The fields of a target that those who manage targets see."""
    kept = document(target)
    kind = kept.pop("kind_name")
    del kept["revision"]
    return {"name": kept.pop("name"), "kind": kind, **kept}


def document(target: Target) -> dict[str, Any]:
    """The target as it is stored."""
    return {
        **asdict(target),
        "models": list(target.models),
        "reporters": list(target.reporters),
        "policy": target.policy.document(),
    }


def _check_room(wanted: Target, kind: Kind, present: Iterable[Target]) -> None:
    """Refuse a target where two models, or another target too, would replace each other's versions."""
    if kind.room is None or not wanted.enabled:
        return
    if len(wanted.models) > 1 or "*" in wanted.models[0]:
        raise invalid("/models", f"must name one model, without '*': a target of the kind {kind.name} has room for one")
    for other in present:
        rival = other.enabled and other.kind_name == kind.name and other.name != wanted.name
        if rival and kind.room(other.config) == kind.room(wanted.config):
            raise invalid("/config", f"names what the target {other.name!r} deploys to already; there is room for one")


def _changed(standing: Target, saved: Target) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = public_document(standing), public_document(saved)
    fields = [name for name in after if name != "updated_at" and before[name] != after[name]]
    return {name: before[name] for name in fields}, {name: after[name] for name in fields}


def _checked(name: str, kind: Kind, given: Setting, standing: Target | None, stamp: Stamp) -> Target:
    if not given.models:
        raise invalid("/models", "must have a pattern; '*' matches every model")
    if (given.stage is None) == (given.alias is None):
        raise invalid("/stage", "or /alias must be given, and not both: it says which moves start a deployment")
    if given.alias is not None:
        names.any_alias(given.alias)
    if len(given.description) > targets.MAX_DESCRIPTION:
        raise invalid("/description", f"must have at most {targets.MAX_DESCRIPTION} characters")
    if not MIN_GIVE_UP <= given.policy.give_up_after <= MAX_GIVE_UP:
        raise invalid("/policy/give_up_after", f"must be from {MIN_GIVE_UP} to {MAX_GIVE_UP} seconds")
    if given.policy.move_back and not given.policy.roll_back:
        raise invalid("/policy/move_back", "needs roll_back: the stage alone would move, and not the target")
    config = kind.config(given.config)
    policy = replace(given.policy, rollout=kind.rollout(given.policy.rollout, config))
    if kind.lasts(policy.rollout) >= policy.give_up_after:
        raise invalid(
            "/policy/give_up_after",
            f"must be more than the {kind.lasts(policy.rollout):,} seconds for which the rollout waits",
        )
    documents.check_size({"config": config, "rollout": policy.rollout}, "target's configuration")
    documents.short_text(given.environment, "/environment", targets.MAX_ENVIRONMENT)
    documents.short_text(given.stage, "/stage", targets.MAX_ENVIRONMENT)
    return Target(
        name=name,
        kind_name=kind.name,
        environment=given.environment,
        models=targets.patterns(given.models, "/models"),
        stage=given.stage or "",
        alias=given.alias or "",
        config=config,
        policy=policy,
        reporters=targets.patterns(given.reporters, "/reporters"),
        description=given.description,
        enabled=given.enabled,
        created_at=stamp.time if standing is None else standing.created_at,
        created_by=stamp.actor if standing is None else standing.created_by,
        updated_at=stamp.time if standing is None else standing.updated_at,
        revision=0 if standing is None else standing.revision,
    )
