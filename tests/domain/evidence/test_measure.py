"""What stands beside the values of metrics: kept as it was given, or refused with the place of the contradiction."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.evidence import evaluation, evaluation_decisions
from chalicelib.domain.evidence.evaluation import Evaluations, Kind, Slice
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.evidence.measure import MAX_COUNT, ROUNDING, Measure, MeasuredInterval, measures
from chalicelib.domain.evidence.paired import Paired, paired
from chalicelib.domain.ledger.facts import LONGEST, facts_of
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.directions import Direction
from chalicelib.domain.statistics.confusion import Confusion
from tests.domain.build import ready, stamp

NAN, INFINITE = float("nan"), float("inf")
finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
counts = st.integers(0, 10_000)
confusions = st.builds(Confusion, counts, counts, counts, counts).filter(lambda one: one.n > 0)


def interval(low: float = 0.8, high: float = 0.95, level: float = 0.95, method: str = "bootstrap") -> MeasuredInterval:
    return MeasuredInterval(low, high, level, method)


@given(st.integers(1, MAX_COUNT), st.data())
def test_a_share_that_its_counts_give_is_kept(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    one = Measure(n=n, successes=successes)
    assert measures({"recall": one}, {"recall": successes / n}, "/metrics") == {"recall": one}


@given(st.integers(1, 10_000), st.data())
def test_a_share_that_its_counts_do_not_give_is_refused(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    off = data.draw(st.floats(2 * ROUNDING, 1) | st.floats(-1, -2 * ROUNDING))
    with pytest.raises(InvalidInputError) as refused:
        measures({"recall": Measure(n=n, successes=successes)}, {"recall": successes / n + off}, "/metrics")
    assert refused.value.problems[0].pointer == "/metrics/recall/value"


def test_a_share_may_be_rounded_to_three_decimals() -> None:
    one = Measure(n=3, successes=2, direction=Direction.UP)
    assert measures({"recall": one}, {"recall": 0.667}, "/metrics") == {"recall": one}


@given(finite, finite, finite, st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_an_interval_is_kept_exactly_if_it_holds_its_value(one: float, two: float, value: float, level: float) -> None:
    low, high = min(one, two), max(one, two)
    given_one = {"auc": Measure(interval=interval(low, high, level))}
    if low <= value <= high:
        assert measures(given_one, {"auc": value}, "/metrics") == given_one
    else:
        with pytest.raises(InvalidInputError, match="excludes the value"):
            measures(given_one, {"auc": value}, "/metrics")


@pytest.mark.parametrize(
    ("one", "pointer"),
    [
        (Measure(n=0), "/n"),
        (Measure(n=-1), "/n"),
        (Measure(n=True), "/n"),
        (Measure(n=MAX_COUNT + 1), "/n"),
        (Measure(successes=9), "/n"),
        (Measure(n=10, successes=11), "/successes"),
        (Measure(n=10, successes=-1), "/successes"),
        (Measure(sd=-0.1), "/sd"),
        (Measure(sd=NAN), "/sd"),
        (Measure(sd=INFINITE), "/sd"),
        (Measure(sd=10**400), "/sd"),
        (Measure(n=10, successes=9, sd=0.3), "/sd"),
        (Measure(interval=interval(low=NAN)), "/interval/low"),
        (Measure(interval=interval(high=INFINITE)), "/interval/high"),
        (Measure(interval=interval(low=-(10**400))), "/interval/low"),
        (Measure(interval=interval(level=10**400)), "/interval/level"),
        (Measure(interval=interval(low=0.96)), "/interval/low"),
        (Measure(interval=interval(low=0.91)), "/interval"),
        (Measure(interval=interval(level=0)), "/interval/level"),
        (Measure(interval=interval(level=1)), "/interval/level"),
        (Measure(interval=interval(level=95)), "/interval/level"),
        (Measure(interval=interval(level=NAN)), "/interval/level"),
        (Measure(interval=interval(method="")), "/interval/method"),
        (Measure(interval=interval(method="x" * 65)), "/interval/method"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused_with_their_place(one: Measure, pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        measures({"auc": one}, {"auc": 0.9}, "/metrics")
    assert refused.value.problems[0].pointer == f"/metrics/auc{pointer}"


def test_a_measure_needs_a_value_and_one_that_says_nothing_is_left_out() -> None:
    with pytest.raises(InvalidInputError, match="has no value"):
        measures({"auc": Measure(n=5)}, {"recall": 0.9}, "/metrics")
    assert measures({"auc": Measure()}, {"auc": 0.9}, "/metrics") == {}


@given(confusions)
def test_a_slice_needs_no_metric_beside_its_counts(one: Confusion) -> None:
    part = Slice({"country": "FR"}, {}, n=one.n, counts=one)
    assert evaluation.slices([part]) == (part,)


@pytest.mark.parametrize(
    ("part", "pointer"),
    [
        (Slice({"a": 1}, {"auc": 1}, n=0), "/n"),
        (Slice({"a": 1}, {}, counts=Confusion(0, 0, 0, 0)), "/counts"),
        (Slice({"a": 1}, {}, counts=Confusion(1, -1, 0, 0)), "/counts/fp"),
        (Slice({"a": 1}, {}, n=5, counts=Confusion(1, 1, 1, 1)), "/counts"),
        (Slice({"a": 1}, {"auc": 1}, n=5, measures={"auc": Measure(n=6)}), "/metrics/auc/n"),
        (Slice({"a": 1}, {"auc": 1}, counts=Confusion(1, 1, 1, 1), measures={"auc": Measure(n=6)}), "/metrics/auc/n"),
        (Slice({"a": 1}, {"auc": 1}, measures={"auc": Measure(sd=-1)}), "/metrics/auc/sd"),
    ],
)
def test_a_slice_with_contradictory_counts_is_refused_with_its_place(part: Slice, pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        evaluation.slices([part])
    assert refused.value.problems[0].pointer == f"/slices/0{pointer}"


@given(st.builds(Paired, st.integers(1, 9), counts, counts, counts, counts), st.integers(1, 9))
def test_a_paired_comparison_names_another_version_that_there_is(one: Paired, newest: int) -> None:
    if one.against == 1 or one.against > newest or one.n == 0:
        with pytest.raises(InvalidInputError):
            paired(one, 1, newest)
    else:
        assert paired(one, 1, newest) == one


@pytest.mark.parametrize("one", [Paired(2, -1, 1, 1, 1), Paired(2, 1, 1, 1, MAX_COUNT + 1), Paired(0, 1, 1, 1, 1)])
def test_a_paired_comparison_with_impossible_counts_is_refused(one: Paired) -> None:
    with pytest.raises(InvalidInputError):
        paired(one, 1, 2)


def recorded(**given_parts: Any) -> Evaluations:
    model, version = ready(Model("fraud"))
    measurement = Measurement(Kind.OFFLINE, **given_parts)
    decision = evaluation_decisions.record(model, version, Evaluations(1), "holdout", measurement, stamp())
    (change,) = decision.changes
    record = getattr(change, "record", None)
    assert isinstance(record, Evaluations)
    return record


def test_contradictions_are_refused_when_an_evaluation_is_recorded() -> None:
    with pytest.raises(InvalidInputError):
        recorded(metrics={"auc": 0.9}, measures={"auc": Measure(n=0)})
    with pytest.raises(InvalidInputError):
        recorded(metrics={"auc": 0.9}, paired=Paired(1, 1, 1, 1, 1))


def test_all_measures_of_an_evaluation_are_one_fact_of_its_event() -> None:
    names = [f"m{index}" for index in range(200)]
    record = recorded(metrics=dict.fromkeys(names, 1), measures=dict.fromkeys(names, Measure(n=5, sd=0.1)))
    told = {name: fact for name, fact in facts_of(record).items() if "measures" in name}
    assert list(told) == ["by_name/holdout/measures"]
    assert len(str(told)) < LONGEST
