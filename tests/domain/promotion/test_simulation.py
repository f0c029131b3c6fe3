"""A proposed scheme over a model's past."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.instants import later
from chalicelib.domain.promotion.retold import Stored
from chalicelib.domain.promotion.simulation import PastMove, simulate
from chalicelib.domain.readings import READINGS
from chalicelib.domain.schemes.condition_results import ConditionResult
from chalicelib.domain.schemes.scheme import Scheme
from tests.domain.build import NOW
from tests.domain.schemes.documents import always, scheme


class Past:
    """A model's events as they are committed."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def add(self, kind: str, before: Any = None, after: Any = None, **fields: Any) -> None:
        sequence = len(self.events) + 1
        event = {"model": "fraud", "version": None, "alias": None, "trigger": "request", "reason": None}
        event |= {"details": None, "actor": "token:ada", "time": NOW, "sequence": sequence, "type": kind}
        self.events.append({**event, "before": before, "after": after, **fields})

    def registers(self, number: int, **description: Any) -> None:
        after = {"stage": "draft", "digest": "d", "file_count": 1, **description}
        self.add("version.created", after=after, version=number)
        self.add("version.ready", after={"status": "READY"}, version=number)

    def moves(self, number: int, from_stage: str, to_stage: str, **fields: Any) -> None:
        before, after = {"stage": from_stage}, {"stage": to_stage, **fields.pop("after", {})}
        self.add("version.transitioned", before, after, version=number, **fields)

    def under(self, proposed: Scheme) -> tuple[PastMove, ...]:
        return simulate("fraud", self.events, proposed, always(None), READINGS, Stored())


def gated(*gates: dict[str, Any], **changes: Any) -> Scheme:
    into_live = {"from": "draft", "to": "live", "gates": list(gates), **changes}
    return scheme(transitions=[into_live, {"from": ["draft", "live"], "to": "gone"}])


BETTER = {"name": "better", "kind": "compare", "metric": "auc", "stage": "live"}
LATER = later(NOW, timedelta(days=2))
CHAMPION = {"name": "champion", "kind": "compare", "metric": "auc", "alias": "champion"}


def test_each_move_is_judged_by_what_was_there_at_that_time() -> None:
    past = Past()
    for number, auc in ((1, 0.8), (2, 0.9), (3, 0.85)):
        past.registers(number, metrics={"auc": auc})
        past.moves(number, "draft", "live")
    moves = past.under(gated(BETTER))
    assert [bool(move.blockers) for move in moves] == [False, False, True]
    assert "version 2 in live is 0.9" in moves[2].blockers[0]
    assert [(move.sequence, move.version) for move in moves] == [(3, 1), (6, 2), (9, 3)]


def test_a_move_that_the_scheme_does_not_have_is_refused() -> None:
    past = Past()
    past.registers(1)
    past.moves(1, "draft", "elsewhere")
    past.moves(1, "elsewhere", "draft")
    assert [len(move.blockers) for move in past.under(scheme())] == [1, 1]


def test_reports_tags_tier_aliases_and_the_card_are_replayed() -> None:
    past = Past()
    gates = [
        {"name": "scan", "kind": "scan"},
        {"name": "held", "kind": "evaluation", "evaluation": "holdout", "metric": "auc", "at_least": 0.5},
        {"name": "doc", "kind": "documentation", "sections": ["factors"], "tiers": ["high"]},
        CHAMPION,
    ]
    for number, auc in ((1, 0.7), (2, 0.9)):
        past.registers(number, metrics={"auc": auc})
    past.moves(1, "draft", "live")
    past.add("model.tier_set", {"tier": "low"}, {"tier": "high"})
    past.add("alias.set", None, {"version": 1}, version=1, alias="champion")
    past.add("check.reported", None, {"check": "scan", "passed": True, "reported_at": NOW}, version=2)
    holdout = {"evaluation": "holdout", "kind": "offline", "metrics": {"auc": 0.6}, "measured_at": NOW}
    past.add("evaluation.recorded", None, holdout, version=2)
    past.add("card.updated", None, {"sections": {"factors": "age"}})
    past.moves(2, "draft", "live")
    first, second = past.under(gated(*gates))
    assert [blocker.partition(":")[0] for blocker in first.blockers] == ["gate scan", "gate held"]
    assert second.blockers == ()


def test_missing_approvals_are_counted() -> None:
    past = Past()
    for number, approvals in ((1, ["token:cy"]), (2, ["token:cy", "token:dan"])):
        past.registers(number)
        past.moves(number, "draft", "live", details={"approvals": approvals})
    first, second = past.under(gated(approvals=[{"count": 2}]))
    assert first.blockers == ("it would have taken 2 approvals; 1 were given",)
    assert second.blockers == ()


def test_a_protected_stage_was_not_to_be_entered_by_a_call() -> None:
    stages = [{"name": "draft"}, {"name": "live", "exclusive": True, "protected": True}, {"name": "gone"}]
    automatic = {"from": "draft", "to": "live", "automatic": True, "gates": []}
    proposed = scheme(stages=stages, transitions=[automatic, {"from": ["draft", "live"], "to": "gone"}])
    past = Past()
    for number, trigger, actor in (
        (1, "request", "token:ada"),
        (2, "rule", "rule:promotion"),
        (3, "rule", "rule:monitoring"),
    ):
        past.registers(number)
        past.moves(number, "draft", "live", trigger=trigger, actor=actor)
    by_call, by_scheme, by_monitor = past.under(proposed)
    assert "live is protected" in by_call.blockers[0]
    assert by_scheme.blockers == ()
    assert by_monitor.blockers == by_call.blockers, "a monitor may move what a caller may"


def blockers_of(past: Past, *gates: dict[str, Any]) -> list[tuple[str, ...]]:
    return [move.blockers for move in past.under(gated(*gates))]


def test_a_past_move_is_told_with_when_by_whom_and_how_it_was_made() -> None:
    past = Past()
    past.registers(1)
    past.moves(1, "draft", "live", trigger="rule", actor="rule:promotion")
    assert past.under(scheme()) == (PastMove(3, NOW, "rule:promotion", 1, "draft", "live", "rule", ()),)


def test_moves_of_versions_whose_registration_was_not_read_are_left_out() -> None:
    past = Past()
    past.add("version.ready", after={"status": "READY"}, version=1)
    past.add("version.updated", {"tags": {}}, {"tags": {"team": "a"}}, version=1)
    past.moves(1, "draft", "live")
    assert past.under(scheme()) == ()


def test_a_stage_that_its_holder_left_has_nobody_to_beat() -> None:
    past = Past()
    for number, auc in ((1, 0.9), (2, 0.5), (3, 0.7)):
        past.registers(number, metrics={"auc": auc})
    past.moves(1, "draft", "live")
    past.moves(1, "live", "gone")
    past.moves(2, "draft", "live")
    # Version 1 leaves a stage that version 2 holds.
    past.moves(1, "live", "gone")
    past.moves(3, "draft", "live")
    reasons = ["".join(blockers) for blockers in blockers_of(past, {**BETTER, "if_absent": "fail"})]
    assert "nobody holds the stage live" in reasons[0] and "nobody holds the stage live" in reasons[2]
    assert reasons[4] == ""


@pytest.mark.parametrize(
    ("events", "beaten"),
    [
        ([("alias.set", "champion", None)], False),
        ([("alias.set", "champion", None), ("alias.deleted", "champion", None)], True),
        ([("alias.set", "other", None)], True),
        ([("challenger.promoted", "champion", {"champion": 1, "challenger": None})], False),
    ],
)
def test_the_champion_to_beat_is_who_it_was_then(events: list[tuple[str, str, Any]], beaten: bool) -> None:
    past = Past()
    for number, auc in ((1, 0.9), (2, 0.5)):
        past.registers(number, metrics={"auc": auc})
    for kind, alias, after in events:
        past.add(kind, None, after, version=1, alias=alias)
    past.moves(2, "draft", "live")
    (blockers,) = blockers_of(past, CHAMPION)
    assert (blockers == ()) == beaten


@pytest.mark.parametrize("kind", ["challenger.retired", "challenger.promoted"])
def test_a_challenger_that_was_retired_or_promoted_is_challenger_no_longer(kind: str) -> None:
    past = Past()
    for number, auc in ((1, 0.9), (2, 0.5)):
        past.registers(number, metrics={"auc": auc})
    past.add("alias.set", None, {"version": 1}, version=1, alias="challenger")
    past.moves(2, "draft", "live")
    alias = "challenger" if kind == "challenger.retired" else "champion"
    past.add(kind, None, {"champion": 1, "challenger": None}, version=1, alias=alias)
    past.moves(2, "draft", "live")
    gate = {"name": "better", "kind": "compare", "metric": "auc", "alias": "challenger"}
    first, second = blockers_of(past, gate)
    assert len(first) == 1 and second == ()


def test_the_aliases_of_a_stage_moved_with_the_version_that_entered() -> None:
    past = Past()
    for number, auc in ((1, 0.9), (2, 0.5)):
        past.registers(number, metrics={"auc": auc})
    past.moves(1, "draft", "live", after={"aliases": ["stable", "champion"]})
    past.moves(2, "draft", "live")
    first, second = blockers_of(past, CHAMPION)
    assert first == () and "version 1 in champion is 0.9" in second[0]


def test_reports_that_were_withdrawn_before_the_move_do_not_count() -> None:
    past = Past()
    past.registers(1)
    check = {"check": "scan", "passed": True, "reported_at": NOW}
    holdout = {"evaluation": "holdout", "kind": "offline", "metrics": {"auc": 0.6}, "measured_at": NOW}
    gates = [{"name": "scan", "kind": "scan"}, {"name": "held", "kind": "evaluation", "evaluation": "holdout"}]
    past.add("check.reported", None, check, version=1)
    past.add("evaluation.recorded", None, holdout, version=1)
    past.moves(1, "draft", "live")
    past.add("check.withdrawn", check, None, version=1)
    past.moves(1, "draft", "live")
    past.add("evaluation.withdrawn", holdout, None, version=1)
    past.moves(1, "draft", "live")
    names = [[one.partition(":")[0] for one in blockers] for blockers in blockers_of(past, *gates)]
    assert names == [[], ["gate scan"], ["gate scan", "gate held"]]


def test_a_check_counts_as_long_as_it_did_then() -> None:
    past = Past()
    past.registers(1)
    soon = later(NOW, timedelta(days=1))
    past.add(
        "check.reported", None, {"check": "scan", "passed": True, "reported_at": NOW, "expires_at": soon}, version=1
    )
    past.moves(1, "draft", "live")
    past.moves(1, "draft", "live", time=soon)
    first, second = blockers_of(past, {"name": "scan", "kind": "scan"})
    assert first == () and len(second) == 1


def test_the_card_counts_as_it_was_and_a_long_section_by_its_length() -> None:
    past = Past()
    past.registers(1)
    gates = [{"name": "doc", "kind": "documentation", "sections": ["factors", "metrics"], "min_characters": 5}]
    past.add("card.updated", None, {"sections": {"factors": {"$characters": 5, "$sha256": "a"}}})
    past.moves(1, "draft", "live")
    past.add("card.updated", None, {"sections": {"metrics": "recall"}})
    past.moves(1, "draft", "live")
    past.add("model.created", None, {"owner": "ada"})
    past.moves(1, "draft", "live")
    first, second, third = blockers_of(past, *gates)
    assert "the model card lacks metrics" in first[0]
    assert second == ()
    assert "the model card lacks factors, metrics" in third[0]


def test_conditions_see_the_version_as_it_was_then() -> None:
    seen: list[Mapping[str, Any]] = []

    def evaluate(_expression: str, variables: Mapping[str, Any]) -> ConditionResult:
        seen.append(variables)
        return ConditionResult(True, "")

    past = Past()
    past.registers(1, tags={"team": "a"}, label="1.0.0", parameters={"depth": 3})
    past.moves(1, "draft", "live")
    past.add("version.updated", {"tags": {}}, {"tags": {"team": "b"}, "status": "x"}, version=1)
    past.add("version.ready", {}, {"digest": "e", "file_count": 4, "total_size": 9}, version=1, time=LATER)
    past.moves(1, "live", "gone", time=LATER)
    condition = {"name": "when", "kind": "condition", "expression": "true"}
    moves = [("draft", "live"), ("live", "gone")]
    proposed = scheme(transitions=[{"from": one, "to": other, "gates": [condition]} for one, other in moves])
    assert [move.blockers for move in simulate("fraud", past.events, proposed, evaluate, READINGS, Stored())] == [
        (),
        (),
    ]
    before, after = seen
    assert before["version"] == {
        "number": 1,
        "label": "1.0.0",
        "stage": "draft",
        "status": "READY",
        "author": "token:ada",
        "registered_by": "token:ada",
        "people": ["token:ada"],
        "file_count": 1,
        "total_size": 0,
        "ready_at": NOW,
    }
    assert after["version"] == {
        **before["version"],
        "stage": "live",
        "file_count": 4,
        "total_size": 9,
        "ready_at": LATER,
    }
    assert (before["tags"], after["tags"]) == ({"team": "a"}, {"team": "b"})
    assert (before["now"], after["now"]) == (NOW, LATER)
    assert before["parameters"] == {"depth": 3}


@pytest.mark.parametrize(
    ("to_stage", "rollback", "blocker"),
    [
        ("live", {"allowed": False}, "the scheme 'own' allows no roll-back"),
        ("live", {"reason_required": True}, "it would have taken a reason"),
        ("draft", {}, "the scheme 'own' has no exclusive stage 'draft' to roll back"),
        ("former", {}, "the scheme 'own' has no exclusive stage 'former' to roll back"),
    ],
)
def test_a_roll_back_that_the_scheme_would_refuse_says_why(
    to_stage: str, rollback: dict[str, Any], blocker: str
) -> None:
    past = Past()
    past.registers(1)
    past.moves(1, "gone", to_stage, trigger="rollback")
    (move,) = past.under(scheme(rollback=rollback))
    assert move.blockers == (blocker,)


def test_the_gates_of_the_roll_back_rule_compare_with_the_holders_of_then() -> None:
    past = Past()
    for number, auc in ((1, 0.9), (2, 0.95)):
        past.registers(number, metrics={"auc": auc})
        past.moves(number, "draft", "live")
    past.moves(1, "gone", "live", trigger="rollback")
    (blocker,) = past.under(scheme(rollback={"gates": [BETTER]}))[-1].blockers
    assert "version 2 in live is 0.95" in blocker


@pytest.mark.parametrize(
    ("rollback", "reason", "blockers"),
    [
        ({}, None, 0),
        ({"allowed": False}, "worse", 1),
        ({"reason_required": True}, None, 1),
        ({"reason_required": True}, "worse", 0),
        ({"gates": [{"name": "scan", "kind": "scan"}]}, None, 1),
        ({"gates": [{"name": "scan", "kind": "scan", "tiers": ["high"]}]}, None, 0),
    ],
)
def test_roll_backs_are_judged_by_the_roll_back_rule(
    rollback: dict[str, Any], reason: str | None, blockers: int
) -> None:
    past = Past()
    for number in (1, 2):
        past.registers(number)
        past.moves(number, "draft", "live")
    past.moves(1, "gone", "live", trigger="rollback", reason=reason)
    assert len(past.under(scheme(rollback=rollback))[-1].blockers) == blockers


def test_evaluations_of_the_version_and_of_its_rival_are_replayed_whole() -> None:
    beats = {"name": "beats", "kind": "better", "evaluation": "holdout", "metric": "accuracy", "stage": "live"}
    fair = {"name": "fair", "kind": "fairness", "evaluation": "holdout", "rate": "selection_rate", "min_ratio": 0.8}
    past = Past()
    for number, successes in ((1, 900), (2, 1000), (3, 999)):
        past.registers(number)
        past.add("evaluation.recorded", after=holdout(successes), version=number)
        past.moves(number, "draft", "live")
    moves = past.under(gated(beats, fair))
    assert [len(move.blockers) for move in moves] == [0, 0, 1]
    assert "accuracy 0.999 against 1.0 of version 2" in moves[2].blockers[0]
    past.add("evaluation.withdrawn", before=holdout(999), version=3)
    past.moves(3, "draft", "live")
    assert "the evaluation holdout has not been recorded" in past.under(gated(beats))[-1].blockers[0]


def holdout(successes: int) -> dict[str, Any]:
    """An evaluation with zeros among its counts, as its event has it."""
    counts = {"tp": 40, "fp": 0, "fn": 0, "tn": 60}
    return {
        "evaluation": "holdout",
        "kind": "offline",
        "metrics": {"accuracy": successes / 1000},
        "measures": {"accuracy": {"value": successes / 1000, "n": 1000, "successes": successes}},
        "slices": [{"group": {"sex": sex}, "metrics": {}, "counts": counts} for sex in ("F", "M")],
        "dataset": {"name": "holdout", "digest": "sha256:aa"},
        "paired": {"against": 9, "both_right": 0, "only_this": 1, "only_other": 0, "both_wrong": 0},
        "measured_at": NOW,
        "reported_at": NOW,
        "reported_by": "token:ci",
    }
