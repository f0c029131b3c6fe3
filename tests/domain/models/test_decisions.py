"""Creating, describing and deleting models, and their promotion rules."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import (
    InvalidInputError,
    InvalidNameError,
    ModelExistsError,
    ModelNotEmptyError,
    ModelNotFoundError,
    RuleNotFoundError,
    StageNotFoundError,
    TransitionNotAllowedError,
)
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import Decision, NoChange, Put, Remove
from chalicelib.domain.ledger.events import EventDraft, Head
from chalicelib.domain.models import decisions as models
from chalicelib.domain.models.decisions import ModelState, ProfileChange
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.models.restrictions import Freeze
from chalicelib.domain.models.retention import RetentionRule
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.promotion_rule import Beats, PromotionRule
from chalicelib.domain.schemes.scheme import scheme_from_document
from tests.domain.build import NOW, changed, stamp
from tests.domain.schemes.documents import document, scheme

GIVEN = ProfileChange("text", "ada", {"team": "risk"}, {"n": 1})
PROFILE = Profile("text", "ada", {"team": "risk"}, {"n": 1})
SHOWN = {"description": "text", "owner": "ada", "tags": {"team": "risk"}, "metadata": {"n": 1}}
OWN = {"version": 3, **document()}
RULE = PromotionRule("auc", "live", at_least=0.9)


def created(
    current: Model | None = None, name: str = "fraud", default: Any = PRESETS["default"]
) -> Decision[ModelState]:
    return models.create(current, name, GIVEN, default, stamp())


def test_a_model_is_created_with_its_profile_and_the_default_scheme() -> None:
    made = created()
    model = Model("fraud", created_at=NOW, created_by="token:ada")
    assert made.state == model and made.result == ModelState(model, PROFILE)
    assert made.changes == (Put(PROFILE),)
    scheme_shown = {"name": "default", "version": 1}
    assert made.event == EventDraft("model.created", None, {**SHOWN, "scheme": scheme_shown})


def test_a_new_model_follows_the_scheme_that_was_chosen_for_new_models() -> None:
    made = created(default=OWN)
    assert made.state.scheme == scheme_from_document(OWN).ref
    assert made.changes == (Put(PROFILE), Put(AssignedScheme(OWN, follows=True)))


def test_a_model_that_was_deleted_goes_on_with_its_numbers_its_chain_and_what_restricts_it() -> None:
    freeze = Freeze("incident", "token:eve", NOW)
    kept = {"head": Head(9, "f" * 64, "e9", NOW), "last_version": 4, "last_request": 2, "frozen": freeze}
    kept |= {"scheme": scheme_from_document(OWN).ref, "tier": Tier.HIGH}
    former = Model("fraud", deleted=True, created_at=Instant("2020-01-01T00:00:00.000Z"), created_by="x", **kept)
    made = created(former, default={"version": 1, **document(name="other")})
    assert made.state == Model("fraud", created_at=NOW, created_by="token:ada", **kept)
    assert made.changes == (Put(PROFILE),)
    with pytest.raises(ModelExistsError):
        created(Model("fraud"))
    with pytest.raises(InvalidNameError):
        created(name="")


@pytest.mark.parametrize(
    "change",
    [
        ProfileChange(description="x" * 100_001),
        ProfileChange(owner="x" * 1_000),
        ProfileChange(tags={"": "x"}),
        ProfileChange(metadata={"a": float("nan")}),
    ],
)
def test_a_profile_out_of_bounds_is_refused(change: ProfileChange) -> None:
    with pytest.raises(InvalidInputError):
        models.update(ModelState(Model("fraud"), PROFILE), change)


def test_describing_a_model_records_only_what_changed() -> None:
    state = ModelState(Model("fraud"), PROFILE)
    made = changed(models.update(state, ProfileChange(owner="eve", tags={"team": "risk"})))
    described = replace(PROFILE, owner="eve")
    assert made.result == ModelState(state.model, described) and made.state == state.model
    assert made.changes == (Put(described),)
    assert made.event == EventDraft("model.updated", {"owner": "ada"}, {"owner": "eve"})
    assert models.update(state, ProfileChange()) == NoChange(state)
    emptied = changed(models.update(state, ProfileChange("", "", {}, {})))
    assert emptied.changes == (Put(Profile()),)


def test_deleting_a_model_leaves_its_numbers_and_what_restricts_it() -> None:
    kept = {"last_version": 4, "last_request": 2, "tier": Tier.HIGH, "frozen": Freeze("x", "y", NOW)}
    full = Model(
        "fraud",
        aliases={"a": Pointer(None, (1,))},
        stages={"live": Pointer(None, (1,))},
        rule=RULE,
        retention=RetentionRule(archived_after_days=1),
        protected_aliases=("a",),
        open_requests={1: (1, "live")},
        **kept,
    )
    made = models.delete(ModelState(full, PROFILE))
    assert made.state == Model("fraud", deleted=True, **kept) and made.result is None
    assert made.changes == (Remove(PROFILE),)
    assert made.event == EventDraft("model.deleted", SHOWN, None)
    with pytest.raises(ModelNotEmptyError, match="still has 1 versions"):
        models.delete(ModelState(replace(full, versions=1), PROFILE))


def test_a_deleted_model_is_not_there() -> None:
    assert models.existing(Model("fraud"), "fraud") == Model("fraud")
    for missing in (None, Model("fraud", deleted=True)):
        with pytest.raises(ModelNotFoundError, match="no model 'fraud'"):
            models.existing(missing, "fraud")


def test_a_promotion_rule_is_set_replaced_and_cleared_each_recorded_once() -> None:
    made = changed(models.set_rule(Model("fraud"), scheme(), RULE))
    shown = {"metric": "auc", "to_stage": "live", "higher_is_better": True, "at_least": 0.9, "beats": None}
    assert made.result == made.state == Model("fraud", rule=RULE)
    assert made.event == EventDraft("model.rule_set", None, shown)
    assert models.set_rule(made.state, scheme(), RULE) == NoChange(made.state)
    beating = PromotionRule("auc", "live", beats=Beats("live", 0.1))
    replaced = changed(models.set_rule(made.state, scheme(), beating))
    assert replaced.event.before == shown and replaced.state.rule == beating
    cleared = models.clear_rule(made.state)
    assert cleared.state == Model("fraud") and cleared.result is None
    assert cleared.event == EventDraft("model.rule_cleared", shown, None)
    with pytest.raises(RuleNotFoundError):
        models.clear_rule(cleared.state)


@pytest.mark.parametrize(
    ("rule", "refusal"),
    [
        (PromotionRule("auc", "elsewhere", at_least=0), StageNotFoundError),
        (PromotionRule("auc", "draft", at_least=0), TransitionNotAllowedError),
        (PromotionRule("auc", "live", beats=Beats("elsewhere")), StageNotFoundError),
        (PromotionRule("", "live", at_least=0), InvalidInputError),
    ],
)
def test_a_promotion_rule_names_a_metric_a_move_and_a_stage_that_there_are(
    rule: PromotionRule, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        models.set_rule(Model("fraud"), scheme(), rule)


def test_a_promotion_rule_does_not_lead_where_the_scheme_leads_back_by_itself() -> None:
    moves = [
        {"from": "draft", "to": "live"},
        {"from": "live", "to": "draft", "automatic": True},
        {"from": ["draft", "live"], "to": "gone"},
    ]
    with pytest.raises(TransitionNotAllowedError, match="never rest with this rule"):
        models.set_rule(Model("fraud"), scheme(transitions=moves), RULE)
