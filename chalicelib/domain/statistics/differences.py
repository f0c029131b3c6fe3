"""The difference of two values of any kind, each known with its own interval."""

from math import hypot

from chalicelib.domain.statistics.interval import Interval


def square_and_add(value: float, around: Interval, other: float, around_other: Interval) -> Interval:
    """The interval of ``value`` minus ``other``, measured independently, at the level that both intervals have.

    Source: G. Y. Zou and A. Donner (2008), Statistics in Medicine 27, 1693-1702. With Wilson's intervals of two
    proportions it is Newcombe's interval.
    """
    difference = value - other
    return Interval(
        difference - hypot(value - around.low, around_other.high - other),
        difference + hypot(around.high - value, other - around_other.low),
    )
