"""What a metric's value rests on, confusion counts, and comparisons on the same examples."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from moorage.plain_values import NumberLike, plain_metrics, plain_number
from moorage.results import Number


@dataclass(frozen=True, slots=True)
class MeasuredInterval:
    """An interval that you computed: ``level`` is 0.95 for 95 %, ``method`` is such as ``bootstrap``."""

    low: Number
    high: Number
    level: Number
    method: str


@dataclass(frozen=True, slots=True)
class ShareInterval:
    """An interval of a share that the registry is to compute, by ``wilson`` or ``clopper_pearson``."""

    method: str = "wilson"
    level: Number = 0.95


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric with what its value rests on.

    ``n`` is the number of observations. For a share, ``successes`` is how many of them succeeded; for a mean, ``sd`` is
    the standard deviation of one observation. ``interval`` is for any other metric. ``share_interval`` asks the
    registry for that of a share; it is found in ``interval`` then. ``direction`` is ``up`` if higher values are better,
    ``down`` if lower ones are.
    """

    value: Number
    n: int | None = None
    successes: int | None = None
    sd: Number | None = None
    interval: MeasuredInterval | None = None
    direction: str | None = None
    share_interval: ShareInterval | None = None


@dataclass(frozen=True, slots=True)
class Confusion:
    """True and false positives, false and true negatives of a classifier."""

    tp: int
    fp: int
    fn: int
    tn: int


@dataclass(frozen=True, slots=True)
class Paired:
    """A version beside the version ``against``, both asked about the same examples.

    ``only_this`` counts the examples that only this version got right, ``only_other`` those that only the other did.
    """

    against: int
    both_right: int
    only_this: int
    only_other: int
    both_wrong: int


def metrics_body(metrics: Mapping[str, NumberLike | Measure], where: str = "") -> dict[str, Any]:
    """Metrics as the registry takes them. ``where`` says in an error whose they are. Raises ValueError."""
    measured = {name: one for name, one in dict(metrics).items() if isinstance(one, Measure)}
    plain = plain_metrics({name: one for name, one in dict(metrics).items() if not isinstance(one, Measure)}, where)
    return {**plain, **{name: _body(one, f"the metric {name!r}{where}") for name, one in measured.items()}}


def counts_body(counts: Confusion | Paired, what: str) -> dict[str, Number]:
    """Counts as the registry takes them. Raises ValueError for what is no number."""
    return {one.name: plain_number(getattr(counts, one.name), f"{one.name} of {what}") for one in fields(counts)}


def _body(measure: Measure, what: str) -> dict[str, Any]:
    body: dict[str, Any] = {"value": plain_number(measure.value, what)}
    for name, part in (("n", measure.n), ("successes", measure.successes), ("sd", measure.sd)):
        if part is not None:
            body[name] = plain_number(part, f"{name} of {what}")
    if measure.interval is not None:
        interval = measure.interval
        ends = (("low", interval.low), ("high", interval.high), ("level", interval.level))
        numbers = {name: plain_number(end, f"{name} of the interval of {what}") for name, end in ends}
        body["interval"] = {**numbers, "method": interval.method}
    if measure.share_interval is not None:
        if measure.interval is not None:
            raise ValueError(f"{what} has an interval, so none is to be computed: give interval or share_interval")
        level = plain_number(measure.share_interval.level, f"level of the interval of {what}")
        body["interval"] = {"method": measure.share_interval.method, "level": level}
    if measure.direction is not None:
        body["direction"] = measure.direction
    return body
