"""Two classifiers on the same examples: what the examples tell on which only one of them was right."""

from math import sqrt

from chalicelib.domain.statistics.interval import Interval
from chalicelib.domain.statistics.refusals import check_count, check_level, refused
from chalicelib.domain.statistics.special import beta_share, normal_critical


def mcnemar_exact(only_this: int, only_other: int) -> float:
    """The probability of discordant counts at least as uneven as these, if both classifiers were equally good.

    1 without any discordant example. Raises InvalidInputError for negative counts.
    """
    _check_discordant(only_this, only_other)
    fewer, more = sorted((only_this, only_other))
    # At most ``fewer`` of all discordant examples, by the binomial distribution with one half.
    return min(1.0, 2 * beta_share(0.5, more, fewer + 1)) if more else 1.0


def paired_difference(
    both_right: int, only_this: int, only_other: int, both_wrong: int, level: float = 0.95
) -> Interval:
    """The interval of this classifier's accuracy minus the other's, measured on the same examples.

    Source: D. G. Bonett and R. M. Price (2012), Journal of Educational and Behavioral Statistics 37, 479-488: Wald's
    interval after one example was added to each discordant count. Raises InvalidInputError for negative counts, for no
    examples, and for a level outside of 0 to 1.
    """
    for name, count in (("both_right", both_right), ("both_wrong", both_wrong)):
        check_count(count, f"/{name}")
    _check_discordant(only_this, only_other)
    check_level(level)
    n = both_right + only_this + only_other + both_wrong
    if n == 0:
        raise refused("/both_right", "and the other three counts must not all be 0")
    mine, other = (only_this + 1) / (n + 2), (only_other + 1) / (n + 2)
    difference = mine - other
    reach = normal_critical((1 - level) / 2) * sqrt((mine + other - difference**2) / (n + 2))
    return Interval(max(-1.0, difference - reach), min(1.0, difference + reach))


def _check_discordant(only_this: int, only_other: int) -> None:
    check_count(only_this, "/only_this")
    check_count(only_other, "/only_other")
