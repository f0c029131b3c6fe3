"""What drift is told by, apart from the formulas: who keeps a definition needs no more than the names."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from chalicelib.domain.statistics.histogram import Histogram, Kind

DEFAULT_ALPHA: Final = 0.01
DEFAULT_MIN_N: Final = 200
# Wasserstein's distance lies between edges.
_LEAST_EDGES: Final = 2


class Statistic(StrEnum):
    """What is compared.

    ``psi``, ``js`` (the distance, base 2), ``hellinger`` and ``chi_square`` (J. Cohen's effect size w) take the shares
    of bins, missing values among them. The others take numeric features and look at present values alone: ``ks`` takes
    the cumulated shares, ``mean`` the distance of the means, and ``wasserstein`` how far values moved on average, both
    in standard deviations of the baseline.
    """

    PSI = "psi"
    JS = "js"
    HELLINGER = "hellinger"
    CHI_SQUARE = "chi_square"
    KS = "ks"
    MEAN = "mean"
    WASSERSTEIN = "wasserstein"


# Those that take no categories, which have no order.
OF_NUMBERS: Final = frozenset({Statistic.KS, Statistic.MEAN, Statistic.WASSERSTEIN})


class Correction(StrEnum):
    """How the chance of a false breach is held down over the features of a window.

    ``bonferroni`` gives each feature its share of alpha. ``benjamini_hochberg`` gives more to each the more of them
    differ, so that of the features that breach, at most a share of alpha does by chance.
    """

    BONFERRONI = "bonferroni"
    BENJAMINI_HOCHBERG = "benjamini_hochberg"


DEFAULT_EFFECTS: Final[Mapping[Statistic, float]] = {
    Statistic.PSI: 0.1,
    Statistic.JS: 0.1,
    Statistic.HELLINGER: 0.1,
    Statistic.CHI_SQUARE: 0.1,
    Statistic.KS: 0.05,
    Statistic.MEAN: 0.1,
    Statistic.WASSERSTEIN: 0.1,
}


def unfit(baseline: Histogram, statistic: Statistic) -> str | None:
    """Why a feature cannot be compared by the statistic; None if it can."""
    if baseline.kind is Kind.CATEGORICAL:
        return f"{baseline.name!r} has categories, which have no order" if statistic in OF_NUMBERS else None
    if statistic is Statistic.WASSERSTEIN and len(baseline.edges) < _LEAST_EDGES:
        return f"{baseline.name!r} has a single edge, between which nothing can move"
    return None
