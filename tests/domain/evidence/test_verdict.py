"""Verdicts on a version beside another one: better, worse, or why neither is shown."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.evidence.estimate import Estimate, Method, Sample, estimate
from chalicelib.domain.evidence.evaluation import Evaluation, Kind, Slice
from chalicelib.domain.evidence.measure import Measure, MeasuredInterval
from chalicelib.domain.evidence.paired import Paired
from chalicelib.domain.evidence.verdict import Measured, Outcome, Verdict, judge
from chalicelib.domain.schemes.directions import Direction
from chalicelib.domain.statistics.means import Mean, difference_of_means, welch
from chalicelib.domain.statistics.paired import mcnemar_exact, paired_difference
from chalicelib.domain.statistics.proportions import newcombe
from tests.domain.build import NOW

DATA = {"name": "transactions", "digest": "d1"}
UP, DOWN = {"recall": Direction.UP}, {"recall": Direction.DOWN}
finite = st.floats(allow_nan=False, allow_infinity=False)


def share(successes: int, n: int) -> Sample:
    return Sample(successes / n, Measure(n=n, successes=successes))


def bounded(value: float, low: float, high: float, level: float = 0.95) -> Sample:
    return Sample(value, Measure(interval=MeasuredInterval(low, high, level, "bootstrap")))


def measured(
    version: int,
    sample: Sample,
    dataset: dict[str, str] | None = DATA,
    paired: Paired | None = None,
    kind: Kind = Kind.OFFLINE,
    slices: tuple[Slice, ...] = (),
) -> Measured:
    evaluation = Evaluation(
        kind,
        {"recall": sample.value},
        slices,
        dataset,
        NOW,
        NOW,
        "token:ci",
        measures={"recall": sample.measure},
        paired=paired,
    )
    return Measured(version, evaluation)


def verdict(this: Measured, other: Measured, directions: dict[str, Direction] = UP) -> Verdict:
    return judge(this, other, directions).metrics["recall"]


def found(one: Verdict) -> Estimate:
    assert one.estimate is not None
    return one.estimate


def test_a_share_that_is_clearly_higher_is_better_or_worse_as_the_direction_says() -> None:
    this, other = measured(2, share(950, 1000)), measured(1, share(900, 1000))
    assert verdict(this, other).outcome is Outcome.BETTER
    assert verdict(this, other, DOWN).outcome is Outcome.WORSE
    assert verdict(other, this).outcome is Outcome.WORSE
    one = found(verdict(this, other))
    assert (one.interval, one.method) == (newcombe(950, 1000, 900, 1000), Method.NEWCOMBE)


def test_the_same_difference_on_few_examples_shows_nothing() -> None:
    assert verdict(measured(2, share(19, 20)), measured(1, share(18, 20))).outcome is Outcome.NO_DIFFERENCE


def test_areas_under_a_curve_are_judged_if_the_examples_of_both_classes_are_counted() -> None:
    def of(version: int, area: float, **counts: int) -> Measured:
        evaluation = Evaluation(Kind.OFFLINE, {"auc": area, **counts}, (), DATA, NOW, NOW, "token:ci")
        return Measured(version, evaluation)

    def outcome(this: Measured, other: Measured) -> Outcome:
        return judge(this, other, {"auc": Direction.UP}).metrics["auc"].outcome

    many = {"positives": 1_000, "negatives": 9_000}
    assert outcome(of(2, 0.95, **many), of(1, 0.9, **many)) is Outcome.BETTER
    few = {"positives": 10, "negatives": 9_990}
    assert outcome(of(2, 0.95, **few), of(1, 0.9, **few)) is Outcome.NO_DIFFERENCE
    assert outcome(of(2, 0.95), of(1, 0.9)) is Outcome.INSUFFICIENT


def test_means_are_judged_by_welchs_test() -> None:
    this, other = Sample(11.0, Measure(n=100, sd=2.0)), Sample(12.0, Measure(n=80, sd=3.0))
    one = verdict(measured(2, this), measured(1, other), DOWN)
    assert one.outcome is Outcome.BETTER
    means = Mean(11.0, 2.0, 100), Mean(12.0, 3.0, 80)
    tested = welch(*means)
    assert tested is not None
    assert found(one) == Estimate(-1.0, difference_of_means(*means), 0.95, tested.p, Method.WELCH)


def test_a_paired_comparison_shows_what_independent_shares_do_not() -> None:
    this, other = share(905, 1000), share(890, 1000)
    paired = Paired(1, 888, 17, 2, 93)
    assert verdict(measured(2, this), measured(1, other)).outcome is Outcome.NO_DIFFERENCE
    one = verdict(measured(2, this, paired=paired), measured(1, other))
    assert one.outcome is Outcome.BETTER
    assert found(one) == Estimate(0.015, paired_difference(888, 17, 2, 93), 0.95, mcnemar_exact(17, 2), Method.PAIRED)
    # The champion's evaluation may have been made against the challenger.
    seen_from_other = Paired(2, 888, 2, 17, 93)
    assert verdict(measured(2, this), measured(1, other, paired=seen_from_other)) == one


@pytest.mark.parametrize("paired", [Paired(3, 888, 17, 2, 93), Paired(1, 500, 17, 2, 93)])
def test_a_paired_comparison_with_another_version_or_of_another_share_does_not_count(paired: Paired) -> None:
    one = verdict(measured(2, share(905, 1000), paired=paired), measured(1, share(890, 1000)))
    assert found(one).method is Method.NEWCOMBE


def test_a_paired_comparison_does_not_count_against_a_value_that_it_contradicts() -> None:
    this, paired = share(905, 1000), Paired(1, 500, 405, 0, 95)
    bare = Sample(0.95, Measure())
    assert verdict(measured(2, this, paired=paired), measured(1, bare)).outcome is Outcome.INSUFFICIENT
    rounded = Sample(0.5004, Measure())
    assert found(verdict(measured(2, this, paired=paired), measured(1, rounded))).method is Method.PAIRED


def test_reported_intervals_are_combined_and_a_share_beside_one_gets_wilsons() -> None:
    one = verdict(measured(2, bounded(0.95, 0.94, 0.96)), measured(1, bounded(0.9, 0.89, 0.92)))
    assert one.outcome is Outcome.BETTER
    assert found(one).interval.low == pytest.approx(0.05 - math.hypot(0.01, 0.02))
    assert found(one).interval.high == pytest.approx(0.05 + math.hypot(0.01, 0.01))
    mixed = verdict(measured(2, bounded(0.95, 0.94, 0.96)), measured(1, share(900, 1000)))
    assert (mixed.outcome, found(mixed).method) == (Outcome.BETTER, Method.INTERVALS)


@pytest.mark.parametrize(
    ("this", "other"),
    [
        (Sample(0.9, Measure()), Sample(0.8, Measure())),
        (share(9, 10), Sample(0.8, Measure())),
        (Sample(0.9, Measure(n=100)), Sample(0.8, Measure(n=100))),
        (Sample(0.9, Measure(n=1, sd=0)), Sample(0.8, Measure(n=100, sd=0.1))),
        (bounded(0.95, 0.94, 0.96, 0.95), bounded(0.9, 0.89, 0.92, 0.99)),
        (Sample(1e200, Measure(n=9, sd=1e200)), Sample(1.0, Measure(n=9, sd=1.0))),
    ],
)
def test_values_of_which_nobody_knows_how_certain_they_are_are_insufficient(this: Sample, other: Sample) -> None:
    one = verdict(measured(2, this), measured(1, other))
    assert one.outcome is Outcome.INSUFFICIENT
    assert one.reason


def test_a_metric_without_a_direction_is_insufficient_unless_its_measures_state_one() -> None:
    this, other = share(950, 1000), share(900, 1000)
    assert verdict(measured(2, this), measured(1, other), {}).outcome is Outcome.INSUFFICIENT
    stated = Sample(this.value, Measure(n=1000, successes=950, direction=Direction.UP))
    against = Sample(other.value, Measure(n=1000, successes=900, direction=Direction.DOWN))
    assert verdict(measured(2, stated), measured(1, other), {}).outcome is Outcome.BETTER
    assert verdict(measured(2, stated), measured(1, other), DOWN).outcome is Outcome.WORSE
    assert verdict(measured(2, stated), measured(1, against), {}).outcome is Outcome.INSUFFICIENT


@pytest.mark.parametrize(
    ("dataset", "kind", "said"),
    [
        (None, Kind.OFFLINE, "version 1 names no digest"),
        ({"name": "transactions"}, Kind.OFFLINE, "version 1 names no digest"),
        (DATA | {"digest": "d2"}, Kind.OFFLINE, "digests of the two datasets differ"),
        (DATA, Kind.ONLINE, "one evaluation is offline, the other online"),
    ],
)
def test_evaluations_of_different_data_are_not_compared(dataset: dict[str, str] | None, kind: Kind, said: str) -> None:
    one = verdict(measured(2, share(950, 1000)), measured(1, share(900, 1000), dataset, kind=kind))
    assert one.outcome is Outcome.DIFFERENT_DATA
    assert one.reason is not None and said in one.reason


def groups(count: int, successes: int) -> tuple[Slice, ...]:
    value = Measure(n=1000, successes=successes)
    return tuple(
        Slice({"g": index}, {"recall": successes / 1000}, measures={"recall": value}) for index in range(count)
    )


def test_many_slices_do_not_themselves_make_a_finding() -> None:
    def outcomes(count: int) -> set[Outcome]:
        this = measured(2, share(920, 1000), slices=groups(1, 925) + groups(count, 900)[1:])
        other = measured(1, share(900, 1000), slices=groups(count, 900))
        return {one["recall"].outcome for one in judge(this, other, UP).slices.values()}

    assert outcomes(1) == {Outcome.BETTER}, "p is 0.049"
    assert outcomes(20) == {Outcome.NO_DIFFERENCE}


def test_slices_and_metrics_that_only_one_version_has_get_no_verdict() -> None:
    judged = judge(
        measured(2, share(9, 10), slices=groups(2, 900)), measured(1, share(8, 10), slices=groups(1, 900)), UP
    )
    assert list(judged.slices) == [Slice({"g": 0}, {}).key]


@st.composite
def samples(draw: Any) -> Sample:
    kind = draw(st.sampled_from(["share", "mean", "interval", "plain"]))
    if kind == "share":
        n = draw(st.integers(1, 2**53 - 1))
        return share(draw(st.integers(0, n)), n)
    value = draw(finite)
    if kind == "mean":
        return Sample(value, Measure(n=draw(st.integers(1, 2**53 - 1)), sd=abs(draw(finite))))
    if kind == "interval":
        low, value, high = sorted((value, draw(finite), draw(finite)))
        return bounded(value, low, high, draw(st.sampled_from([1e-300, 1e-9, 0.5, 0.95, 1 - 2**-53])))
    return Sample(value, Measure())


@given(samples(), samples())
def test_every_estimate_is_finite_and_the_other_way_round_its_mirror(this: Sample, other: Sample) -> None:
    one, mirrored = estimate(this, other), estimate(other, this)
    assert (one is None) == (mirrored is None)
    if one is not None and mirrored is not None:
        assert canonical_json([one.difference, one.interval.low, one.interval.high, one.p])
        assert 0 <= one.p <= 1
        assert one.difference == -mirrored.difference
        assert one.interval.low == pytest.approx(-mirrored.interval.high, rel=1e-6, abs=1e-9)
