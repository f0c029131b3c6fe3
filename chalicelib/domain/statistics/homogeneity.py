"""Whether two sets of counts can come from the same distribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from chalicelib.domain.statistics.refusals import check_count, refused
from chalicelib.domain.statistics.special import chi_square_tail


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """The result of a chi-square test. ``p`` is its probability under one distribution; ``cramers_v`` is 0 to 1."""

    statistic: float
    df: int
    p: float
    cramers_v: float


def chi_square(baseline: Sequence[int], current: Sequence[int]) -> Homogeneity:
    """Pearson's chi-square test of homogeneity of two rows of counts, without correction.

    Bins that are empty in both rows do not count. The test misleads where less than about 5 are expected in a bin.
    Raises InvalidInputError for rows of different lengths, negative counts, and empty rows.
    """
    if len(baseline) != len(current):
        raise refused("/current", f"must have as many bins as the baseline, which has {len(baseline)}")
    for pointer, row in (("/baseline", baseline), ("/current", current)):
        for index, count in enumerate(row):
            check_count(count, f"{pointer}/{index}")
        if not any(row):
            raise refused(pointer, "must not be empty")
    n, m = sum(baseline), sum(current)
    present = [(a, b) for a, b in zip(baseline, current, strict=True) if a or b]
    statistic = fsum(_parts(a, b, n, m) for a, b in present)
    df = len(present) - 1
    return Homogeneity(statistic, df, chi_square_tail(statistic, df) if df else 1.0, sqrt(statistic / (n + m)))


def effect_size(baseline: Sequence[int], current: Sequence[int]) -> float:
    """J. Cohen's w: how much the shares of two rows of counts differ, however many values there are.

    The root of Pearson's statistic times the sum of both inverse sizes. Raises InvalidInputError as ``chi_square``.
    Source: J. Cohen, Statistical Power Analysis for the Behavioral Sciences (1988), 7.2; 0.1 is a small effect.
    """
    return sqrt(chi_square(baseline, current).statistic * (1 / sum(baseline) + 1 / sum(current)))


def _parts(a: int, b: int, n: int, m: int) -> float:
    """What a bin adds to the statistic: the squared differences from both expected counts. Integers keep it exact."""
    return (a * m - b * n) ** 2 / (n * m * (a + b))
