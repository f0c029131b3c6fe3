"""The gate ``better`` on the table: what judging reads, and what becomes of votes when the rival is measured anew."""

from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import GatesNotMetError
from chalicelib.domain.evidence.evaluation import Kind
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.evidence.measure import Measure
from chalicelib.domain.promotion.transition_request import State
from chalicelib.registry.evidence import evaluations
from chalicelib.registry.promotion import dry_runs, promotion, requests, simulation, stages
from tests.domain.schemes.documents import document
from tests.registry.build import MODEL, ready, request
from tests.registry.faults import Calls
from tests.registry.governed import approve, governed, judge, last

BETTER = {"name": "better", "kind": "better", "evaluation": "holdout", "metric": "accuracy", "stage": "live"}


def scheme(**into_live: Any) -> dict[str, Any]:
    moves = [
        {"from": "draft", "to": "live", "gates": [BETTER], **into_live},
        {"from": ["draft", "live"], "to": "gone"},
        {"from": "gone", "to": "live"},
    ]
    return document(transitions=moves, rollback={"gates": [BETTER]})


def measure(registry: Services, number: int, successes: int, n: int = 1000) -> None:
    given = Measurement(
        Kind.OFFLINE,
        {"accuracy": successes / n},
        dataset={"name": "holdout", "digest": "sha256:aa"},
        measures={"accuracy": Measure(n, successes)},
    )
    evaluations.record_evaluation(registry, request(), MODEL, str(number), "holdout", given)


@pytest.fixture
def two(registry: Services) -> None:
    """Version 1 is live, and version 2 is better."""
    governed(registry, scheme=scheme())
    for successes in (900, 950):
        measure(registry, ready(registry).number, successes)
    stages.transition(registry, request(), MODEL, 1, "live", None, None)


def test_a_dry_run_reads_the_evaluations_of_the_rival_with_the_rival(registry: Services, two: None) -> None:
    calls = Calls(registry.client("dynamodb"))
    found = dry_runs.explain_transition(registry, MODEL, "2", "live")
    assert calls.operations == ["BatchGetItem"] * 2
    assert not found.blockers and found.examination is not None
    (gate,) = found.examination.verdicts
    assert gate.holds and "accuracy 0.95 against 0.9 of version 1" in gate.reason


def test_a_move_reads_them_too_and_is_refused_with_the_numbers(registry: Services, two: None) -> None:
    measure(registry, 2, 905)
    calls = Calls(registry.client("dynamodb"))
    with pytest.raises(GatesNotMetError, match=r"the difference lies between -0\.0"):
        stages.transition(registry, request(), MODEL, 2, "live", None, None)
    assert calls.operations == ["BatchGetItem"] * 2
    measure(registry, 2, 950)
    assert stages.transition(registry, request(), MODEL, 2, "live", None, None).result.stage == "live"


def test_a_roll_back_is_judged_by_it(registry: Services, two: None) -> None:
    stages.transition(registry, request(), MODEL, 2, "live", None, None)
    with pytest.raises(GatesNotMetError, match=r"accuracy 0\.9 against 0\.95 of version 2"):
        stages.roll_back_stage(registry, request(), MODEL, "live", "worse")


def test_votes_are_void_when_the_rival_is_measured_anew(registry: Services) -> None:
    governed(registry, scheme=scheme(approvals=[{"count": 2, "roles": ["reviewer"]}]))
    for successes in (900, 950):
        measure(registry, ready(registry).number, successes)
    stages.override(registry, request(), MODEL, 1, "live", None, "first")
    number = requests.open_request(registry, request(), MODEL, "2", "live", None, None, []).result.number
    approve(registry, number, "cy")
    judge(registry, last(registry))
    assert not requests.get_request(registry, MODEL, number).votes[0].void
    measure(registry, 1, 901)
    promotion.judge_event(registry, last(registry))
    assert requests.get_request(registry, MODEL, number).votes[0].void
    approve(registry, number, "cy", "dan")
    judge(registry, last(registry))
    assert requests.get_request(registry, MODEL, number).state is State.EXECUTED


def test_it_judges_the_past_by_what_was_measured_then(registry: Services, two: None) -> None:
    stages.transition(registry, request(), MODEL, 2, "live", None, None)
    measure(registry, 2, 500)
    proposed = {**scheme(), "name": "proposed"}
    first, second = simulation.simulate(registry, MODEL, proposed).moves
    assert (first.blockers, second.blockers) == ((), ())
    proposed["transitions"][0]["gates"] = [{**BETTER, "by": 0.04}]
    _, second = simulation.simulate(registry, MODEL, proposed).moves
    assert "the difference lies between 0.027" in second.blockers[0]
