"""Rates of a group, apart from the formulas: who keeps a gate needs no more than the names."""

from enum import StrEnum
from typing import Final

DEFAULT_MIN_N: Final = 30


class Rate(StrEnum):
    """A rate of a group."""

    SELECTION = "selection_rate"
    TRUE_POSITIVE = "true_positive_rate"
    FALSE_POSITIVE = "false_positive_rate"
    PRECISION = "precision"
    ACCURACY = "accuracy"
