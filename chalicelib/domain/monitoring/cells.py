"""Whether a feature was counted in the cells of its baseline, and comparing the two where it was not in all."""

from collections.abc import Sequence

from chalicelib.domain.statistics.histogram import Histogram, over


def comparable(baseline: Histogram, feature: Histogram) -> bool:
    """Whether the feature counts what the baseline counts: the same bins, or at least the same values."""
    if (feature.kind, feature.edges) != (baseline.kind, baseline.edges):
        return False
    return set(baseline.values) <= set(feature.values)


def over_common_values(histograms: Sequence[Histogram]) -> tuple[Histogram, ...]:
    """Categorical summaries over the values that all of them count, in the order of the first.

    Values that one of them lacks join the other values in all. So windows whose small cells were left out can be
    compared and merged.
    """
    common = tuple(value for value in histograms[0].values if all(value in one.values for one in histograms))
    return tuple(over(one, common) for one in histograms)
