"""Intervals of shares that the registry computes, for reporters who ask for one instead of giving it."""

from enum import StrEnum

from chalicelib.domain.evidence.measure import MeasuredInterval


class ShareMethod(StrEnum):
    """How the interval of a share is computed: ``wilson`` fits on average, ``clopper_pearson`` is never too narrow."""

    WILSON = "wilson"
    CLOPPER_PEARSON = "clopper_pearson"


def share_interval(method: ShareMethod, successes: int, n: int, level: float) -> MeasuredInterval:
    """The interval of ``successes`` among ``n`` at a level. Raises InvalidInputError for impossible ones."""
    # Late: few evaluations ask for one.
    from chalicelib.domain.statistics.proportions import clopper_pearson, wilson

    compute = wilson if method is ShareMethod.WILSON else clopper_pearson
    found = compute(successes, n, level)
    return MeasuredInterval(found.low, found.high, level, method.value)
