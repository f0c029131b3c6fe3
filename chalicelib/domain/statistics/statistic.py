"""What drift is told by, apart from the formulas: who keeps a definition needs no more than the names."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

DEFAULT_ALPHA: Final = 0.01
DEFAULT_MIN_N: Final = 200


class Statistic(StrEnum):
    """What is compared.

    ``psi``, ``js`` (the distance, base 2), ``hellinger`` and ``chi_square`` (J. Cohen's effect size w) take the shares
    of bins, missing values among them. ``ks`` takes the cumulated shares of a numeric feature, ``mean`` the distance of
    the means in standard deviations of the baseline; both look at present values alone.
    """

    PSI = "psi"
    JS = "js"
    HELLINGER = "hellinger"
    CHI_SQUARE = "chi_square"
    KS = "ks"
    MEAN = "mean"


DEFAULT_EFFECTS: Final[Mapping[Statistic, float]] = {
    Statistic.PSI: 0.1,
    Statistic.JS: 0.1,
    Statistic.HELLINGER: 0.1,
    Statistic.CHI_SQUARE: 0.1,
    Statistic.KS: 0.05,
    Statistic.MEAN: 0.1,
}
