"""Which scheme judges a model, and what has to fit before it may."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import SchemeIncompatibleError
from chalicelib.domain.ledger.decision import Decision, NoChange, Put
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion import scheme_assignment
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.promotion_rule import Beats, PromotionRule
from chalicelib.domain.schemes.scheme import scheme_from_document
from tests.domain.build import changed
from tests.domain.schemes.documents import document

EXCLUSIVE = [{"name": "draft"}, {"name": "live", "exclusive": True}, {"name": "gone"}]
SHARED = [{"name": "draft"}, {"name": "live"}, {"name": "gone"}]


def version(number: int, **changes: Any) -> dict[str, Any]:
    return {"version": number, **document(**changes)}


def judged_by(stated: dict[str, Any], **fields: Any) -> Model:
    return Model("fraud", scheme=scheme_from_document(stated).ref, **fields)


def assigned(model: Model, present: dict[str, Any], wanted: dict[str, Any]) -> Decision[Model]:
    given = (AssignedScheme(present, True), AssignedScheme(wanted, False))
    return changed(scheme_assignment.assign(model, *given, Trigger.REQUEST))


def test_assigning_a_scheme_records_the_former_and_the_new_one() -> None:
    present, wanted = version(1), version(4)
    made = assigned(judged_by(present), present, wanted)
    assert made.state.scheme == scheme_from_document(wanted).ref
    assert made.changes == (Put(AssignedScheme(wanted, False)),)
    assert (made.event.type, made.event.trigger) == ("model.scheme_assigned", Trigger.REQUEST)
    assert made.event.before == {"scheme": {"name": "own", "version": 1}, "follows": True}
    assert made.event.after == {"scheme": {"name": "own", "version": 4}, "follows": False}


def test_assigning_the_same_scheme_changes_nothing_but_pinning_it_does() -> None:
    present = AssignedScheme(version(1), True)
    model = judged_by(version(1))
    assert scheme_assignment.assign(model, present, present, Trigger.REQUEST) == NoChange(model)
    pinned = scheme_assignment.assign(model, present, replace(present, follows=False), Trigger.REQUEST)
    assert changed(pinned).event.after == {"scheme": {"name": "own", "version": 1}, "follows": False}


def test_a_model_follows_its_scheme_to_newer_versions_only() -> None:
    present = AssignedScheme(version(3), True)
    model = judged_by(version(3))
    made = changed(scheme_assignment.follow(model, present, version(4)))
    assert made.state.scheme.version == 4
    assert made.changes == (Put(AssignedScheme(version(4), True)),)
    assert made.event.trigger is Trigger.RULE
    for same_or_older in (version(3), version(2)):
        assert isinstance(scheme_assignment.follow(model, present, same_or_older), NoChange)


def test_a_model_that_is_pinned_or_has_another_scheme_does_not_follow() -> None:
    model = judged_by(version(3))
    pinned = AssignedScheme(version(3), False)
    assert isinstance(scheme_assignment.follow(model, pinned, version(4)), NoChange)
    other = version(4, name="other")
    assert isinstance(scheme_assignment.follow(model, AssignedScheme(version(3), True), other), NoChange)


def test_a_scheme_needs_every_stage_in_which_versions_stand() -> None:
    present = version(1, stages=[*EXCLUSIVE, {"name": "canary"}, {"name": "beta"}])
    standing = judged_by(present, standing={"canary": 2, "beta": 1, "draft": 1})
    with pytest.raises(SchemeIncompatibleError, match="stand in beta, canary, which"):
        assigned(standing, present, version(2))
    assert assigned(replace(standing, standing={"draft": 1}), present, version(2)).state.scheme.version == 2


@pytest.mark.parametrize(
    ("standing", "pointer", "fits"),
    [(0, Pointer(), True), (1, Pointer(1), True), (2, Pointer(1), False), (1, Pointer(None, (1,)), False)],
)
def test_a_stage_becomes_exclusive_only_around_the_one_version_that_holds_it(
    standing: int, pointer: Pointer, fits: bool
) -> None:
    present, wanted = version(1, stages=SHARED), version(2, stages=EXCLUSIVE)
    model = judged_by(present, standing={"live": standing, "draft": 3} if standing else {}, stages={"live": pointer})
    if fits:
        assert assigned(model, present, wanted).state.scheme.version == 2
    else:
        with pytest.raises(SchemeIncompatibleError, match="stand in live, which the scheme 'own' makes exclusive"):
            assigned(model, present, wanted)


LEADING_BACK = [
    {"from": "draft", "to": "live"},
    {"from": "live", "to": "draft", "automatic": True},
    {"from": ["draft", "live"], "to": "gone"},
]


@pytest.mark.parametrize(
    ("rule", "changes", "fits"),
    [
        (PromotionRule("auc", "live", at_least=0.9), {}, True),
        (PromotionRule("auc", "live", beats=Beats("live")), {}, True),
        (PromotionRule("auc", "live", beats=Beats("canary")), {}, False),
        (PromotionRule("auc", "canary", at_least=0.9), {}, False),
        (PromotionRule("auc", "live", at_least=0.9), {"transitions": [{"from": "draft", "to": "gone"}]}, False),
        (PromotionRule("auc", "live", at_least=0.9), {"transitions": LEADING_BACK}, False),
    ],
)
def test_a_scheme_needs_the_move_of_the_promotion_rule_and_none_that_undoes_it(
    rule: PromotionRule, changes: dict[str, Any], fits: bool
) -> None:
    present = version(1)
    model = judged_by(present, rule=rule)
    if fits:
        assert assigned(model, present, version(2, **changes)).state.rule == rule
    else:
        with pytest.raises(SchemeIncompatibleError, match="promotion rule of 'fraud' does not fit"):
            assigned(model, present, version(2, **changes))


@pytest.mark.parametrize(
    ("before", "after", "pointer", "kept"),
    [
        (EXCLUSIVE, EXCLUSIVE, Pointer(2, (1,)), {"live": Pointer(2, (1,))}),
        (SHARED, SHARED, Pointer(2, (1,)), {"live": Pointer(2, (1,))}),
        (SHARED, EXCLUSIVE, Pointer(2, (1,)), {"live": Pointer(2, (1,))}),
        # Past holders of an exclusive stage do not stand in it, as the trail of a shared stage would say.
        (EXCLUSIVE, SHARED, Pointer(2, (1,)), {"live": Pointer(2)}),
        (EXCLUSIVE, SHARED, Pointer(None, (1,)), {}),
        (EXCLUSIVE, [{"name": "draft"}, {"name": "gone"}], Pointer(None, (1,)), {}),
        # A stage that a former scheme left behind.
        ([{"name": "draft"}, {"name": "gone"}], SHARED, Pointer(2, (1,)), {"live": Pointer(2, (1,))}),
    ],
)
def test_the_pointers_of_stages_are_kept_as_far_as_the_new_scheme_gives_them_a_meaning(
    before: list[dict[str, Any]], after: list[dict[str, Any]], pointer: Pointer, kept: dict[str, Pointer]
) -> None:
    moves = [{"from": "draft", "to": "gone"}]
    present, wanted = version(1, stages=before, transitions=moves), version(2, stages=after, transitions=moves)
    assert assigned(judged_by(present, stages={"live": pointer}), present, wanted).state.stages == kept


def test_setting_the_tier_records_it_once() -> None:
    made = changed(scheme_assignment.set_tier(Model("fraud"), Tier.HIGH, "used for credit"))
    assert made.state.tier is Tier.HIGH and made.result == made.state
    assert (made.event.type, made.event.reason) == ("model.tier_set", "used for credit")
    assert (made.event.before, made.event.after) == ({"tier": "low"}, {"tier": "high"})
    assert isinstance(scheme_assignment.set_tier(made.state, Tier.HIGH, None), NoChange)
