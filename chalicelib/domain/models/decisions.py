"""Creating, describing and deleting models; setting their promotion rule."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain import documents, names
from chalicelib.domain.classification import Classification, lowers
from chalicelib.domain.errors import (
    InvalidInputError,
    ModelExistsError,
    ModelNotEmptyError,
    ModelNotFoundError,
    Problem,
    RuleNotFoundError,
    TransitionNotAllowedError,
)
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Change, Decision, NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Head, Stamp
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.promotion_rule import PromotionRule, rule_document
from chalicelib.domain.schemes.scheme import Scheme, scheme_from_document


@dataclass(frozen=True, slots=True)
class ModelState:
    """A model with its profile."""

    model: Model
    profile: Profile


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """Fields of a profile to replace; None leaves one as it is."""

    description: str | None = None
    owner: str | None = None
    tags: Mapping[str, str] | None = None
    metadata: Mapping[str, object] | None = None


def existing(model: Model | None, name: str) -> Model:
    """The model, unless there is none. Raises ModelNotFoundError."""
    if model is None or model.deleted:
        raise ModelNotFoundError(f"There is no model {name!r}.")
    return model


def create(
    current: Model | None,
    name: str,
    given: ProfileChange,
    scheme: Mapping[str, Any],
    stamp: Stamp,
    classification: Classification | None = None,
) -> Decision[ModelState]:
    """Create the model ``name``. One deleted before goes on with its numbers and its chain of events.

    ``scheme`` is the registry's for new models. A freeze, the scheme, the tier, the monitors and, unless another is
    given, the classification of the deleted model stay in force, since its versions can be restored into this one.
    A lower classification than that cannot be given here. Raises ModelExistsError, InvalidInputError.
    """
    names.model_name(name)
    if current is not None and not current.deleted:
        raise ModelExistsError(f"The model {name!r} exists already.")
    profile = _checked(_applied(Profile(), given))
    if current is not None and classification is not None and lowers(current.classification, classification):
        message = "must not be lower than that of the deleted model of this name; lower it afterwards, with a reason"
        raise InvalidInputError(f"The classification {message}.", [Problem("/classification", message)])
    model = replace(
        Model(name),
        head=Head() if current is None else current.head,
        last_version=0 if current is None else current.last_version,
        last_request=0 if current is None else current.last_request,
        last_deployment=0 if current is None else current.last_deployment,
        monitors={} if current is None else current.monitors,
        frozen=None if current is None else current.frozen,
        created_at=stamp.time,
        created_by=stamp.actor,
        scheme=scheme_from_document(scheme).ref if current is None else current.scheme,
        tier=Tier.LOW if current is None else current.tier,
        classification=classification or (None if current is None else current.classification),
    )
    changes: list[Change] = [Put(profile)]
    if scheme != PRESETS["default"] and current is None:
        # A model that was never assigned a scheme has no copy of one; that of a deleted model is still there.
        changes.append(Put(AssignedScheme(scheme, follows=True)))
    return decided(
        model,
        model,
        EventDraft(
            event_types.MODEL_CREATED,
            None,
            {
                **profile.document(),
                "scheme": model.scheme.document(),
                **({} if model.classification is None else classified(model.classification)),
            },
        ),
        *changes,
    ).map(lambda saved: ModelState(saved, profile))


def update(state: ModelState, given: ProfileChange) -> Outcome[ModelState]:
    """Change fields of the profile. Nothing happens when all stand as asked already."""
    profile = _checked(_applied(state.profile, given))
    before, after = state.profile.document(), profile.document()
    if before == after:
        return NoChange(state)
    changed = [field for field in after if before[field] != after[field]]
    return decided(
        state.model,
        state.model,
        EventDraft(
            event_types.MODEL_UPDATED,
            {field: before[field] for field in changed},
            {field: after[field] for field in changed},
        ),
        Put(profile),
    ).map(lambda saved: ModelState(saved, profile))


def delete(state: ModelState) -> Decision[None]:
    """Delete a model without versions. Its counter and events stay, so that no number is ever given twice."""
    if state.model.versions:
        raise ModelNotEmptyError(
            f"The model {state.model.name!r} still has {state.model.versions} versions; delete them first."
        )
    model = replace(
        state.model,
        deleted=True,
        aliases={},
        stages={},
        rule=None,
        retention=None,
        protected_aliases=(),
        open_requests={},
    )
    event = EventDraft(event_types.MODEL_DELETED, state.profile.document(), None)
    return decided(None, model, event, Remove(state.profile))


def classify(model: Model, classification: Classification | None, reason: str | None) -> Outcome[Model]:
    """Classify the model's data, or take its classification back. It selects gates of the model's moves.

    Votes on open requests are bound to it. Raises InvalidInputError if it is lowered without a reason.
    """
    if model.classification == classification:
        return NoChange(model)
    if reason is None and lowers(model.classification, classification):
        message = "must say why the classification is lowered"
        raise InvalidInputError(f"The reason {message}.", [Problem("/reason", message)])
    changed = replace(model, classification=classification)
    event = EventDraft(
        event_types.MODEL_CLASSIFIED, classified(model.classification), classified(classification), reason=reason
    )
    return decided(changed, changed, event)


def classified(classification: Classification | None) -> dict[str, Any]:
    """A classification as events and answers have it."""
    if classification is None:
        return {"classification": None, "personal_data": False}
    return {"classification": classification.level.value, "personal_data": classification.personal_data}


def set_rule(model: Model, scheme: Scheme, rule: PromotionRule) -> Outcome[Model]:
    """Set or replace the promotion rule: an automatic move, with a gate of its own, out of the initial stage."""
    scheme.transition(scheme.initial, rule.to_stage)
    if rule.beats is not None:
        scheme.stage(rule.beats.stage)
    if scheme.leads_by_itself(rule.to_stage, scheme.initial):
        raise TransitionNotAllowedError(
            f"The scheme moves a version from {rule.to_stage} back to {scheme.initial} by itself; it would "
            "never rest with this rule."
        )
    documents.metrics({rule.metric: 0})
    if model.rule == rule:
        return NoChange(model)
    before = None if model.rule is None else rule_document(model.rule)
    changed = replace(model, rule=rule)
    return decided(changed, changed, EventDraft(event_types.MODEL_RULE_SET, before, rule_document(rule)))


def clear_rule(model: Model) -> Decision[None]:
    """Remove the promotion rule. Raises RuleNotFoundError if there is none."""
    rule = current_rule(model)
    return decided(
        None, replace(model, rule=None), EventDraft(event_types.MODEL_RULE_CLEARED, rule_document(rule), None)
    )


def current_rule(model: Model) -> PromotionRule:
    """The model's promotion rule. Raises RuleNotFoundError."""
    if model.rule is None:
        raise RuleNotFoundError(f"The model {model.name!r} has no promotion rule.")
    return model.rule


def _applied(profile: Profile, given: ProfileChange) -> Profile:
    return Profile(
        description=profile.description if given.description is None else given.description,
        owner=profile.owner if given.owner is None else given.owner,
        tags=profile.tags if given.tags is None else given.tags,
        metadata=profile.metadata if given.metadata is None else given.metadata,
    )


def _checked(profile: Profile) -> Profile:
    checked = Profile(
        documents.description(profile.description),
        documents.owner(profile.owner),
        documents.tags(profile.tags),
        documents.metadata(profile.metadata),
    )
    documents.check_size(checked.document(), "model's description, tags and metadata")
    return checked
