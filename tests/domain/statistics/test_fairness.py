"""Rates from confusion counts."""

import pytest

from chalicelib.domain.statistics.confusion import Confusion
from chalicelib.domain.statistics.fairness import rate
from chalicelib.domain.statistics.rate import Rate

# Labels 1 1 0 0 1 0 and predictions 1 0 0 1 1 0; labels 1 1 0 0 1 0 1 0 and predictions 1 1 1 0 1 0 1 1.
REFERENCE = {"a": Confusion(tp=2, fp=1, fn=1, tn=2), "b": Confusion(tp=4, fp=2, fn=0, tn=2)}


@pytest.mark.parametrize(
    ("which", "a", "b"),
    [
        (Rate.SELECTION, 0.5, 0.75),
        (Rate.TRUE_POSITIVE, 2 / 3, 1),
        (Rate.FALSE_POSITIVE, 1 / 3, 0.5),
        (Rate.ACCURACY, 2 / 3, 0.75),
        (Rate.PRECISION, 2 / 3, 2 / 3),
    ],
)
def test_rates_have_their_reference_values(which: Rate, a: float, b: float) -> None:
    assert rate(REFERENCE["a"], which).value == a and rate(REFERENCE["b"], which).value == b


def test_a_rate_without_examples_has_no_value() -> None:
    assert rate(Confusion(0, 0, 0, 5), Rate.PRECISION).value is None
    assert rate(Confusion(1, 0, 0, 5), Rate.PRECISION).value == 1
