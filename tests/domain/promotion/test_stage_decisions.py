"""Which moves may be made, on whose word, and what their events record."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import (
    ApprovalsMissingError,
    GatesNotMetError,
    InvalidInputError,
    ModelFrozenError,
    NothingToRollBackError,
    RegistryError,
    StageChangedError,
    StageNotFoundError,
    TransitionNotAllowedError,
    VersionNotReadyError,
)
from chalicelib.domain.ledger.decision import NoChange
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.models.restrictions import Freeze
from chalicelib.domain.promotion import request_decisions as requests
from chalicelib.domain.promotion import stage_decisions as stages
from chalicelib.domain.promotion.moves import TransitionContext
from chalicelib.domain.promotion.request_decisions import Voter
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.scheme import Scheme
from tests.domain.build import NOW, changed, ready, register, stamp, transition_context
from tests.domain.schemes.documents import check, scheme

SCAN = {"name": "scan", "kind": "scan"}
FAIR = {"name": "fair", "kind": "check", "check": "fairness"}
TWO_APPROVALS = [{"count": 2, "roles": ["reviewer"]}]
PROTECTED = [{"name": "draft"}, {"name": "live", "exclusive": True, "protected": True}, {"name": "gone"}]
FROZEN = Freeze("incident", "token:ada", NOW)


def into_live(**changes: Any) -> list[dict[str, Any]]:
    return [
        {"from": ["draft", "gone"], "to": "live", **changes},
        {"from": ["draft", "live"], "to": "gone"},
        {"from": "live", "to": "draft"},
    ]


def found(by: Scheme, passed: bool = True, model: dict[str, Any] | None = None, **facts: Any) -> TransitionContext:
    """A READY version in the initial stage, whose checks ``scan`` and ``fairness`` both passed or both failed."""
    standing, version = ready(Model("fraud", scheme=by.ref))
    reports = {"scan": check(passed), "fairness": check(passed)}
    return transition_context(replace(standing, **model or {}), version, by, checks=reports, **facts)


def asked(context: TransitionContext, approved_by: tuple[str, ...] = ()) -> tuple[TransitionContext, TransitionRequest]:
    """The context once the move to ``live`` was asked for, with these approvals."""
    opened = requests.open_request(context, "live", "please", None, [], stamp(actor="token:bob"))
    request, context = opened.result, replace(context, model=opened.state)
    for name in approved_by:
        request = requests.vote(context, request, Voter(name, ("reviewer",), ()), True, None, stamp()).result
    return replace(context, open_requests={request.number: request}), request


def transition(context: TransitionContext, to_stage: str = "live", expected: str | None = None) -> Any:
    return stages.transition(context, to_stage, expected, "because", stamp())


def test_a_direct_call_never_enters_a_protected_stage() -> None:
    with pytest.raises(ApprovalsMissingError, match="open a transition request"):
        transition(found(scheme(stages=PROTECTED)))


def test_a_direct_call_never_makes_a_move_that_takes_approvals() -> None:
    with pytest.raises(ApprovalsMissingError, match="2 approvals from role reviewer") as refused:
        transition(found(scheme(transitions=into_live(approvals=TWO_APPROVALS))))
    assert [problem.pointer for problem in refused.value.problems] == ["/approvals"]


def test_a_direct_call_is_pointed_to_the_request_that_asks_for_the_move() -> None:
    context = found(scheme(transitions=into_live(approvals=TWO_APPROVALS)))
    other = requests.open_request(context, "gone", None, None, [], stamp(actor="token:bob"))
    with pytest.raises(ApprovalsMissingError, match="open a transition request"):
        transition(replace(context, model=other.state))
    context, request = asked(replace(context, model=other.state))
    assert request.number == 2
    with pytest.raises(ApprovalsMissingError, match="by request 2, which asks for it") as refused:
        transition(context)
    assert [problem.pointer for problem in refused.value.problems] == ["/requests/2"]


def test_a_move_names_every_gate_that_does_not_hold() -> None:
    gated = scheme(transitions=into_live(gates=[SCAN, FAIR]))
    with pytest.raises(GatesNotMetError, match="because 2 gates do not hold: scan, ") as refused:
        transition(found(gated, passed=False))
    assert [problem.pointer for problem in refused.value.problems] == ["/gates/scan", "/gates/fair"]
    alone = scheme(transitions=into_live(gates=[SCAN]))
    with pytest.raises(GatesNotMetError, match=r"the check scan failed\.$"):
        transition(found(alone, passed=False))


def test_a_move_records_why_it_was_allowed() -> None:
    strict = {**FAIR, "tiers": ["high"]}
    moved = transition(found(scheme(transitions=into_live(gates=[SCAN, strict])), model={"tier": Tier.MEDIUM}))
    event = moved.event
    assert (event.type, event.trigger, event.reason, event.version) == (
        "version.transitioned",
        Trigger.REQUEST,
        "because",
        1,
    )
    assert event.before == {"stage": "draft"}
    assert event.after == {"stage": "live", "digest": moved.result.digest}
    assert event.details == {
        "scheme": {"name": "own", "version": 1},
        "tier": "medium",
        "gates": [
            {
                "gate": "scan",
                "kind": "scan",
                "holds": True,
                "actual": "passed",
                "needed": "the check scan reported as passed",
                "reason": "the check scan passed",
                "awaited": None,
            }
        ],
        "approvals": [],
    }


def test_a_version_that_stands_there_already_is_not_moved_even_in_a_frozen_model() -> None:
    context = found(scheme(), model={"frozen": FROZEN})
    assert isinstance(transition(context, "draft"), NoChange)
    assert isinstance(stages.override(context, "draft", None, "because", stamp()), NoChange)


def test_nothing_moves_while_the_model_is_frozen() -> None:
    context = found(scheme(transitions=into_live(automatic=True)), model={"frozen": FROZEN})
    with pytest.raises(ModelFrozenError):
        transition(context)
    with pytest.raises(ModelFrozenError):
        stages.override(context, "live", None, "because", stamp())
    with pytest.raises(ModelFrozenError):
        stages.promote(context, context.scheme.transition("draft", "live"), stamp())


def test_a_move_from_another_stage_than_the_expected_one_is_refused() -> None:
    context = found(scheme())
    with pytest.raises(StageChangedError, match="stands in draft, not in gone"):
        transition(context, expected="gone")
    assert transition(context, expected="draft").result.stage == "live"


def test_only_a_ready_version_moves_to_a_stage_that_there_is() -> None:
    by = scheme()
    model, pending = register(Model("fraud", scheme=by.ref))
    for to_stage, refusal in (("live", VersionNotReadyError), ("elsewhere", StageNotFoundError)):
        with pytest.raises(refusal):
            transition(transition_context(model, pending, by), to_stage)


def test_breaking_glass_records_every_gate_and_approval_that_it_overrode() -> None:
    by = scheme(transitions=into_live(gates=[SCAN, FAIR], approvals=TWO_APPROVALS), stages=PROTECTED)
    forced = changed(stages.override(found(by, passed=False), "live", None, "fire", stamp()))
    assert (forced.event.trigger, forced.event.reason) == (Trigger.OVERRIDE, "fire")
    assert forced.event.details is not None
    assert forced.event.details["overridden"] == ["scan", "fair", "2 approvals from role reviewer"]
    assert [result["holds"] for result in forced.event.details["gates"]] == [False, False]


@pytest.mark.parametrize(("guarded", "overridden"), [(True, ["live is protected"]), (False, [])])
def test_breaking_glass_records_that_it_entered_a_protected_stage(guarded: bool, overridden: list[str]) -> None:
    by = scheme(stages=PROTECTED) if guarded else scheme()
    forced = changed(stages.override(found(by), "live", "draft", "fire", stamp()))
    assert forced.event.details is not None and forced.event.details["overridden"] == overridden


def test_an_automatic_move_is_made_once_all_its_gates_hold() -> None:
    by = scheme(stages=PROTECTED, transitions=into_live(gates=[SCAN, FAIR], automatic=True))
    move = by.transition("draft", "live")
    outcome, reason = stages.promote(found(by, passed=False), move, stamp())
    assert isinstance(outcome, NoChange) and outcome.result.stage == "draft"
    assert reason == "the check scan failed; the check fairness failed"
    outcome, reason = stages.promote(found(by), move, stamp())
    made = changed(outcome)
    assert made.result.stage == "live"
    assert reason == made.event.reason == "the check scan passed; the check fairness passed"
    assert made.event.trigger is Trigger.RULE
    assert made.event.details is not None and len(made.event.details["gates"]) == 2


def test_an_automatic_move_that_takes_approvals_waits_for_its_request() -> None:
    by = scheme(transitions=into_live(automatic=True, approvals=TWO_APPROVALS))
    outcome, reason = stages.promote(found(by), by.transition("draft", "live"), stamp())
    assert isinstance(outcome, NoChange) and outcome.result.stage == "draft"
    assert reason == "the move to live takes a request with approvals"


def test_an_approved_request_moves_its_version_and_records_who_approved() -> None:
    by = scheme(transitions=into_live(gates=[SCAN], approvals=TWO_APPROVALS), stages=PROTECTED)
    context, request = asked(found(by), ("token:dan", "token:cy"))
    made = stages.execute(context, request, Trigger.RULE, None, stamp())
    assert made.result.stage == "live"
    assert (made.event.trigger, made.event.reason) == (Trigger.RULE, "please")
    assert made.event.details is not None
    assert made.event.details["request"] == 1
    assert made.event.details["approvals"] == ["token:cy", "token:dan"]
    said = stages.execute(context, request, Trigger.REQUEST, "go", stamp())
    assert said.event.reason == "go"


def test_a_request_without_its_approvals_or_gates_is_not_executed() -> None:
    by = scheme(transitions=into_live(gates=[SCAN], approvals=TWO_APPROVALS))
    context, request = asked(found(by), ("token:cy",))
    with pytest.raises(ApprovalsMissingError, match="request 1 waits for it") as missing:
        stages.execute(context, request, Trigger.REQUEST, None, stamp())
    assert [problem.message for problem in missing.value.problems] == [
        "it takes 2 approvals from role reviewer; approved by token:cy"
    ]
    context, request = asked(found(by, passed=False), ("token:cy", "token:dan"))
    with pytest.raises(GatesNotMetError):
        stages.execute(context, request, Trigger.REQUEST, None, stamp())


def test_a_request_that_takes_no_approvals_is_executed_by_a_caller_and_not_by_itself() -> None:
    context, request = asked(found(scheme()))
    with pytest.raises(ApprovalsMissingError, match="a transition request") as refused:
        stages.execute(context, request, Trigger.RULE, None, stamp())
    assert refused.value.problems == ()
    assert stages.execute(context, request, Trigger.REQUEST, None, stamp()).result.stage == "live"


def test_a_request_that_takes_no_approvals_never_enters_a_protected_stage() -> None:
    context, request = asked(found(scheme(stages=PROTECTED)))
    with pytest.raises(ApprovalsMissingError):
        stages.execute(context, request, Trigger.REQUEST, None, stamp())


@pytest.mark.parametrize(("stage", "refusal"), [("live", "stands in live already"), ("gone", "not in draft")])
def test_a_request_whose_version_has_moved_is_not_executed(stage: str, refusal: str) -> None:
    context, request = asked(found(scheme()))
    moved = replace(context.facts, version=replace(context.version, stage=stage))
    if stage == "live":
        request = replace(request, from_stage="live")
    with pytest.raises(StageChangedError, match=refusal):
        stages.execute(replace(context, facts=moved), request, Trigger.REQUEST, None, stamp())


def test_rolling_a_stage_back_returns_to_the_holder_before_or_to_an_earlier_one_that_is_named() -> None:
    by = scheme()
    model = Model("fraud", stages={"live": Pointer(4, (1, 3))})
    assert stages.roll_back_target(model, by, "live") == 3
    assert stages.roll_back_target(model, by, "live", 1) == 1
    with pytest.raises(NothingToRollBackError, match="those are 3, 1"):
        stages.roll_back_target(model, by, "live", 2)
    assert stages.roll_back_target(model, by, "live", 1, leaving=4) == 1
    with pytest.raises(StageChangedError, match="held by version 4, no longer by version 3"):
        stages.roll_back_target(model, by, "live", 1, leaving=3)
    with pytest.raises(StageChangedError, match="held by nobody"):
        stages.roll_back_target(Model("fraud"), by, "live", 1, leaving=3)


@pytest.mark.parametrize(
    ("stage", "refusal"),
    [("live", NothingToRollBackError), ("draft", TransitionNotAllowedError), ("elsewhere", StageNotFoundError)],
)
def test_only_an_exclusive_stage_with_an_earlier_holder_is_rolled_back(
    stage: str, refusal: type[RegistryError]
) -> None:
    for model in (Model("fraud"), Model("fraud", stages={"live": Pointer(1)})):
        with pytest.raises(refusal):
            stages.roll_back_target(model, scheme(), stage)


def rolled_back(reason: str | None, rollback: dict[str, Any], passed: bool = True) -> Any:
    """Version 1 returns to the stage that version 3 holds, which version 2 held in between."""
    context = found(scheme(rollback=rollback), passed, {"stages": {"live": Pointer(3, (1, 2))}})
    moved = replace(context.facts, version=replace(context.version, stage="gone"))
    return stages.roll_back(replace(context, facts=moved), "live", reason, stamp())


def test_a_roll_back_records_its_rule_and_drops_the_later_holders_from_the_trail() -> None:
    made = rolled_back("worse", {"gates": [SCAN]})
    assert (made.event.trigger, made.event.reason) == (Trigger.ROLLBACK, "worse")
    assert made.event.before == {"stage": "gone"} and made.event.after["stage"] == "live"
    assert made.event.after["displaced"] == 3
    assert made.state.stages["live"] == Pointer(1)
    assert {**made.event.details, "gates": [result["gate"] for result in made.event.details["gates"]]} == {
        "scheme": {"name": "own", "version": 1},
        "tier": "low",
        "gates": ["scan"],
        "approvals": [],
    }


def test_a_roll_back_needs_the_scheme_to_allow_it_and_its_gates_to_hold() -> None:
    with pytest.raises(TransitionNotAllowedError, match="allows no roll-back"):
        rolled_back("worse", {"allowed": False})
    with pytest.raises(GatesNotMetError, match="may not return to live: gate scan"):
        rolled_back("worse", {"gates": [SCAN]}, passed=False)


@pytest.mark.parametrize("reason", [None, ""])
def test_a_roll_back_needs_a_reason_only_if_the_scheme_asks_for_one(reason: str | None) -> None:
    with pytest.raises(InvalidInputError) as refused:
        rolled_back(reason, {"reason_required": True})
    assert [problem.pointer for problem in refused.value.problems] == ["/reason"]
    assert rolled_back("worse", {"reason_required": True}).result.stage == "live"
    assert rolled_back(reason, {}).result.stage == "live"


def test_only_a_ready_version_is_rolled_back_to() -> None:
    by = scheme()
    model, pending = register(Model("fraud", scheme=by.ref))
    with pytest.raises(VersionNotReadyError):
        stages.roll_back(transition_context(model, pending, by), "live", None, stamp())
