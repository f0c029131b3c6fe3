"""Giving a model without versions another name: the new model is what the old one is."""

from dataclasses import replace

from chalicelib.domain import names
from chalicelib.domain.classification import stricter
from chalicelib.domain.errors import ModelExistsError, ModelNotEmptyError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, Put, decided, put
from chalicelib.domain.ledger.events import EventDraft
from chalicelib.domain.models.decisions import ModelState, classified
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.promotion_rule import rule_document


def create_renamed(
    current: Model | None, origin: ModelState, assigned: AssignedScheme | None, name: str
) -> Decision[ModelState]:
    """Create the model ``name`` with all that ``origin`` is: its creation, profile, rules, freeze, tier and scheme.

    It is classified as strictly as the origin, and as a deleted model that had the name.

    ``assigned`` is the origin's own copy of its scheme, if it has one. A name that a deleted model had keeps that
    model's numbers, scheme and tier, because its versions can be restored. Raises ModelExistsError, ModelNotEmptyError.
    """
    names.model_name(name)
    old = origin.model
    if old.versions:
        raise ModelNotEmptyError(
            f"The model {old.name!r} has {old.versions} versions, which keep their numbers and history for good. "
            f"Create {name!r} and copy versions into it."
        )
    if current is not None and not current.deleted:
        raise ModelExistsError(f"The model {name!r} exists already.")
    model = replace(
        Model(name) if current is None else replace(current, deleted=False),
        renamed_from=old.name,
        frozen=old.frozen or (None if current is None else current.frozen),
        retention=old.retention,
        protected_aliases=old.protected_aliases,
        created_at=old.created_at,
        created_by=old.created_by,
        classification=stricter(old.classification, None if current is None else current.classification),
    )
    if current is None:
        model = replace(model, scheme=old.scheme, tier=old.tier, rule=old.rule)
    after = {
        **origin.profile.document(),
        "scheme": model.scheme.document(),
        "renamed_from": old.name,
        "created_at": model.created_at,
        "created_by": model.created_by,
        "tier": model.tier.value,
        "rule": None if model.rule is None else rule_document(model.rule),
        "frozen": None if model.frozen is None else model.frozen.document(),
        "retention": None if model.retention is None else model.retention.document(),
        "protected_aliases": list(model.protected_aliases),
        **({} if model.classification is None else classified(model.classification)),
    }
    kept = (assigned,) if assigned is not None and current is None else ()
    return decided(
        model, model, EventDraft(event_types.MODEL_CREATED, None, after), Put(origin.profile), *put(*kept)
    ).map(lambda saved: ModelState(saved, origin.profile))


def is_renamed(model: Model, name: str, origin: Model | None) -> bool:
    """Whether ``model`` was renamed from ``name``, where ``origin`` is, unless it is gone.

    The time of creation tells the origin from a later model of its name.
    """
    return model.renamed_from == name and (origin is None or origin.created_at == model.created_at)
