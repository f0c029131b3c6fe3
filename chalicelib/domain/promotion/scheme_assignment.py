"""Which scheme judges a model's moves, and the model's risk tier."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain.errors import SchemeIncompatibleError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.domain.schemes.scheme import Scheme, scheme_from_document


def assign(
    model: Model,
    present: AssignedScheme,
    wanted: AssignedScheme,
    trigger: Trigger,
) -> Outcome[Model]:
    """Let ``wanted`` judge the model's moves from now on. ``present`` is the scheme that did so far.

    Raises SchemeIncompatibleError if versions stand, or the promotion rule leads, where the scheme has no stage.
    """
    if present == wanted:
        return NoChange(model)
    former, scheme = scheme_from_document(present.document), scheme_from_document(wanted.document)
    _check_compatible(model, scheme)
    changed = replace(model, scheme=scheme.ref, stages=_kept(model, former, scheme))
    event = EventDraft(
        event_types.MODEL_SCHEME_ASSIGNED,
        {"scheme": model.scheme.document(), "follows": present.follows},
        {"scheme": scheme.ref.document(), "follows": wanted.follows},
        trigger=trigger,
    )
    return decided(changed, changed, event, Put(wanted))


def follow(model: Model, present: AssignedScheme, document: Mapping[str, Any]) -> Outcome[Model]:
    """Give a model the newer version of the scheme that it follows.

    One that was pinned, or has moved on, is left as it is.
    """
    if not present.follows or model.scheme.name != document["name"] or model.scheme.version >= document["version"]:
        return NoChange(model)
    return assign(model, present, AssignedScheme(document, follows=True), Trigger.RULE)


def set_tier(model: Model, tier: Tier, reason: str | None) -> Outcome[Model]:
    """Set the model's risk tier, which selects the gates and approvals of its moves."""
    if model.tier is tier:
        return NoChange(model)
    changed = replace(model, tier=tier)
    event = EventDraft(event_types.MODEL_TIER_SET, {"tier": model.tier.value}, {"tier": tier.value}, reason=reason)
    return decided(changed, changed, event)


def _check_compatible(model: Model, wanted: Scheme) -> None:
    _check_room(model, wanted)
    rule = model.rule
    if rule is not None and not _fits(rule, wanted):
        raise SchemeIncompatibleError(
            f"The promotion rule of {model.name!r} does not fit the scheme {wanted.name!r}; clear it first."
        )


def _check_room(model: Model, wanted: Scheme) -> None:
    missing = sorted(model.standing.keys() - wanted.stages.keys())
    if missing:
        raise SchemeIncompatibleError(
            f"Versions of {model.name!r} stand in {', '.join(missing)}, which the scheme {wanted.name!r} does not "
            "have; move them first, or add the stages."
        )
    # One alone whom the head does not know as the holder would be a second one beside the next to enter.
    crowded = sorted(
        name
        for name, count in model.standing.items()
        if wanted.stage(name).exclusive and (count > 1 or model.holder(name) is None)
    )
    if crowded:
        raise SchemeIncompatibleError(
            f"Versions of {model.name!r} stand in {', '.join(crowded)}, which the scheme {wanted.name!r} makes "
            "exclusive: at most one may, and it must have entered by a move. Move them first."
        )


def _fits(rule: PromotionRule, scheme: Scheme) -> bool:
    led = {rule.to_stage} if rule.beats is None else {rule.to_stage, rule.beats.stage}
    return (
        led <= scheme.stages.keys()
        and (scheme.initial, rule.to_stage) in scheme.transitions
        and not scheme.leads_by_itself(rule.to_stage, scheme.initial)
    )


def _kept(model: Model, present: Scheme, wanted: Scheme) -> dict[str, Pointer]:
    """Where the model's stages point under another scheme.

    The trail of an exclusive stage holds past holders; of a shared stage it would say that they stand in it.
    """
    kept = {}
    for name, pointer in model.stages.items():
        if name in wanted.stages:
            shared = not wanted.stage(name).exclusive
            was_exclusive = name in present.stages and present.stage(name).exclusive
            kept[name] = Pointer(pointer.version) if shared and was_exclusive else pointer
    return {name: pointer for name, pointer in kept.items() if pointer != Pointer()}
