"""Two means, each known with its standard deviation and its number of values."""

from dataclasses import dataclass
from math import sqrt

from chalicelib.domain.statistics.interval import Interval
from chalicelib.domain.statistics.refusals import check_count, check_finite, check_level, refused
from chalicelib.domain.statistics.special import student_critical, student_two_sided


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of ``n`` values, at least 2, and their standard deviation with ``n - 1`` as divisor.

    Raises InvalidInputError for fewer values, for a negative deviation, and for numbers that are not finite.
    """

    value: float
    sd: float
    n: int

    def __post_init__(self) -> None:
        check_finite(self.value, "/value")
        check_finite(self.sd, "/sd")
        if self.sd < 0:
            raise refused("/sd", "must not be negative")
        check_count(self.n, "/n", least=2)

    @property
    def variance(self) -> float:
        """The square of the mean's standard error."""
        return self.sd * self.sd / self.n


@dataclass(frozen=True, slots=True)
class Welch:
    """The result of Welch's test: t, its degrees of freedom, and its two-sided probability if the means are equal."""

    t: float
    df: float
    p: float


def welch(one: Mean, other: Mean) -> Welch | None:
    """Welch's test of two means whose variances may differ; None if neither sample varies.

    Source: B. L. Welch (1947).
    """
    df = _degrees(one, other)
    if df is None:
        return None
    t = (one.value - other.value) / sqrt(one.variance + other.variance)
    return Welch(t, df, student_two_sided(t, df))


def difference_of_means(one: Mean, other: Mean, level: float = 0.95) -> Interval:
    """The interval of a mean minus another one, by Welch's test. It has no width if neither sample varies.

    Raises InvalidInputError for a level outside of 0 to 1.
    """
    check_level(level)
    difference = one.value - other.value
    df = _degrees(one, other)
    if df is None:
        return Interval(difference, difference)
    reach = student_critical(1 - level, df) * sqrt(one.variance + other.variance)
    return Interval(difference - reach, difference + reach)


def _degrees(one: Mean, other: Mean) -> float | None:
    """The degrees of freedom of the difference, after F. E. Satterthwaite (1946); None if nothing varies."""
    both = one.variance + other.variance
    if both == 0:
        return None
    mine, others = one.variance / both, other.variance / both
    return 1 / (mine**2 / (one.n - 1) + others**2 / (other.n - 1))
