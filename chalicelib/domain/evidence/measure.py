"""Measures: what is known of a metric beyond its value, so that its uncertainty can be judged."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain import documents
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.schemes.directions import Direction

# What a double holds exactly.
MAX_COUNT: Final = 2**53 - 1
MAX_METHOD: Final = 64
# Reporters round what they report, often to three decimals.
ROUNDING: Final = 0.0005


@dataclass(frozen=True, slots=True)
class MeasuredInterval:
    """The interval that the reporter computed: ``level`` is 0.95 for 95 %, ``method`` is such as ``bootstrap``."""

    low: float
    high: float
    level: float
    method: str

    def document(self) -> dict[str, Any]:
        return {"low": self.low, "high": self.high, "level": self.level, "method": self.method}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a metric's value rests on, each part None if it is not known.

    ``n`` is the number of observations. ``successes`` is how many of them succeeded, if the value is a share, and
    ``sd`` the standard deviation of one observation, if the value is a mean. ``direction`` says which values are
    better, for metrics of which the model does not say it.
    """

    n: int | None = None
    successes: int | None = None
    sd: float | None = None
    interval: MeasuredInterval | None = None
    direction: Direction | None = None

    def document(self) -> dict[str, Any]:
        """The parts that are known."""
        parts = {
            "n": self.n,
            "successes": self.successes,
            "sd": self.sd,
            "interval": None if self.interval is None else self.interval.document(),
            "direction": None if self.direction is None else self.direction.value,
        }
        return {name: part for name, part in parts.items() if part is not None}


def measures(given: Mapping[str, Measure], metrics: Mapping[str, float], pointer: str) -> dict[str, Measure]:
    """The measures of metrics, without those that say nothing. ``pointer`` is that of the metrics.

    Raises InvalidInputError for a measure without a metric, and for numbers that contradict each other.
    """
    for name, one in given.items():
        if name not in metrics:
            raise invalid(f"{pointer}/{name}", "has no value")
        _check(one, metrics[name], f"{pointer}/{name}")
    return {name: one for name, one in given.items() if one != Measure()}


def measure_documents(given: Mapping[str, Measure], metrics: Mapping[str, float]) -> dict[str, Any]:
    """Measures by metric as JSON, each with the metric's value."""
    return {name: {"value": metrics[name], **one.document()} for name, one in given.items()}


def count(given: int, pointer: str, least: int = 0) -> int:
    """A number of observations, from ``least`` to 2^53 - 1. Raises InvalidInputError."""
    if isinstance(given, bool) or not least <= given <= MAX_COUNT:
        raise invalid(pointer, f"must be an integer from {least} to {MAX_COUNT}")
    return given


def invalid(pointer: str, message: str) -> InvalidInputError:
    """The error for a fault at a place of the evaluation."""
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])


def _check(one: Measure, value: float, pointer: str) -> None:
    if one.n is not None:
        count(one.n, f"{pointer}/n", least=1)
    if one.successes is not None:
        _check_share(one.successes, one.n, value, pointer)
    if one.sd is not None:
        if not _is_finite(one.sd) or one.sd < 0:
            raise invalid(f"{pointer}/sd", "must be a finite number of at least 0")
        if one.successes is not None:
            raise invalid(f"{pointer}/sd", "must not stand beside successes: the metric is either a mean or a share")
    if one.interval is not None:
        _check_interval(one.interval, value, f"{pointer}/interval")


def _check_share(successes: int, n: int | None, value: float, pointer: str) -> None:
    if n is None:
        raise invalid(f"{pointer}/n", "is required with successes")
    count(successes, f"{pointer}/successes")
    if successes > n:
        raise invalid(f"{pointer}/successes", f"is {successes}, more than n, which is {n}")
    if abs(value - successes / n) > ROUNDING:
        raise invalid(f"{pointer}/value", f"is {value}, but {successes} of {n} is {successes / n:.6g}")


def _check_interval(interval: MeasuredInterval, value: float, pointer: str) -> None:
    for field, end in (("low", interval.low), ("high", interval.high)):
        if not _is_finite(end):
            raise invalid(f"{pointer}/{field}", "must be a finite number")
    if interval.low > interval.high:
        raise invalid(f"{pointer}/low", f"is {interval.low}, more than high, which is {interval.high}")
    if not interval.low <= value <= interval.high:
        raise invalid(pointer, f"from {interval.low} to {interval.high} excludes the value, which is {value}")
    if not _is_finite(interval.level) or not 0 < interval.level < 1:
        raise invalid(f"{pointer}/level", "must be more than 0 and less than 1, such as 0.95")
    documents.short_text(interval.method, f"{pointer}/method", MAX_METHOD)


def _is_finite(number: object) -> bool:
    # Not isfinite(), which overflows for an integer that is larger than any double.
    return isinstance(number, int | float) and not isinstance(number, bool) and abs(number) <= sys.float_info.max
