"""Schemes on the table: saved, handed to their followers, chosen for new models, tried on a past."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import (
    BuiltinSchemeError,
    InvalidInputError,
    PreconditionFailedError,
    SchemeIncompatibleError,
    SchemeNotFoundError,
)
from chalicelib.domain.ledger import event_types
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.registry.models import models
from chalicelib.registry.promotion import promotion, scheme_assignment, simulation, stages
from chalicelib.registry.schemes import saving, schemes
from chalicelib.registry.schemes.conditions import evaluate, refused
from chalicelib.registry.versions import burials, versions
from tests.domain.schemes.documents import document
from tests.registry.build import model, ready, request
from tests.registry.governed import saved, told

GOLDEN = Path(__file__).parents[2] / "golden" / "release_0_1"
OWN = document()
SHARED = document(stages=[{"name": "draft"}, {"name": "live"}, {"name": "gone"}])


def save(registry: Services, given: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Save a scheme; the event of that."""
    saving.save_scheme(registry, request(), {**(given or OWN), **changes})
    return saved(registry)


def version_of(registry: Services, name: str) -> tuple[str, int]:
    found = models.model_head(registry, name).scheme
    return found.name, found.version


def assignments(registry: Services, name: str) -> int:
    return sum(1 for event in told(registry, name) if event["type"] == event_types.MODEL_SCHEME_ASSIGNED)


def test_every_save_is_a_version_that_stays(registry: Services) -> None:
    save(registry)
    save(registry)
    save(registry, description="second")
    assert schemes.get_scheme(registry, "own").version == 2
    assert "description" not in schemes.get_scheme(registry, "own", 1).document
    with pytest.raises(SchemeNotFoundError, match="no version 3"):
        schemes.get_scheme(registry, "own", 3)
    listed = schemes.list_schemes(registry, 10, None).items
    assert [one.document["name"] for one in listed] == ["default", "simple", "standard", "regulated", "own"]


def test_a_stale_save_and_one_of_a_scheme_that_is_not_there_are_refused(registry: Services) -> None:
    for tag in ('"1"', '"7"'):
        with pytest.raises(PreconditionFailedError):
            saving.save_scheme(registry, request(if_match=tag), OWN)
    save(registry)
    assert saving.save_scheme(registry, request(if_match='"1"'), {**OWN, "description": "x"}).result.version == 2


def test_a_built_in_scheme_cannot_be_saved(registry: Services) -> None:
    with pytest.raises(BuiltinSchemeError):
        save(registry, name="regulated")


def test_an_earlier_version_of_a_built_in_scheme_stays_as_it_was_released(registry: Services) -> None:
    released = next(
        one["document"]
        for page in json.loads((GOLDEN / "answers.json").read_text())
        if page["asked"]["path"] == "/v1/schemes"
        for one in page["answer"]["content"]["items"]
        if one["name"] == "regulated"
    )
    assert schemes.get_scheme(registry, "regulated", 1).document == released
    assert "scanning" not in schemes.get_scheme(registry, "regulated", 2).document
    assert schemes.get_scheme(registry, "regulated", 3) == schemes.get_scheme(registry, "regulated")
    for missing in (4, 0):
        with pytest.raises(SchemeNotFoundError):
            schemes.get_scheme(registry, "regulated", missing)


def test_a_model_keeps_its_version_of_a_built_in_scheme_until_it_is_given_another(registry: Services) -> None:
    name = model(registry)
    scheme_assignment.assign_scheme(registry, request(), name, "regulated", 1)
    ready(registry, name)
    promotion.judge_event(registry, told(registry, name)[-1])
    assert version_of(registry, name) == ("regulated", 1)
    scheme_assignment.assign_scheme(registry, request(), name, "regulated", None)
    assert version_of(registry, name) == ("regulated", 3)
    with pytest.raises(SchemeNotFoundError):
        scheme_assignment.assign_scheme(registry, request(), name, "regulated", 4)


def test_a_saved_scheme_is_handed_once_to_those_who_follow_it(registry: Services) -> None:
    save(registry)
    for name in ("follows", "pinned", "unfit", "deleted", "other"):
        model(registry, name)
    for name in ("follows", "unfit", "deleted"):
        scheme_assignment.assign_scheme(registry, request(), name, "own", None)
    scheme_assignment.assign_scheme(registry, request(), "pinned", "own", 1)
    ready(registry, "unfit")
    stages.transition(registry, request(), "unfit", "1", "live", None, None)
    models.delete_model(registry, request(), "deleted")
    without = [{"name": "draft"}, {"name": "gone"}]
    event = save(registry, stages=without, transitions=[{"from": "draft", "to": "gone"}])
    for _ in range(2):
        given, unfit = scheme_assignment.hand_on(registry, event)
        assert given == 1
        assert len(unfit) == 1 and "stand in live" in unfit[0]
    assert version_of(registry, "follows") == ("own", 2)
    assert version_of(registry, "pinned") == ("own", 1)
    assert version_of(registry, "unfit") == ("own", 1)
    assert version_of(registry, "other") == ("default", 1)
    assert assignments(registry, "follows") == 2


def test_versions_that_come_out_of_order_never_go_back(registry: Services) -> None:
    save(registry)
    scheme_assignment.assign_scheme(registry, request(), model(registry), "own", None)
    second, third = save(registry, description="2"), save(registry, description="3")
    scheme_assignment.hand_on(registry, third)
    scheme_assignment.hand_on(registry, second)
    assert version_of(registry, "fraud") == ("own", 3)


def test_pinning_the_version_that_judges_already_keeps_later_ones_away(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(registry)
    scheme_assignment.assign_scheme(registry, request(), model(registry), "own", None)
    event = save(registry, description="2")
    found = registry.table.query_index("models_by_scheme", "own", 10)
    scheme_assignment.assign_scheme(registry, request(), "fraud", "own", 1)
    # The index is eventually consistent: it may name the model for a while.
    monkeypatch.setattr(registry.table, "query_index", lambda *_, **__: found)
    assert found[0] and scheme_assignment.hand_on(registry, event) == (0, [])
    assert version_of(registry, "fraud") == ("own", 1)


def test_an_option_of_the_stack_gives_new_models_a_builtin_scheme_until_somebody_chooses(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "settings", replace(registry.settings, default_scheme="standard"))
    assert schemes.get_default(registry)["name"] == "standard"
    model(registry, "first")
    assert version_of(registry, "first") == ("standard", 1)
    ready(registry, "first")
    stages.transition(registry, request(), "first", 1, "Production", None, None)
    saving.set_default(registry, request(), "default")
    model(registry, "second")
    assert version_of(registry, "second") == ("default", 1)


def test_new_models_have_the_default_scheme_and_follow_it(registry: Services) -> None:
    save(registry)
    saving.set_default(registry, request(), "own")
    model(registry)
    assert version_of(registry, "fraud") == ("own", 1)
    assert ready(registry).stage == "draft"
    event = save(registry, description="2")
    scheme_assignment.hand_on(registry, event)
    assert version_of(registry, "fraud") == ("own", 2)
    models.create_model(registry, request(), "later", ProfileChange())
    assert version_of(registry, "later") == ("own", 2)
    assert scheme_assignment.get_model_scheme(registry, "later").document["description"] == "2"


def test_a_shared_stage_with_several_versions_cannot_become_exclusive(registry: Services) -> None:
    save(registry, SHARED)
    scheme_assignment.assign_scheme(registry, request(), model(registry), "own", None)
    for number in (1, 2):
        ready(registry)
        stages.transition(registry, request(), "fraud", str(number), "live", None, None)
    save(registry, OWN)
    with pytest.raises(SchemeIncompatibleError, match=r"stand in live, which .* makes exclusive"):
        scheme_assignment.assign_scheme(registry, request(), "fraud", "own", None)
    stages.transition(registry, request(), "fraud", "1", "gone", None, None)
    scheme_assignment.assign_scheme(registry, request(), "fraud", "own", None)


def test_an_exclusive_stage_that_becomes_shared_forgets_who_has_left_it(registry: Services) -> None:
    save(registry, OWN)
    scheme_assignment.assign_scheme(registry, request(), model(registry), "own", None)
    for number in (1, 2):
        ready(registry)
        stages.transition(registry, request(), "fraud", str(number), "live", None, None)
    save(registry, SHARED)
    scheme_assignment.assign_scheme(registry, request(), "fraud", "own", None)
    stages.transition(registry, request(), "fraud", "2", "gone", None, None)
    assert {one.name: one.version for one in stages.list_stages(registry, "fraud")}["live"] is None


def test_a_scheme_in_which_the_promotion_rule_would_never_rest_does_not_fit(registry: Services) -> None:
    models.set_rule(registry, request(), model(registry), PromotionRule("auc", "production", at_least=0.5))
    scan = {"automatic": True, "gates": [{"name": "scan", "kind": "scan"}]}
    circle = document(
        initial="development",
        stages=[{"name": "development"}, {"name": "production", "exclusive": True}, {"name": "gone"}],
        transitions=[
            {"from": "development", "to": "production"},
            {"from": "production", "to": "gone", **scan},
            {"from": "gone", "to": "development", **scan},
        ],
    )
    save(registry, circle)
    with pytest.raises(SchemeIncompatibleError, match="promotion rule"):
        scheme_assignment.assign_scheme(registry, request(), "fraud", "own", None)


def test_automatic_moves_go_from_stage_to_stage_while_their_conditions_are_true(registry: Services) -> None:
    automatic = {"automatic": True}
    good = {"name": "good", "kind": "condition", "expression": "metrics.auc > 0.5 && tier == 'low'"}
    save(
        registry,
        stages=[{"name": "draft"}, {"name": "tried"}, {"name": "live", "exclusive": True}, {"name": "gone"}],
        transitions=[
            {"from": "draft", "to": "tried", **automatic, "gates": [good]},
            {"from": "tried", "to": "live", **automatic, "gates": [{**good, "expression": "has(metrics.auc)"}]},
        ],
    )
    scheme_assignment.assign_scheme(registry, request(), model(registry), "own", None)
    ready(registry, metrics={"auc": 0.9})
    for stage in ("tried", "live"):
        (judgement,) = promotion.judge_event(registry, told(registry)[-1])
        assert judgement.promoted
        assert told(registry)[-1]["after"]["stage"] == stage
    assert told(registry)[-1]["details"]["gates"][0]["reason"] == "the condition is true"
    (judgement,) = promotion.judge_event(registry, told(registry)[-1])
    assert judgement.reason == "nothing moves by itself out of live"


VARIABLES = {"metrics": {"auc": 0.9}, "tags": {"team": "a"}, "now": "2026-11-23T09:30:00.000Z"}


@pytest.mark.parametrize(
    ("expression", "holds", "problem"),
    [
        ("metrics.auc > 0.5", True, ""),
        ("metrics.auc > 1", False, ""),
        ("now > timestamp('2026-01-01T00:00:00Z')", True, ""),
        ("metrics.f1 > 0.5", None, "there is no key 'f1'"),
        ("metrics.auc", None, "it is float, not true or false"),
        ("tags.team > 1", None, "overload"),
        ("1 / 0 == 1", None, "division by zero"),
        ("[1][3] == 1", None, "index out of bounds"),
    ],
)
def test_a_condition_that_cannot_be_evaluated_says_why(expression: str, holds: bool | None, problem: str) -> None:
    truth = evaluate(expression, VARIABLES)
    assert truth.holds is holds
    assert problem in truth.problem


@pytest.mark.parametrize(
    ("expression", "position"), [("metrics.auc >", 14), ("metrics.auc > 1 &&\n  )", 22), ("(" * 200 + ")" * 200, 97)]
)
def test_a_condition_that_is_not_well_formed_is_refused_with_its_place(expression: str, position: int) -> None:
    fault = refused(expression)
    assert fault is not None and fault.position == position


def test_a_scheme_with_a_bad_condition_is_not_saved(registry: Services) -> None:
    gate = {"name": "cel", "kind": "condition", "expression": "metrics.auc >"}
    with pytest.raises(InvalidInputError, match="character 14"):
        save(registry, transitions=[{"from": "draft", "to": "live", "gates": [gate]}, {"from": "live", "to": "gone"}])


def test_a_proposed_scheme_is_held_against_what_was_done(registry: Services) -> None:
    model(registry)
    for number in (1, 2):
        ready(registry, metrics={"auc": 0.9 - number / 10})
        stages.transition(registry, request(), "fraud", str(number), "production", None, None)
    better = {"name": "better", "kind": "compare", "metric": "auc", "stage": "production"}
    proposed = document(
        initial="development",
        stages=[{"name": "development"}, {"name": "production", "exclusive": True}, {"name": "gone"}],
        transitions=[{"from": "development", "to": "production", "gates": [better]}],
    )
    found = simulation.simulate(registry, "fraud", proposed)
    assert found.complete
    assert [len(move.blockers) for move in found.moves] == [0, 1]


def test_a_version_saved_while_a_model_was_given_the_scheme_reaches_the_model(registry: Services) -> None:
    save(registry)
    model(registry)
    scheme_assignment.assign_scheme(registry, request(), "fraud", "own", None)
    assigned = told(registry, "fraud")[-1]
    assert scheme_assignment.catch_up(registry, assigned) == 0
    # As if the model had not yet been among the followers when this was saved and handed on.
    save(registry, description="second")
    assert scheme_assignment.catch_up(registry, assigned) == scheme_assignment.catch_up(registry, assigned) == 1
    assert version_of(registry, "fraud") == ("own", 2)
    assert assignments(registry, "fraud") == 2


def test_a_pinned_model_does_not_catch_up(registry: Services) -> None:
    save(registry)
    model(registry)
    scheme_assignment.assign_scheme(registry, request(), "fraud", "own", 1)
    save(registry, description="second")
    assert scheme_assignment.catch_up(registry, told(registry, "fraud")[-1]) == 0
    assert version_of(registry, "fraud") == ("own", 1)
    assert not scheme_assignment.get_model_scheme(registry, "fraud").follows


def test_deleting_a_model_and_creating_it_again_sheds_neither_its_scheme_nor_its_tier(registry: Services) -> None:
    save(registry)
    model(registry, "fraud")
    scheme_assignment.assign_scheme(registry, request(), "fraud", "own", None)
    scheme_assignment.set_tier(registry, request(), "fraud", Tier.HIGH, None)
    ready(registry)
    versions.delete_version(registry, request(), "fraud", "1")
    models.delete_model(registry, request(), "fraud")
    models.create_model(registry, request(), "fraud", ProfileChange())
    burials.restore_version(registry, request(), "fraud", "1", None)
    head = models.model_head(registry, "fraud")
    assert (head.scheme.name, head.tier) == ("own", Tier.HIGH)
    assert scheme_assignment.get_model_scheme(registry, "fraud").document["name"] == "own"
    event = save(registry, description="second")
    assert scheme_assignment.hand_on(registry, event) == (1, [])


def own(registry: Services, initial: str, **exclusive: bool) -> None:
    """Save and assign a scheme with one more shared stage, ``side``, the stages as asked for."""
    names = [initial, *({"draft", "side"} - {initial}), "gone"]
    given = document(
        initial=initial,
        stages=[{"name": name, "exclusive": exclusive.get(name, False)} for name in names],
        transitions=[{"from": name, "to": other} for name in names for other in names if name != other],
    )
    save(registry, given)
    scheme_assignment.assign_scheme(registry, request(), "fraud", "own", None)


def test_versions_that_stand_in_a_former_initial_stage_keep_it_from_going_and_from_being_exclusive(
    registry: Services,
) -> None:
    model(registry)
    own(registry, "draft")
    for _ in range(2):
        ready(registry)
    own(registry, "side")
    with pytest.raises(SchemeIncompatibleError, match=r"stand in draft, which .* makes exclusive"):
        own(registry, "side", draft=True)
    with pytest.raises(SchemeIncompatibleError, match=r"stand in draft, which .* does not have"):
        scheme_assignment.assign_scheme(registry, request(), "fraud", "simple", None)
    for number in (1, 2):
        stages.transition(registry, request(), "fraud", str(number), "gone", None, None)
    own(registry, "side", draft=True)


def test_a_stage_is_not_empty_once_the_last_twenty_have_left_it(registry: Services) -> None:
    model(registry)
    own(registry, "draft")
    for number in range(1, 24):
        ready(registry)
        stages.transition(registry, request(), "fraud", str(number), "side", None, None)
    for number in range(23, 2, -1):
        stages.transition(registry, request(), "fraud", str(number), "gone", None, None)
    with pytest.raises(SchemeIncompatibleError, match=r"stand in side, which .* makes exclusive"):
        own(registry, "draft", side=True)


def test_a_condition_on_the_size_sees_in_the_past_what_it_was(registry: Services) -> None:
    model(registry)
    save(registry)
    scheme_assignment.assign_scheme(registry, request(), "fraud", "own", None)
    size = ready(registry).total_size
    stages.transition(registry, request(), "fraud", "1", "live", None, None)
    for bound, refused_moves in ((size, 0), (size - 1, 1)):
        small = {"name": "small", "kind": "condition", "expression": f"version.total_size <= {bound}"}
        gated = [{**OWN["transitions"][0], "gates": [small]}, OWN["transitions"][1]]
        found = simulation.simulate(registry, "fraud", {**OWN, "transitions": gated})
        assert sum(bool(move.blockers) for move in found.moves) == refused_moves
