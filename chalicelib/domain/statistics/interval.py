"""Intervals: where a measured value lies, at a level of confidence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """The bounds of a value, both included."""

    low: float
    high: float
