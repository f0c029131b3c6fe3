"""Rates from confusion counts beside Fairlearn's from labels, over random labels."""

import numpy as np
import pytest
from fairlearn import metrics
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.statistics.confusion import Confusion
from chalicelib.domain.statistics.fairness import rate
from chalicelib.domain.statistics.rate import Rate

ORACLES = {
    Rate.SELECTION: metrics.selection_rate,
    Rate.TRUE_POSITIVE: metrics.true_positive_rate,
    Rate.FALSE_POSITIVE: metrics.false_positive_rate,
}


@st.composite
def labelled(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, predictions and groups. Each group has examples of both classes, so that all rates are defined."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    groups = np.repeat(np.arange(draw(st.integers(2, 6))), draw(st.integers(2, 60)))
    truth = random.random(len(groups)) < draw(st.floats(0.1, 0.9))
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    truth[starts], truth[starts + 1] = True, False
    return truth.astype(int), (random.random(len(groups)) < random.random(6)[groups]).astype(int), groups


def counted(truth: np.ndarray, predicted: np.ndarray, groups: np.ndarray) -> dict[str, Confusion]:
    def count(group: int, label: int, answer: int) -> int:
        return int(((groups == group) & (truth == label) & (predicted == answer)).sum())

    return {
        str(group): Confusion(
            tp=count(group, 1, 1), fp=count(group, 0, 1), fn=count(group, 1, 0), tn=count(group, 0, 0)
        )
        for group in np.unique(groups)
    }


@given(labelled())
@settings(max_examples=25)
def test_rates(data: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    truth, predicted, groups = data
    frame = metrics.MetricFrame(metrics=ORACLES, y_true=truth, y_pred=predicted, sensitive_features=groups)
    for name, confusion in counted(*data).items():
        for which in ORACLES:
            assert rate(confusion, which).value == pytest.approx(frame.by_group[which][int(name)], abs=1e-12)
