"""Everything that blocks a move, in words, and which moves are made without a call."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.models.model import Model
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.models.restrictions import Freeze
from chalicelib.domain.promotion.examination import (
    Examination,
    automatic_transitions,
    dry_run,
    leaving_gates,
    rivals_of,
)
from chalicelib.domain.promotion.facts import Facts
from chalicelib.domain.promotion.transition_request import State, TransitionRequest, Vote
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.promotion_rule import PromotionRule
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions.version import Status
from tests.domain.build import NOW, ready
from tests.domain.schemes.documents import gate, scheme

SCAN = {"name": "scan", "kind": "scan"}
REVIEWED = scheme(
    transitions=[
        {"from": "draft", "to": "live", "gates": [SCAN], "approvals": [{"count": 1}, {"count": 2, "roles": ["admin"]}]},
        {"from": ["draft", "live"], "to": "gone"},
    ]
)


def looked_at(
    by: Scheme, to_stage: str, request: TransitionRequest | None = None, status: Status = Status.READY, **model: Any
) -> tuple[Examination | None, list[str]]:
    """The dry run of moving version 1 from the initial stage."""
    standing, version = ready(Model("fraud", scheme=by.ref))
    facts = Facts(replace(version, status=status), Tier.LOW, NOW)
    return dry_run(replace(standing, **model), by, facts, to_stage, request)


def request_with(*votes: Vote) -> TransitionRequest:
    return TransitionRequest(
        "fraud", 1, 1, "draft", "live", "token:ada", "token:bob", NOW, None, None, (), State.OPEN, votes
    )


def test_a_move_that_nothing_blocks_has_no_blockers() -> None:
    examination, blockers = looked_at(scheme(), "live")
    assert blockers == [] and examination is not None and examination.holds


def test_a_version_without_its_files_is_a_blocker() -> None:
    _, blockers = looked_at(scheme(), "live", status=Status.PENDING)
    assert blockers == ["version 1 is PENDING; upload its files and finalise it"]


def test_a_move_that_the_scheme_does_not_have_is_a_blocker_beside_the_others() -> None:
    for to_stage, reason in (("draft", "A version in draft may move to"), ("nowhere", "has no stage 'nowhere'")):
        examination, blockers = looked_at(scheme(), to_stage, status=Status.PENDING)
        assert examination is None
        assert len(blockers) == 2 and reason in blockers[1]


def test_failed_gates_and_missing_approvals_are_blockers() -> None:
    examination, blockers = looked_at(REVIEWED, "live")
    assert examination is not None and not examination.holds
    assert blockers == [
        "gate scan: the check scan has not been reported; needed: the check scan reported as passed",
        "it takes 1 approval and 2 approvals from role admin: open a transition request",
    ]


def test_with_a_request_its_missing_approvals_are_the_blockers() -> None:
    examination, _ = looked_at(REVIEWED, "live")
    assert examination is not None
    cy = Vote("token:cy", True, NOW, None, (), (), examination.binding)
    _, blockers = looked_at(REVIEWED, "live", request_with(cy))
    assert blockers[1:] == ["it takes 2 approvals from role admin; approved by nobody yet"]
    open_to_all = scheme(
        transitions=[
            {"from": "draft", "to": "live", "approvals": [{"count": 1}]},
            {"from": ["draft", "live"], "to": "gone"},
        ]
    )
    examination, _ = looked_at(open_to_all, "live")
    assert examination is not None
    approved = request_with(replace(cy, binding=examination.binding))
    assert looked_at(open_to_all, "live", approved)[1] == []


def test_a_protected_stage_is_a_blocker_unless_approvals_lead_into_it() -> None:
    stages = [{"name": "draft"}, {"name": "live", "protected": True}, {"name": "gone"}]
    _, blockers = looked_at(scheme(stages=stages), "live")
    assert blockers == ["live is protected: without approvals, only an automatic move enters it"]
    moves = [{"from": "draft", "to": "live", "approvals": [{"count": 1}]}, {"from": "live", "to": "gone"}]
    _, blockers = looked_at(scheme(stages=stages, transitions=moves), "live")
    assert blockers == ["it takes 1 approval: open a transition request"]


def test_a_freeze_and_every_lock_that_the_move_touches_are_blockers_each_once() -> None:
    naming = scheme(
        stages=[
            {"name": "draft"},
            {"name": "live", "exclusive": True, "on_enter": {"aliases": ["champion", "stable"]}},
            {"name": "gone"},
        ]
    )
    restricted: dict[str, Any] = {
        "frozen": Freeze("incident", "token:ada", NOW),
        "locked": (1, 2, 3, 4),
        "stages": {"live": Pointer(2), "gone": Pointer(4)},
        "aliases": {"champion": Pointer(2), "stable": Pointer(3), "shadow": Pointer(4)},
    }
    assert looked_at(naming, "live", **restricted)[1] == [
        "the model was frozen by token:ada: incident",
        "version 1 is locked: nothing about it changes",
        "version 2 is locked: nothing about it changes",
        "version 3 is locked: nothing about it changes",
    ]
    assert looked_at(naming, "gone", **{**restricted, "frozen": None})[1] == [
        "version 1 is locked: nothing about it changes"
    ]
    assert looked_at(naming, "live", **{**restricted, "frozen": None, "locked": ()})[1] == []


def test_an_examination_is_recorded_with_those_whose_approval_counts_each_once_and_sorted() -> None:
    examination, _ = looked_at(REVIEWED, "live")
    assert examination is not None
    votes = [Vote(f"token:{name}", True, NOW, None, ("admin",), (), examination.binding) for name in "zay"]
    examination, _ = looked_at(REVIEWED, "live", request_with(*votes))
    assert examination is not None
    _, version = ready(Model("fraud"))
    recorded = examination.record(Facts(version, Tier.LOW, NOW), REVIEWED)
    assert recorded["approvals"] == ["token:a", "token:y", "token:z"]
    assert recorded["scheme"] == {"name": "own", "version": 1} and recorded["tier"] == "low"
    assert [result["gate"] for result in recorded["gates"]] == ["scan"]


AUTOMATIC = scheme(
    transitions=[
        {"from": "draft", "to": "live", "gates": [SCAN]},
        {"from": "draft", "to": "gone", "automatic": True},
        {"from": "live", "to": "gone"},
    ]
)


def automatic(stage: str, rule: PromotionRule | None) -> list[tuple[str, list[str]]]:
    model = Model("fraud", scheme=AUTOMATIC.ref, rule=rule)
    moves = list(automatic_transitions(model, AUTOMATIC, stage))
    assert all(move.automatic for move in moves)
    return [(move.to_stage, [one.name for one in move.gates]) for move in moves]


def test_the_promotion_rule_makes_one_move_automatic_and_adds_a_gate_to_it() -> None:
    rule = PromotionRule("auc", "live", at_least=0.9)
    assert automatic("draft", None) == [("gone", [])]
    assert automatic("draft", rule) == [("live", ["scan", "promotion-rule"]), ("gone", [])]
    assert automatic("live", rule) == []
    assert automatic("live", PromotionRule("auc", "gone", at_least=0.9)) == []


def test_the_gates_of_all_moves_out_of_a_stage_are_looked_at() -> None:
    ruled = Model("fraud", scheme=AUTOMATIC.ref, rule=PromotionRule("auc", "gone", at_least=0.9))
    assert [one.name for one in leaving_gates(ruled, AUTOMATIC, "draft")] == ["scan", "promotion-rule"]
    assert leaving_gates(ruled, AUTOMATIC, "gone") == ()


def test_gates_compare_with_the_versions_that_hold_the_named_stages_and_aliases() -> None:
    model = Model("fraud", stages={"live": Pointer(3)}, aliases={"champion": Pointer(2), "live": Pointer(9)})
    gates = (
        gate("compare", metric="auc", stage="live"),
        gate("scan"),
        gate("compare", metric="f1", alias="champion"),
        gate("compare", metric="auc", alias="shadow"),
    )
    assert rivals_of(gates, model) == {"alias:champion": 2, "alias:shadow": None, "stage:live": 3}
