"""Monitors to items and back."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.monitoring.watch_items import Watch, watch_item
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.ledger.settlement import Difference, Settlement
from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring.deeds import Act, Acted, Deed
from chalicelib.domain.monitoring.monitor import Bounds, Definition, Monitor, Watched, selected
from chalicelib.domain.monitoring.span import Span
from chalicelib.domain.monitoring.verdict import Standing, Verdict
from chalicelib.domain.statistics.histogram import from_document
from chalicelib.domain.statistics.statistic import Correction, Statistic

# The fields of a definition that are JSON as they are.
_PLAIN: Final = (
    "selector",
    "effect",
    "baseline_from",
    "features",
    "alpha",
    "min_n",
    "breaches",
    "of",
    "silent_after",
    "description",
)


def monitor_from(stored: Item) -> Monitor:
    found = document_from(stored)
    return Monitor(
        **{
            **known_fields(Monitor, found),
            "definition": _definition_from(found["definition"]),
            "standing": _standing_from(found["standing"]),
            "acted": tuple(Acted(_act_from(one["act"]), one["done"], one["detail"]) for one in found["acted"]),
        }
    )


def watch_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """A monitor is watched from its creation on, but for the time that it is silent.

    Windows that come write nothing here: the keeper looks for the newest one when the time has come.
    """
    for difference in settlement.of(Monitor):
        yield from _watched(table, settlement, settlement.after, difference)


def _watched(table: Table, settlement: Settlement, head: Model, one: Difference) -> Iterable[Write]:
    before: Monitor | None = one.before
    after: Monitor | None = one.after
    if after is None:
        yield table.drop_write(keys.watch(head.name, one.before.name))
        return
    was_silent = before is not None and before.standing.verdict is Verdict.SILENT
    is_silent = after.standing.verdict is Verdict.SILENT
    if is_silent and not was_silent:
        yield table.drop_write(keys.watch(head.name, after.name))
    elif not is_silent and (before is None or was_silent or _timed(before) != _timed(after)):
        now = settlement.stamp.time
        watch = Watch(head.name, after.name, selected(head, after.definition.selector), now)
        yield table.put_write(watch_item(watch, after.definition.silent_at(now)))


def _timed(monitor: Monitor) -> tuple[object, ...]:
    """What the time of the next look follows from."""
    return (monitor.definition.selector, monitor.definition.window, monitor.definition.silent_after)


def _monitor_item(_: Model, monitor: Monitor) -> Item:
    definition = monitor.definition
    stored: dict[str, Any] = {
        "model": monitor.model,
        "name": monitor.name,
        "definition": {
            **{name: getattr(definition, name) for name in _PLAIN},
            "watched": definition.watched.value,
            "window": definition.window.value,
            "statistic": definition.statistic.value,
            "corrected_by": definition.corrected_by,
            "baseline": [histogram.document() for histogram in definition.baseline],
            "metrics": {name: asdict(bounds) for name, bounds in definition.metrics.items()},
            "on_alarm": [_act(act) for act in definition.on_alarm],
        },
        "standing": {**asdict(monitor.standing), "verdict": monitor.standing.verdict.value},
        "acted_on": monitor.acted_on,
        "acted": [{"act": _act(one.act), "done": one.done, "detail": one.detail} for one in monitor.acted],
        "created_at": monitor.created_at,
        "created_by": monitor.created_by,
        "updated_at": monitor.updated_at,
        "revision": monitor.revision,
    }
    return item(keys.monitor(monitor.model, monitor.name), body(stored))


def _definition_from(found: dict[str, Any]) -> Definition:
    return Definition(
        **{
            **known_fields(Definition, found),
            "watched": Watched(found["watched"]),
            "window": Span(found["window"]),
            "statistic": Statistic(found["statistic"]),
            "corrected_by": Correction(found["corrected_by"]) if found.get("corrected_by") else None,
            "baseline": tuple(map(from_document, found["baseline"])),
            "features": tuple(found["features"]),
            "metrics": {name: Bounds(**known_fields(Bounds, bounds)) for name, bounds in found["metrics"].items()},
            "on_alarm": tuple(map(_act_from, found["on_alarm"])),
        }
    )


def _standing_from(found: dict[str, Any]) -> Standing:
    return Standing(**{**known_fields(Standing, found), "verdict": Verdict(found["verdict"])})


def _act(act: Act) -> dict[str, str]:
    return {"deed": act.deed.value, "place": act.place}


def _act_from(found: dict[str, str]) -> Act:
    return Act(Deed(found["deed"]), found["place"])


CODECS: Final = (
    Codec(
        Monitor,
        lambda model, name: (keys.monitor(model, name),),
        _monitor_item,
        monitor_from,
        prefix=keys.MONITOR_PREFIX,
    ),
)
