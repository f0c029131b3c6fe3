"""Monitors, their baselines and windows for tests: each argument has a sensible default."""

from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.instants import Instant, later
from chalicelib.domain.monitoring.monitor import Definition, Monitor, Watched
from chalicelib.domain.monitoring.span import Span
from chalicelib.domain.monitoring.window import Measured, Window
from chalicelib.domain.statistics.histogram import Histogram, Kind
from chalicelib.domain.statistics.statistic import Statistic

START: Final = Instant("2026-11-23T00:00:00.000Z")
# Shares of three bins, and shares that nobody takes for the same.
STEADY: Final = (0.2, 0.5, 0.3)
SHIFTED: Final = (0.6, 0.3, 0.1)


def numeric(shares: tuple[float, ...] = STEADY, n: int = 1_000, name: str = "amount", **more: Any) -> Histogram:
    """A numeric feature with the edges 10, 20, … between bins of these shares."""
    edges = tuple(10.0 * (index + 1) for index in range(len(shares) - 1))
    return Histogram(name, Kind.NUMERIC, tuple(round(share * n) for share in shares), 0, edges, **more)


def categorical(name: str = "country", other: int = 0, **counts: int) -> Histogram:
    return Histogram(name, Kind.CATEGORICAL, (*counts.values(), other), 0, values=tuple(counts))


def definition(**fields: Any) -> Definition:
    defaults: dict[str, Any] = {
        "watched": Watched.DRIFT,
        "selector": "1",
        "window": Span.HOUR,
        "statistic": Statistic.PSI,
        "effect": 0.1,
        "baseline": (numeric(n=10_000),),
    }
    return Definition(**{**defaults, **fields})


def monitor(**fields: Any) -> Monitor:
    return Monitor("fraud", "amounts", definition(**fields), START, "token:ada")


def window(hour: int = 0, shares: tuple[float, ...] = STEADY, n: int = 1_000, **fields: Any) -> Window:
    """The window that begins ``hour`` hours after the start, received when it ends."""
    start = later(START, timedelta(hours=hour))
    end = later(start, timedelta(hours=1))
    defaults: dict[str, Any] = {
        "version": 1,
        "monitor": "amounts",
        "start": start,
        "source": "default",
        "n": n,
        "measured_at": end,
        "received_at": end,
        "received_by": "token:serving",
        "span": Span.HOUR,
        "features": (numeric(shares, n),),
    }
    return Window(**{**defaults, **fields})


def measured(hour: int, value: float, n: int = 1_000, **fields: Any) -> Window:
    """A window of the metric ``accuracy``."""
    return window(hour, n=n, features=(), metrics={"accuracy": Measured(value, n)}, **fields)
