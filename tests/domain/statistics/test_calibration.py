"""How often drift is found where there is none, and how soon where there is some, over seeded random windows."""

from collections import Counter
from functools import cache
from random import Random

import pytest

from chalicelib.domain.statistics.drift import Verdict, judge
from chalicelib.domain.statistics.histogram import Histogram, Kind
from chalicelib.domain.statistics.statistic import Statistic
from tests.domain.statistics.build import numeric

WINDOWS = 400
STATISTICS = list(Statistic)


@cache
def baseline(bins: int) -> Histogram:
    """20,000 normal values in bins that hold about the same number of them."""
    random = Random(15)
    numbers = sorted(random.gauss(0, 1) for _ in range(20_000))
    return numeric(numbers, [numbers[len(numbers) * step // bins] for step in range(1, bins)])


@cache
def windows(bins: int, n: int, shift: float, count: int) -> tuple[Histogram, ...]:
    random = Random(n * 1000 + bins)
    edges = baseline(bins).edges
    return tuple(numeric([random.gauss(shift, 1) for _ in range(n)], edges) for _ in range(count))


def alarms(statistic: Statistic, bins: int, n: int, shift: float, count: int, effect: float | None) -> int:
    judged = (judge(baseline(bins), one, statistic, effect, alpha=0.01) for one in windows(bins, n, shift, count))
    return sum(one.verdict is Verdict.DRIFT for one in judged)


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("n", [200, 500])
def test_of_windows_without_drift_about_one_in_a_hundred_is_significant(statistic: Statistic, n: int) -> None:
    """0.2 to 3 %, without a least effect, so that nothing but the calibration keeps the alarms rare."""
    assert 0.002 <= alarms(statistic, 20, n, 0, WINDOWS, effect=0) / WINDOWS <= 0.03


@pytest.mark.parametrize("statistic", STATISTICS)
def test_ten_bins_do_not_alarm_more_often_nor_does_a_least_effect(statistic: Statistic) -> None:
    """Cumulated shares in few bins alarm less often than alpha says, because they miss differences within bins."""
    without = alarms(statistic, 10, 500, 0, WINDOWS, effect=0)
    assert alarms(statistic, 10, 500, 0, WINDOWS, effect=None) <= without <= 0.03 * WINDOWS


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize(("bins", "n"), [(10, 200), (20, 500)])
def test_a_shift_of_one_standard_deviation_is_found_in_both_of_two_windows(statistic, bins, n) -> None:
    assert alarms(statistic, bins, n, 1.0, 2, effect=None) == 2


@pytest.mark.parametrize("statistic", STATISTICS)
def test_a_shift_of_half_a_standard_deviation_is_found_within_two_windows(statistic: Statistic) -> None:
    assert alarms(statistic, 10, 500, 0.5, 2, effect=None) >= 1


@pytest.mark.parametrize("statistic", [Statistic.PSI, Statistic.JS, Statistic.HELLINGER, Statistic.CHI_SQUARE])
def test_categories_with_a_long_tail_do_not_alarm_more_often(statistic: Statistic) -> None:
    """Most of the 40 are too rare in 400 values to be compared by themselves."""
    random = Random(7)
    names = tuple(map(str, range(40)))
    weights = [(rank + 1) ** -1.5 for rank in range(40)]

    def sample() -> Histogram:
        counted = Counter(random.choices(names, weights, k=400))
        return Histogram("word", Kind.CATEGORICAL, (*(counted[name] for name in names), 0), 0, values=names)

    judged = [judge(sample(), sample(), statistic, effect=0, alpha=0.01) for _ in range(WINDOWS)]
    assert sum(one.verdict is Verdict.DRIFT for one in judged) <= 0.03 * WINDOWS


def test_a_fixed_threshold_would_cry_wolf_where_the_calibrated_one_does_not() -> None:
    """Of 100 values in 20 bins, nearly every window exceeds 0.1 without any drift."""
    judged = [
        judge(baseline(20), one, Statistic.PSI, alpha=0.01, min_n=100) for one in windows(20, 100, 0, WINDOWS // 4)
    ]
    assert sum(one.relevant for one in judged) > 0.8 * len(judged)
    assert sum(one.verdict is Verdict.DRIFT for one in judged) < 0.1 * len(judged)
