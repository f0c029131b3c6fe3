"""What a gate's condition finds, and the words that findings share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain.instants import Instant, later, moment


@dataclass(frozen=True, slots=True)
class AwaitedReport:
    """A report that a gate waits for: since when, until when, whose it must be, and where it is being made.

    ``reporters`` are patterns of principals' names; none: everybody who may report.
    """

    since: Instant
    until: Instant
    reporters: tuple[str, ...]
    link: str | None

    def document(self) -> dict[str, Any]:
        return {"since": self.since, "until": self.until, "reporters": list(self.reporters), "link": self.link}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a gate's condition, without the gate's name. ``GateResult`` says what the fields are."""

    holds: bool
    actual: Any
    needed: str
    reason: str
    seen: Any
    awaited: AwaitedReport | None = None


def within(value: float, at_least: float | None, at_most: float | None) -> bool:
    """Whether a value is within bounds, of which either may be absent."""
    return (at_least is None or exact(value) >= exact(at_least)) and (at_most is None or exact(value) <= exact(at_most))


def bounds_in_words(at_least: float | None, at_most: float | None) -> str:
    bounds = [] if at_least is None else [f"at least {at_least}"]
    bounds += [] if at_most is None else [f"at most {at_most}"]
    return " and ".join(bounds)


def exact(number: float) -> Decimal:
    """The number as it was written."""
    # The shortest decimal that reads back as the double is what the user wrote. So 0.3 - 0.1 reaches a margin of 0.2.
    return Decimal(repr(number))


def age_in_words(max_age_days: float | None) -> str:
    return "" if max_age_days is None else f" within the last {max_age_days:g} days"


def too_old(at: Instant, max_age_days: float | None, now: Instant) -> bool:
    """Whether what was reported at ``at`` is older than a gate allows."""
    return max_age_days is not None and moment(later(at, timedelta(days=max_age_days))) < moment(now)


def number_in_words(number: float) -> str:
    """A computed number for people: at most four digits, without zeros at the end."""
    return f"{number:.4g}"


def seen_reporter(report: Mapping[str, Any]) -> list[Any]:
    """Who made a report, as a gate whose scheme has evidence rules sees it."""
    return [report["reported_by"], report.get("person")]
