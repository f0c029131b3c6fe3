"""Judging windows: k of m, sources together, what says too little, and how often chance alone breaches."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.monitoring.judging import Judgement, judge, together
from chalicelib.domain.monitoring.monitor import Bounds, Watched
from chalicelib.domain.monitoring.suppression import without_small_cells
from chalicelib.domain.monitoring.verdict import Verdict
from chalicelib.domain.monitoring.window import Measured, Window
from chalicelib.domain.statistics.histogram import Histogram, Kind
from chalicelib.domain.statistics.statistic import Correction, Statistic
from tests.domain.monitoring.build import SHIFTED, STEADY, categorical, definition, measured, numeric, window


def judged(*windows: Window, **fields: Any) -> Judgement:
    return judge(definition(**fields), windows)


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        ([STEADY, STEADY, STEADY], Verdict.OK),
        ([STEADY, STEADY, SHIFTED], Verdict.WARNING),
        ([SHIFTED, STEADY, SHIFTED], Verdict.ALARM),
        ([SHIFTED, SHIFTED, SHIFTED], Verdict.ALARM),
        ([SHIFTED, STEADY, STEADY, STEADY], Verdict.OK),
        ([SHIFTED, SHIFTED, STEADY, STEADY], Verdict.WARNING),
        ([SHIFTED], Verdict.WARNING),
        ([], Verdict.INSUFFICIENT),
    ],
)
def test_an_alarm_takes_two_of_the_last_three_windows(shares: list[tuple[float, ...]], verdict: Verdict) -> None:
    assert judged(*(window(hour, one) for hour, one in enumerate(shares))).verdict is verdict


def test_how_many_of_how_many_is_the_monitors_to_say() -> None:
    windows = [window(hour, SHIFTED if hour in (0, 2) else STEADY) for hour in range(4)]
    assert judged(*windows, breaches=1, of=1).verdict is Verdict.OK
    assert judged(*windows, breaches=2, of=4).verdict is Verdict.ALARM
    assert judged(*windows, breaches=3, of=4).verdict is Verdict.WARNING


def test_windows_that_lie_further_back_than_those_that_may_be_missing_say_nothing() -> None:
    """Of the last three, two may be missing: the oldest begins four hours before the newest."""
    for newest, verdict, count in ((5, Verdict.ALARM, 3), (6, Verdict.WARNING, 2), (7, Verdict.OK, 1)):
        found = judged(window(1, SHIFTED), window(2, SHIFTED), window(newest))
        assert (found.verdict, len(found.windows)) == (verdict, count)
    assert judged(window(1, SHIFTED), window(90, SHIFTED), silent_after=100).verdict is Verdict.ALARM


@given(st.permutations([window(0, SHIFTED), window(1), window(2, SHIFTED), window(3), window(4)]))
def test_the_order_in_which_windows_came_does_not_matter(windows: list[Window]) -> None:
    found = judge(definition(), windows)
    assert (found.verdict, found.digest) == (judged(*sorted(windows, key=lambda one: one.start)).verdict, found.digest)
    assert found.digest == judge(definition(), sorted(windows, key=lambda one: one.start)).digest


def test_the_digest_is_of_what_the_verdict_rests_on_and_of_nothing_else() -> None:
    windows = [window(hour) for hour in range(4)]
    digest = judged(*windows).digest
    assert judged(*windows[1:]).digest == digest, "the oldest was not looked at"
    assert judged(*windows[:3], window(3, n=1_001)).digest != digest
    assert judged().digest == ""


def test_sources_of_a_window_are_added_up() -> None:
    halves = [window(0, SHIFTED, 150, source="a"), window(0, SHIFTED, 150, source="b")]
    assert judged(halves[0]).verdict is Verdict.INSUFFICIENT, "150 examples say too little"
    (both,) = judged(*halves).windows
    assert (both.n, both.sources, both.verdict) == (300, ("a", "b"), "breached")


def test_a_window_of_more_than_twenty_sources_says_nothing() -> None:
    sources = [window(0, SHIFTED, source=f"s{number:02d}") for number in range(21)]
    (one,) = judged(*sources).windows
    assert (one.verdict, one.findings[0].reason) == ("insufficient", "the window has more than 20 sources")
    assert judged(*sources[:20]).windows[0].verdict == "breached"


def test_a_feature_that_was_counted_in_other_bins_says_nothing() -> None:
    other = Histogram("amount", Kind.NUMERIC, (500, 500), 0, (17.0,))
    (one,) = judged(window(0, features=(other,))).windows
    assert one.verdict == "insufficient"
    assert "other bins" in one.findings[0].reason


def test_a_window_without_a_feature_of_the_baseline_is_judged_by_the_others() -> None:
    baseline = (numeric(n=10_000), numeric(n=10_000, name="age"))
    (one,) = judged(window(0, SHIFTED), baseline=baseline).windows
    assert {finding.name: finding.verdict for finding in one.findings} == {
        "amount": "breached",
        "age": "insufficient",
    }
    assert one.verdict == "breached"


def test_only_the_features_that_are_asked_for_are_judged() -> None:
    baseline = (numeric(n=10_000), numeric(n=10_000, name="age"))
    steady_age = window(0, features=(numeric(SHIFTED), numeric(name="age")))
    assert judged(steady_age, baseline=baseline, features=("age",)).verdict is Verdict.OK


def test_the_chance_of_a_false_breach_is_shared_by_the_features() -> None:
    """A shift that is significant for one feature is not so for a hundred that chance may shift."""
    near = window(0, (0.25, 0.48, 0.27), 700)
    few = judged(near, effect=0.0, alpha=0.05)
    many = judged(
        near,
        effect=0.0,
        alpha=0.05,
        baseline=(numeric(n=10_000), *(numeric(n=10_000, name=f"f{number}") for number in range(99))),
    )
    assert (few.windows[0].verdict, many.windows[0].findings[0].verdict) == ("breached", "ok")


@pytest.mark.parametrize("statistic", [Statistic.MEAN, Statistic.WASSERSTEIN])
def test_a_statistic_without_the_moments_that_it_needs_says_so(statistic: Statistic) -> None:
    (one,) = judged(window(0), statistic=statistic).windows
    assert one.verdict == "insufficient"
    assert one.findings[0].reason == f"{statistic} needs mean and m2 of values that vary"


def together_shifted(shares: tuple[float, ...], correction: Correction | None, **more: Any) -> list[str]:
    """The verdicts on ten features, which all have these shares."""
    names = [f"f{number}" for number in range(10)]
    features = tuple(numeric(shares, 700, name) for name in names)
    asked = {"baseline": tuple(numeric(n=10_000, name=name) for name in names), "effect": 0.0, "alpha": 0.05}
    (one,) = judged(window(0, n=700, features=features), corrected_by=correction, **asked, **more).windows
    return [finding.verdict for finding in one.findings]


def test_where_all_features_shift_a_little_the_share_of_each_depends_on_the_correction() -> None:
    near = (0.24, 0.48, 0.28)
    assert set(together_shifted(near, None)) == {"ok"}
    assert set(together_shifted(near, Correction.BENJAMINI_HOCHBERG)) == {"breached"}
    assert set(together_shifted(STEADY, Correction.BENJAMINI_HOCHBERG)) == {"ok"}


def test_a_feature_that_says_nothing_counts_among_those_that_share_the_chance() -> None:
    baseline = (numeric(n=10_000), *(numeric(n=10_000, name=f"f{number}") for number in range(99)))
    near = window(0, (0.25, 0.48, 0.27), 700)
    (one,) = judged(near, effect=0.0, alpha=0.05, baseline=baseline, corrected_by=Correction.BENJAMINI_HOCHBERG).windows
    assert (one.findings[0].verdict, one.findings[1].verdict) == ("ok", "insufficient")


def test_the_threshold_that_is_shown_is_that_of_the_corrected_level() -> None:
    names = ("a", "b")
    asked: dict[str, Any] = {"baseline": tuple(numeric(n=10_000, name=name) for name in names), "effect": 0.0}
    both = window(0, features=tuple(numeric(SHIFTED, name=name) for name in names))
    (own,) = judged(both, **asked).windows
    (shared,) = judged(both, corrected_by=Correction.BENJAMINI_HOCHBERG, **asked).windows
    (alone,) = judged(both, **asked | {"features": ("a",)}).windows
    assert own.findings[0].threshold > alone.findings[0].threshold
    assert shared.findings[0].threshold == alone.findings[0].threshold


@pytest.mark.parametrize("correction", Correction)
def test_of_windows_of_five_features_about_one_in_a_hundred_breaches_by_chance(correction: Correction) -> None:
    drawn = random.Random(11)
    names = [f"f{number}" for number in range(5)]

    def counted(name: str, n: int) -> Histogram:
        return numeric(tuple(drawn.gauss(1, (5 / n) ** 0.5) / 5 for _ in range(5)), n, name)

    asked = definition(
        baseline=tuple(numeric((0.2,) * 5, 100_000, name) for name in names), effect=0.0, corrected_by=correction
    )
    null = [
        judge(asked, [window(0, n=2_000, features=tuple(counted(name, 2_000) for name in names))]).windows[0]
        for _ in range(400)
    ]
    assert 0.002 * 400 <= sum(one.verdict == "breached" for one in null) <= 0.03 * 400


def test_the_worst_breach_is_that_of_the_newest_window_that_breached() -> None:
    found = judged(window(0, (0.9, 0.05, 0.05)), window(1, SHIFTED), window(2))
    assert found.worst is not None
    assert found.worst == found.windows[1].worst


def test_categories_that_were_left_out_of_a_window_join_the_others() -> None:
    baseline = (categorical(de=6_000, fr=3_000, li=10),)
    whole = window(0, features=(categorical(de=600, fr=398, li=2),))
    assert without_small_cells(whole).features[0].values == ("de", "fr")
    assert judged(without_small_cells(whole), baseline=baseline).verdict is Verdict.OK
    shifted = without_small_cells(window(0, features=(categorical(de=300, fr=698, li=2),)))
    assert judged(shifted, baseline=baseline).verdict is Verdict.WARNING


def performance(**bounds: float) -> dict[str, Any]:
    return {"watched": Watched.PERFORMANCE, "baseline": (), "metrics": {"accuracy": Bounds(**bounds)}}


@pytest.mark.parametrize(
    ("value", "bounds", "verdict"),
    [
        (0.90, {"at_least": 0.9}, "ok"),
        (0.89, {"at_least": 0.9}, "breached"),
        (0.31, {"at_most": 0.3}, "breached"),
        (0.30, {"at_least": 0.2, "at_most": 0.3}, "ok"),
    ],
)
def test_a_metric_breaches_outside_of_its_bounds(value: float, bounds: dict[str, float], verdict: str) -> None:
    (one,) = judged(measured(0, value), **performance(**bounds)).windows
    assert one.verdict == verdict


def test_a_metric_of_few_examples_or_that_is_not_there_says_nothing() -> None:
    few = window(0, features=(), metrics={"accuracy": Measured(0.1, 20)})
    assert judged(few, **performance(at_least=0.9)).verdict is Verdict.INSUFFICIENT
    other = window(0, features=(), metrics={"recall": Measured(0.1, 1_000)})
    assert judged(other, **performance(at_least=0.9)).verdict is Verdict.INSUFFICIENT


def test_a_metric_of_several_sources_is_weighted_by_their_examples() -> None:
    found = together([Measured(1.0, 300), Measured(0.5, 100)])
    assert found == Measured(0.875, 400)
    assert together([]) is None
    assert together([Measured(0.7, 0), Measured(0.9, 0)]) == Measured(0.7, 0)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 10**6)), min_size=1, max_size=20))
def test_a_weighted_mean_lies_between_its_parts(parts: list[tuple[float, int]]) -> None:
    found = together([Measured(value, n) for value, n in parts])
    assert found is not None
    assert min(value for value, _ in parts) <= found.value <= max(value for value, _ in parts)


def test_a_mean_of_the_largest_numbers_is_finite() -> None:
    largest = 1.7e308
    assert together([Measured(largest, 1_000), Measured(largest, 500)]) == Measured(largest, 1_500)
    assert together([Measured(largest, 1_000), Measured(-largest, 1_000)]) == Measured(0.0, 2_000)


@pytest.mark.parametrize("statistic", [Statistic.PSI, Statistic.JS, Statistic.HELLINGER, Statistic.CHI_SQUARE])
def test_a_monitor_at_one_percent_breaches_seldom_by_chance_and_soon_when_the_data_shifts(
    statistic: Statistic,
) -> None:
    """Of 400 windows that come from the baseline itself, as many breach as ``alpha`` says, give or take."""
    drawn = random.Random(7)

    def counted(shift: float, n: int) -> Histogram:
        counts = [0] * 10
        for _ in range(n):
            counts[min(max(int((drawn.gauss(shift, 1) + 2.5) * 2), 0), 9)] += 1
        return Histogram("amount", Kind.NUMERIC, tuple(counts), 0, tuple(-2 + 0.5 * index for index in range(9)))

    asked = definition(baseline=(counted(0, 50_000),), statistic=statistic, effect=0.0, alpha=0.01)
    null = [judge(asked, [window(0, n=400, features=(counted(0, 400),))]).windows[0] for _ in range(400)]
    breached = sum(one.verdict == "breached" for one in null)
    assert 0.002 * 400 <= breached <= 0.03 * 400
    shifted = [window(hour, n=400, features=(counted(0.5, 400),)) for hour in range(2)]
    assert judge(asked, shifted).verdict is Verdict.ALARM
