"""The classification of a model's data: how it is changed, which gates it selects, and what conditions see of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.classification import (
    PERSONAL_DATA,
    UNCLASSIFIED,
    WORDS,
    Classification,
    Level,
    covers,
    lowers,
    stricter,
)
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange
from chalicelib.domain.models.decisions import ModelState, ProfileChange, classify, create
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.models.renaming import create_renamed
from chalicelib.domain.promotion.condition_variables import condition_variables
from chalicelib.domain.promotion.gate_results import binding, judge
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.rules import check_scheme
from tests.domain.build import changed, stamp
from tests.domain.schemes.documents import document, facts, gate

PERSONAL = Classification(Level.CONFIDENTIAL, personal_data=True)
CHECK = {"kind": "check", "check": "privacy"}


def test_classifying_a_model_says_what_was_and_what_is() -> None:
    decision = changed(classify(Model("fraud"), PERSONAL, "customers"))
    (event,) = decision.events
    assert event.type == event_types.MODEL_CLASSIFIED
    assert event.before == {"classification": None, "personal_data": False}
    assert event.after == {"classification": "confidential", "personal_data": True}
    assert event.reason == "customers"
    assert decision.state.classification == PERSONAL


def test_the_same_classification_changes_nothing() -> None:
    assert isinstance(classify(Model("fraud", classification=PERSONAL), PERSONAL, None), NoChange)


def test_a_classification_can_be_taken_back_with_a_reason() -> None:
    assert changed(classify(Model("fraud", classification=PERSONAL), None, "a mistake")).state.classification is None


@pytest.mark.parametrize("lower", [None, Classification(Level.CONFIDENTIAL), Classification(Level.INTERNAL, True)])
def test_a_classification_is_not_lowered_without_a_reason(lower: Classification | None) -> None:
    with pytest.raises(InvalidInputError) as refused:
        classify(Model("fraud", classification=PERSONAL), lower, None)
    assert [problem.pointer for problem in refused.value.problems] == ["/reason"]
    assert changed(classify(Model("fraud", classification=PERSONAL), lower, "audited")).event.reason == "audited"


@pytest.mark.parametrize("before", [None, Classification(Level.CONFIDENTIAL), Classification(Level.PUBLIC)])
def test_a_classification_is_raised_without_one(before: Classification | None) -> None:
    assert changed(classify(Model("fraud", classification=before), PERSONAL, None)).state.classification == PERSONAL


@given(
    one=st.none() | st.builds(Classification, st.sampled_from(Level), st.booleans()),
    other=st.none() | st.builds(Classification, st.sampled_from(Level), st.booleans()),
)
def test_of_two_classifications_one_is_lower_in_some_respect(
    one: Classification | None, other: Classification | None
) -> None:
    assert (lowers(one, other) or lowers(other, one)) == (one != other)


CLASSIFIED = st.none() | st.builds(Classification, st.sampled_from(list(Level)), st.booleans())


@given(CLASSIFIED, CLASSIFIED)
def test_the_stricter_of_two_classifications_hides_what_either_hides(
    one: Classification | None, other: Classification | None
) -> None:
    both = stricter(one, other)
    assert both == stricter(other, one)
    levels = [classified.level for classified in (one, other) if classified is not None]
    assert both is None or both.level == max(levels, key=list(Level).index)
    personal = any(classified is not None and classified.personal_data for classified in (one, other))
    assert (both is not None and both.personal_data) == personal


def test_a_renamed_model_stays_as_strictly_classified_as_it_was() -> None:
    old = ModelState(Model("old", classification=PERSONAL), Profile())
    made = create_renamed(None, old, None, "new")
    assert made.state.classification == PERSONAL
    (event,) = made.events
    assert event.after is not None
    assert event.after.items() >= {"classification": "confidential", "personal_data": True}.items()
    deleted = Model("new", deleted=True, classification=Classification(Level.RESTRICTED))
    both = create_renamed(deleted, old, None, "new").state.classification
    assert both == Classification(Level.RESTRICTED, personal_data=True)


def test_a_deleted_model_that_is_created_again_stays_classified_unless_a_higher_one_is_given() -> None:
    deleted = Model("fraud", deleted=True, classification=PERSONAL)
    restricted = Classification(Level.RESTRICTED, personal_data=True)
    for given_one, found in ((None, PERSONAL), (restricted, restricted)):
        made = create(deleted, "fraud", ProfileChange(), PRESETS["default"], stamp(), given_one)
        assert made.state.classification == found
    with pytest.raises(InvalidInputError) as refused:
        create(deleted, "fraud", ProfileChange(), PRESETS["default"], stamp(), Classification(Level.PUBLIC))
    assert [problem.pointer for problem in refused.value.problems] == ["/classification"]


@pytest.mark.parametrize(
    ("named", "of", "covered"),
    [
        ((), None, True),
        ((), PERSONAL, True),
        (("unclassified",), None, True),
        (("unclassified",), PERSONAL, False),
        (("confidential", "restricted"), PERSONAL, True),
        (("personal_data",), PERSONAL, True),
        (("personal_data",), Classification(Level.RESTRICTED), False),
    ],
)
def test_words_cover_the_models_to_which_one_of_them_applies(
    named: tuple[str, ...], of: Classification | None, covered: bool
) -> None:
    assert covers(named, of) is covered


def test_every_model_has_some_word() -> None:
    all_of_them = [None, *(Classification(level, flag) for level in Level for flag in (False, True))]
    assert all(covers(set(WORDS) - {PERSONAL_DATA}, one) for one in all_of_them)
    assert not any(covers([UNCLASSIFIED], one) for one in all_of_them[1:])


def test_a_gate_is_judged_for_the_classifications_that_it_names() -> None:
    privacy = gate(**CHECK, classifications=["personal_data"])
    assert judge([privacy], facts()) == ()
    (result,) = judge([privacy], replace(facts(), classification=PERSONAL))
    assert not result.holds


def test_an_approval_is_void_when_the_classification_changes() -> None:
    bound = {
        binding((), replace(facts(), classification=one), {}) for one in (None, PERSONAL, Classification(Level.PUBLIC))
    }
    assert len(bound) == 3


def test_conditions_see_the_classification() -> None:
    assert condition_variables(facts())["model"] == {
        "name": "fraud",
        "classification": "unclassified",
        "personal_data": False,
    }
    seen = condition_variables(replace(facts(), classification=PERSONAL))["model"]
    assert (seen["classification"], seen["personal_data"]) == ("confidential", True)


def test_an_automatic_move_needs_a_gate_for_every_classification() -> None:
    moves = [
        {
            "from": "draft",
            "to": "live",
            "automatic": True,
            "gates": [{"name": "g", **CHECK, "classifications": ["public"]}],
        },
        {"from": ["draft", "live"], "to": "gone"},
    ]
    with pytest.raises(InvalidInputError, match="needs a gate or approvals for each tier"):
        check_scheme(document(transitions=moves), lambda _: None)
    moves[0]["gates"] = [{"name": "g", **CHECK}]
    check_scheme(document(transitions=moves), lambda _: None)
