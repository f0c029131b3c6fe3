"""Distances of categories beside NannyML's, over random samples. Its numeric ones have bins of its own choice."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nannyml.chunk import SizeBasedChunker
from nannyml.drift.univariate.methods import FeatureType, MethodFactory
from nannyml.thresholds import ConstantThreshold

from chalicelib.domain.statistics import distances
from chalicelib.domain.statistics.homogeneity import chi_square

ORACLES = {
    "jensen_shannon": distances.js_distance,
    "hellinger": distances.hellinger,
}
rows = st.integers(2, 12).flatmap(
    lambda size: st.tuples(*[st.lists(st.integers(1, 300), min_size=size, max_size=size)] * 2)
)


def nannyml(method: str, baseline: list[int], current: list[int]) -> float:
    """NannyML's distance of samples with these counts."""
    before, after = (
        pd.Series(np.repeat([f"v{index:02}" for index in range(len(row))], row), name="x")
        for row in (baseline, current)
    )
    made = MethodFactory.create(
        method,
        FeatureType.CATEGORICAL,
        chunker=SizeBasedChunker(len(before)),
        threshold=ConstantThreshold(0, 1),
        computation_params={},
    )
    made.fit(before)
    return float(made.calculate(after))


@pytest.mark.parametrize("method", ORACLES)
@given(pair=rows)
@settings(max_examples=50)
def test_distances_of_categories(method: str, pair: tuple[list[int], list[int]]) -> None:
    """Their squares, because NannyML takes 1 minus the sum of all shares, a rounding error, for that of a new value.

    SciPy, which it calls, gives no number where rounding makes a divergence of 0 negative.
    """
    oracle = np.nan_to_num(nannyml(method, *pair))
    assert ORACLES[method](*pair) ** 2 == pytest.approx(oracle**2, abs=1e-12)


@given(pair=rows)
@settings(max_examples=50)
def test_homogeneity(pair: tuple[list[int], list[int]]) -> None:
    """NannyML corrects tables of two by two for continuity, Pearson's own test does not."""
    if len(pair[0]) > 2:
        assert chi_square(*pair).statistic == pytest.approx(nannyml("chi2", *pair), rel=1e-9)
