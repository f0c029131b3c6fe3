"""Models: create, read, describe, delete, and their promotion rule."""

from collections.abc import Iterable

from chalicelib.aws import keys
from chalicelib.aws.access import quota_items
from chalicelib.aws.keys import Key
from chalicelib.aws.models import items as model_items
from chalicelib.aws.services import Services
from chalicelib.domain.cards import decisions as cards
from chalicelib.domain.cards.card import Card
from chalicelib.domain.classification import Classification
from chalicelib.domain.ledger import events
from chalicelib.domain.ledger.decision import Decision, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.limits import Quota
from chalicelib.domain.models import decisions
from chalicelib.domain.models.decisions import ModelState, ProfileChange, existing
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.domain.schemes.saved_scheme import DefaultScheme
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.look_alikes import claim_keys, claimant_keys, claimed
from chalicelib.registry.models.model_ledger import (
    change_model,
    load,
    loaded_model,
    loaded_profile,
    loaded_scheme,
    matched_model,
    model_keys,
)


def create_model(
    services: Services,
    request: Request,
    name: str,
    given: ProfileChange,
    classification: Classification | None = None,
) -> Changed[ModelState]:
    """Create a model. Raises ModelExistsError, LookAlikeError, InvalidInputError, QuotaExceededError."""
    # Counted in the commit. Racing requests may each make one more than the limit.
    counted = quota_items.quota_key(request.principal.name, services.clock())

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[ModelState]:
        services.settings.limits.check_day(Quota.MODELS, quota_items.made(snapshot.item(counted), Quota.MODELS))
        chosen = snapshot.get(DefaultScheme)
        document = PRESETS[services.settings.default_scheme] if chosen is None else chosen.document
        made = decisions.create(snapshot.get(Model), name, given, document, stamp, classification)
        return claimed(cards.clear_inherited(made, snapshot.get(Card), stamp), snapshot, name)

    def more(snapshot: Snapshot) -> list[Key]:
        return claimant_keys(snapshot, name)

    asked = [*model_keys(name), *claim_keys(name), keys.card(name), keys.default_scheme(), counted]
    return change_model(services, request, name, decide, lambda _: get_model(services, name), asked, more)


def get_model(services: Services, name: str) -> ModelState:
    """The model with its profile. Raises ModelNotFoundError."""
    asked = model_keys(name, profile=True)
    snapshot = load(services, name, asked)
    return ModelState(loaded_model(snapshot, name), loaded_profile(snapshot))


def model_head(services: Services, name: str) -> Model:
    """The model without its profile. Raises ModelNotFoundError."""
    stored = services.table.get(keys.head(events.model_ledger(name)))
    return existing(None if stored is None else model_items.model_from(stored), name)


def model_heads(services: Services, names: Iterable[str]) -> dict[str, Model]:
    """The models of these names without their profiles; one that does not exist is left out."""
    found = services.table.load_all([keys.head(events.model_ledger(name)) for name in names])
    return {model.name: model for model in map(model_items.model_from, found.values()) if not model.deleted}


def model_and_scheme(services: Services, name: str) -> tuple[Model, Scheme]:
    """The model without its profile, and the scheme that judges it. Raises ModelNotFoundError."""
    asked = model_keys(name, scheme=True)
    snapshot = load(services, name, asked)
    return loaded_model(snapshot, name), loaded_scheme(snapshot)


def update_model(services: Services, request: Request, name: str, given: ProfileChange) -> Changed[ModelState]:
    """Change fields of the model's profile. Raises ModelNotFoundError, PreconditionFailedError, InvalidInputError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[ModelState]:
        model = matched_model(snapshot, name, request)
        return decisions.update(ModelState(model, loaded_profile(snapshot)), given)

    return change_model(
        services, request, name, decide, lambda _: get_model(services, name), model_keys(name, profile=True)
    )


def delete_model(services: Services, request: Request, name: str) -> Changed[None]:
    """Delete a model that has no versions. Raises ModelNotFoundError, ModelNotEmptyError, PreconditionFailedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        model = matched_model(snapshot, name, request)
        return decisions.delete(ModelState(model, loaded_profile(snapshot)))

    return change_model(services, request, name, decide, lambda _: None, model_keys(name, profile=True))


def classify_model(
    services: Services, request: Request, name: str, classification: Classification | None, reason: str | None
) -> Changed[Model]:
    """Classify a model's data, or take its classification back.

    Raises ModelNotFoundError, PreconditionFailedError, InvalidInputError.
    """

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[Model]:
        return decisions.classify(matched_model(snapshot, name, request), classification, reason)

    return change_model(services, request, name, decide, lambda _: model_head(services, name))


def get_rule(services: Services, name: str) -> PromotionRule:
    """The model's promotion rule. Raises ModelNotFoundError, RuleNotFoundError."""
    return decisions.current_rule(model_head(services, name))


def set_rule(services: Services, request: Request, name: str, rule: PromotionRule) -> Changed[PromotionRule]:
    """Set or replace the promotion rule. Raises ModelNotFoundError, StageNotFoundError, TransitionNotAllowedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[Model]:
        return decisions.set_rule(matched_model(snapshot, name, request), loaded_scheme(snapshot), rule)

    asked = model_keys(name, scheme=True)
    changed = change_model(services, request, name, decide, lambda _: model_head(services, name), asked)
    return Changed(decisions.current_rule(changed.result), changed.replayed)


def clear_rule(services: Services, request: Request, name: str) -> Changed[None]:
    """Remove the promotion rule. Raises ModelNotFoundError, RuleNotFoundError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        return decisions.clear_rule(matched_model(snapshot, name, request))

    return change_model(services, request, name, decide, lambda _: None)
