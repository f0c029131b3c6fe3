"""What is refused in a scheme's document: each fault with its place, all of them at once."""

from typing import Any

import pytest

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.schemes.conditions import Fault, fault
from chalicelib.domain.schemes.presets import PRESETS
from chalicelib.domain.schemes.rules import MAX_DOCUMENT_BYTES, MAX_RIVALS, check_scheme
from tests.domain.schemes.documents import document

STAGES = [{"name": "draft"}, {"name": "live", "exclusive": True}, {"name": "gone"}]
MOVES = [{"from": "draft", "to": "live"}, {"from": ["draft", "live"], "to": "gone"}]
PROTECTED = [{"name": "draft"}, {"name": "live", "exclusive": True, "protected": True}, {"name": "gone"}]
SCAN = {"name": "scan", "kind": "scan"}


def faults(given: dict[str, Any]) -> dict[str, str]:
    """Message by pointer."""
    try:
        check_scheme(given, fault)
    except InvalidInputError as error:
        return {problem.pointer: problem.message for problem in error.problems}
    return {}


def moves(*more: dict[str, Any]) -> dict[str, Any]:
    return document(transitions=[*MOVES, *more])


def into_live(**changes: Any) -> dict[str, Any]:
    return document(stages=PROTECTED, transitions=[{**MOVES[0], **changes}, MOVES[1]])


def gated(*gates: dict[str, Any]) -> dict[str, Any]:
    return document(transitions=[{**MOVES[0], "gates": list(gates)}, MOVES[1]])


@pytest.mark.parametrize("name", PRESETS)
def test_every_built_in_scheme_passes(name: str) -> None:
    assert faults(dict(PRESETS[name])) == {}


def test_the_scheme_that_the_others_are_made_of_passes() -> None:
    assert faults(document()) == {}


@pytest.mark.parametrize(
    ("given", "pointer", "message"),
    [
        (document(initial="nowhere"), "/initial", "there is no stage 'nowhere'"),
        (document(archive="nowhere"), "/archive", "there is no stage 'nowhere'"),
        (document(archive="draft"), "/archive", "must differ"),
        (document(stages=[*STAGES, {"name": "live"}]), "/stages/3/name", "declared twice"),
        (
            document(stages=[{"name": "draft", "exclusive": True}, *STAGES[1:]]),
            "/stages/0/exclusive",
            "many versions",
        ),
        (document(stages=[*STAGES, {"name": "lost"}]), "/stages/3", "no version can reach the stage 'lost'"),
        (
            document(stages=[{**STAGES[0], "on_enter": {"aliases": ["a"]}}, *STAGES[1:]]),
            "/stages/0/on_enter/aliases",
            "only an exclusive stage moves aliases",
        ),
        (
            document(stages=[STAGES[0], {**STAGES[1], "on_enter": {"aliases": ["a", "v1"]}}, STAGES[2]]),
            "/stages/1/on_enter/aliases/1",
            "reserved",
        ),
        (
            document(stages=[STAGES[0], {**STAGES[1], "terminal": True}, STAGES[2]]),
            "/transitions/1/from",
            "the stage 'live' is terminal",
        ),
        (moves({"from": "nowhere", "to": "live"}), "/transitions/2/from", "there is no stage 'nowhere'"),
        (moves({"from": "draft", "to": "nowhere"}), "/transitions/2/to", "there is no stage 'nowhere'"),
        (moves({"from": "live", "to": "live"}), "/transitions/2/to", "back into the same stage"),
        (moves({"from": ["gone", "draft"], "to": "live"}), "/transitions/2", "declared twice"),
        (
            moves({"from": "gone", "to": "draft", "automatic": True}),
            "/transitions/2/automatic",
            "needs a gate or approvals",
        ),
        (gated(SCAN, SCAN), "/transitions/0/gates/1/name", "declared twice"),
        (
            gated({"name": "better", "kind": "compare", "metric": "auc", "stage": "nowhere"}),
            "/transitions/0/gates/0/stage",
            "there is no stage",
        ),
        (
            gated({"name": "better", "kind": "compare", "metric": "auc", "alias": "latest"}),
            "/transitions/0/gates/0/alias",
            "reserved",
        ),
        (
            gated({"name": "cel", "kind": "condition", "expression": "metrics.auc > limit"}),
            "/transitions/0/gates/0/expression",
            "character 15: there is no variable 'limit'",
        ),
        (
            document(rollback={"gates": [{"name": "cel", "kind": "condition", "expression": "nothing"}]}),
            "/rollback/gates/0/expression",
            "character 1: there is no variable 'nothing'",
        ),
        (document(scanning={"allow": ["clean", "unsafe"]}), "/scanning/allow/1", "only a release gives such files out"),
        (
            document(scanning={"allow": ["clean"], "unscanned_suffixes": [".md"]}),
            "/scanning/unscanned_suffixes",
            "allow has none",
        ),
        (into_live(), "/transitions/0", "must be automatic or need approvals"),
        (
            into_live(automatic=True, approvals=[{"count": 2, "tiers": ["medium", "high"]}]),
            "/transitions/0/automatic",
            "tier low has none",
        ),
        (
            into_live(automatic=True, gates=[{**SCAN, "tiers": ["low", "high"]}]),
            "/transitions/0/automatic",
            "tier medium has none",
        ),
        (
            into_live(approvals=[{"count": 1, "tiers": ["low", "high"]}]),
            "/transitions/0/approvals",
            "a model of tier medium would enter without approval",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(given: dict[str, Any], pointer: str, message: str) -> None:
    messages = faults(given)
    assert pointer in messages, messages
    assert message in messages[pointer]


@pytest.mark.parametrize(
    "given",
    [
        into_live(approvals=[{"count": 1}]),
        into_live(approvals=[{"count": 1, "tiers": ["low"]}, {"count": 2, "tiers": ["medium", "high"]}]),
        into_live(automatic=True, gates=[SCAN]),
        document(scanning={"allow": ["clean", "unscanned", "review"], "unscanned_suffixes": [".md", ""]}),
        document(stages=[*STAGES[:2], {"name": "gone", "terminal": True}]),
    ],
)
def test_what_is_sound_passes(given: dict[str, Any]) -> None:
    assert faults(given) == {}


def test_automatic_moves_in_a_circle_are_refused_at_each_of_them() -> None:
    automatic = {"automatic": True, "gates": [SCAN]}
    given = document(
        transitions=[
            {"from": "draft", "to": "live", **automatic},
            {"from": "live", "to": "gone", **automatic},
            {"from": "gone", "to": "draft", **automatic},
        ]
    )
    assert {pointer for pointer, message in faults(given).items() if "without end" in message} == {
        f"/transitions/{index}/automatic" for index in range(3)
    }


def test_a_document_that_is_too_large_is_refused() -> None:
    assert "at most" in faults(document(description="x" * MAX_DOCUMENT_BYTES))["/"]


def test_all_faults_are_reported_at_once() -> None:
    given = document(
        archive="nowhere",
        stages=[*PROTECTED, {"name": "lost"}],
        transitions=[
            {"from": "draft", "to": "live"},
            {"from": "draft", "to": "gone", "automatic": True, "gates": [SCAN, SCAN]},
            {"from": "gone", "to": "draft", "automatic": True, "gates": [SCAN]},
        ],
    )
    assert faults(given).keys() == {
        "/archive",
        "/stages/3",
        "/transitions/0",
        "/transitions/1/gates/1/name",
        "/transitions/1/automatic",
        "/transitions/2/automatic",
    }


def test_the_evaluators_own_refusals_are_reported_too() -> None:
    proposed = gated({"name": "cel", "kind": "condition", "expression": "metrics.auc >"})
    with pytest.raises(InvalidInputError, match="character 14: it ends too soon"):
        check_scheme(proposed, lambda _: Fault(14, "it ends too soon"))


def test_a_scheme_compares_with_so_many_that_one_read_finds_them() -> None:
    def against(count: int) -> dict[str, Any]:
        gates = [
            {"name": f"g{number}", "kind": "compare", "metric": "auc", "alias": f"a{number}"} for number in range(count)
        ]
        first, second = MOVES
        return document(transitions=[{**first, "gates": gates[:11]}, {**second, "gates": gates[11:]}])

    assert faults(against(MAX_RIVALS)) == {}
    assert faults(against(MAX_RIVALS + 1)) == {"/": "compares with 21 stages and aliases; a scheme has at most 20"}
