"""Intervals of a proportion, and of the difference of two proportions measured on different examples."""

from math import sqrt

from chalicelib.domain.statistics.interval import Interval
from chalicelib.domain.statistics.refusals import check_level, check_successes
from chalicelib.domain.statistics.special import beta_quantile, normal_critical


def wilson(successes: int, n: int, level: float = 0.95) -> Interval:
    """Wilson's score interval of ``successes`` among ``n``.

    Source: E. B. Wilson (1927). Raises InvalidInputError for impossible counts, and for a level outside of 0 to 1.
    """
    check_successes(successes, n)
    check_level(level)
    z = normal_critical((1 - level) / 2)
    centre = successes + z * z / 2
    reach = z * sqrt(successes * (n - successes) / n + z * z / 4)
    return Interval(
        0.0 if successes == 0 else (centre - reach) / (n + z * z),
        1.0 if successes == n else (centre + reach) / (n + z * z),
    )


def clopper_pearson(successes: int, n: int, level: float = 0.95) -> Interval:
    """The exact interval of ``successes`` among ``n``: at least ``level`` for every true proportion, often more.

    Source: C. J. Clopper and E. S. Pearson (1934). Raises InvalidInputError as ``wilson`` does.
    """
    check_successes(successes, n)
    check_level(level)
    tail = (1 - level) / 2
    return Interval(
        0.0 if successes == 0 else beta_quantile(tail, successes, n - successes + 1),
        1.0 if successes == n else beta_quantile(1 - tail, successes + 1, n - successes),
    )


def newcombe(successes: int, n: int, other_successes: int, other_n: int, level: float = 0.95) -> Interval:
    """The interval of a proportion minus another one, measured on independent examples.

    Source: R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, method 10: the hybrid of two Wilson intervals.
    Raises InvalidInputError as ``wilson`` does.
    """
    check_successes(other_successes, other_n, "/other")
    mine, other = wilson(successes, n, level), wilson(other_successes, other_n, level)
    share, other_share = successes / n, other_successes / other_n
    difference = share - other_share
    return Interval(
        max(-1.0, difference - sqrt((share - mine.low) ** 2 + (other.high - other_share) ** 2)),
        min(1.0, difference + sqrt((mine.high - share) ** 2 + (other_share - other.low) ** 2)),
    )
