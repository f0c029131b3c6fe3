"""A proposed scheme over a model's past."""

from typing import Any

import pytest

from chalicelib.domain.promotion.simulation import PastMove, simulate
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
        return simulate("fraud", self.events, proposed, always(None))


def gated(*gates: dict[str, Any], **changes: Any) -> Scheme:
    into_live = {"from": "draft", "to": "live", "gates": list(gates), **changes}
    return scheme(transitions=[into_live, {"from": ["draft", "live"], "to": "gone"}])


BETTER = {"name": "better", "kind": "compare", "metric": "auc", "stage": "live"}
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
    past.add("card.saved", None, {"sections": {"factors": "age"}})
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
    for number, trigger in ((1, "request"), (2, "rule")):
        past.registers(number)
        past.moves(number, "draft", "live", trigger=trigger)
    first, second = past.under(proposed)
    assert "live is protected" in first.blockers[0]
    assert second.blockers == ()


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
