"""Saving and deleting monitors, and recording what was done about an alarm."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from chalicelib.domain import documents
from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.documents import MAX_KEY
from chalicelib.domain.errors import BodyTooLargeError, LimitExceededError, MonitorNotFoundError
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring import monitor as monitors
from chalicelib.domain.monitoring.deeds import Acted, in_order
from chalicelib.domain.monitoring.monitor import (
    MAX_BASELINE_BYTES,
    MAX_FEATURES,
    MAX_METRICS,
    MAX_MONITORS,
    MAX_N,
    MAX_OF,
    MAX_SILENT_AFTER,
    Definition,
    Monitor,
    Watched,
    definition_document,
    invalid,
)
from chalicelib.domain.monitoring.suppression import with_baseline_suppressed
from chalicelib.domain.statistics import histogram as histograms
from chalicelib.domain.statistics.statistic import unfit


def save(
    model: Model, current: Monitor | None, name: str, given: Definition, stamp: Stamp, personal: bool = False
) -> Outcome[Monitor]:
    """Create a monitor, or give it another definition. Its standing stays until windows are judged by the new one.

    ``personal``: the model is flagged for personal data, so the baseline is kept without small groups of people.
    Raises InvalidInputError, BodyTooLargeError, LimitExceededError.
    """
    definition = checked(given)
    if personal:
        definition = with_baseline_suppressed(definition)
    if current is None:
        if len(model.monitors) >= MAX_MONITORS:
            raise LimitExceededError(f"The model {model.name!r} has {MAX_MONITORS} monitors, as many as it can have.")
        created = Monitor(model.name, name, definition, stamp.time, stamp.actor)
        event = EventDraft(event_types.MONITOR_CREATED, None, definition_document(definition), subject=name)
        return decided(created, model, event, Put(created), subject=name)
    if definition == current.definition:
        return NoChange(current, name)
    changed = replace(current, definition=definition)
    before, after = definition_document(current.definition), definition_document(definition)
    fields = [field for field in after if before[field] != after[field]]
    if definition.baseline != current.definition.baseline:
        fields = [*fields, "baseline"]
        before["baseline"], after["baseline"] = (_digest(one) for one in (current.definition, definition))
    event = EventDraft(
        event_types.MONITOR_UPDATED,
        {field: before[field] for field in fields},
        {field: after[field] for field in fields},
        subject=name,
    )
    return decided(changed, model, event, Put(changed), subject=name)


def delete(model: Model, monitor: Monitor) -> Decision[None]:
    """Delete a monitor. A check that it has failed stays as it is."""
    event = EventDraft(event_types.MONITOR_DELETED, definition_document(monitor.definition), None, subject=monitor.name)
    return decided(None, model, event, Remove(monitor))


def record_acts(model: Model, monitor: Monitor, event_id: str, version: int, acted: Sequence[Acted]) -> Outcome[None]:
    """Say what was done about an alarm, a silence or a recovery of a version, once.

    The monitor may watch another version by now: a roll-back makes it do so.
    """
    if monitor.acted_on == event_id:
        return NoChange(None)
    saved = replace(monitor, acted_on=event_id, acted=tuple(acted))
    event = EventDraft(
        event_types.MONITOR_ACTED,
        {"event": monitor.acted_on or None, "acts": [one.document() for one in monitor.acted]},
        {"event": event_id, "acts": [one.document() for one in acted]},
        version=version,
        subject=monitor.name,
        trigger=Trigger.RULE,
        reason="; ".join(one.detail for one in acted),
    )
    return decided(None, model, event, Put(saved))


def existing(model: str, name: str, found: Monitor | None) -> Monitor:
    """The monitor, unless there is none. Raises MonitorNotFoundError."""
    if found is None:
        raise MonitorNotFoundError(f"The model {model!r} has no monitor {name!r}.")
    return found


def checked(given: Definition) -> Definition:
    """A definition, its deeds in the order in which they are done. Raises InvalidInputError, BodyTooLargeError."""
    monitors.selector(given.selector)
    _check_numbers(given)
    _check_features(given)
    _check_metrics(given)
    if len(given.description) > monitors.MAX_DESCRIPTION:
        raise invalid("/description", f"has more than {monitors.MAX_DESCRIPTION} characters")
    return replace(given, on_alarm=in_order(given.on_alarm))


def _check_numbers(given: Definition) -> None:
    if not 0 <= given.effect <= histograms.MAX_MAGNITUDE:
        raise invalid("/effect", f"must be from 0 to {histograms.MAX_MAGNITUDE:g}")
    # Each feature is judged at its share of alpha, which must not be rounded to nothing.
    if given.alpha > 0.5 or not given.alpha / max(len(given.compared), 1) > 0:
        raise invalid("/alpha", "must be above 0, and at most 0.5")
    if not 1 <= given.min_n <= MAX_N:
        raise invalid("/min_n", f"must be from 1 to {MAX_N}")
    if not 1 <= given.of <= MAX_OF:
        raise invalid("/of", f"must be from 1 to {MAX_OF}")
    if not 1 <= given.breaches <= given.of:
        raise invalid("/breaches", "must be from 1 to the number in /of")
    if not 1 <= given.silent_after <= MAX_SILENT_AFTER:
        raise invalid("/silent_after", f"must be from 1 to {MAX_SILENT_AFTER}")


def _check_features(given: Definition) -> None:
    _check_baseline(given)
    baseline = [histogram.name for histogram in given.baseline]
    if len(given.features) > MAX_FEATURES:
        raise invalid("/features", f"has more than {MAX_FEATURES} entries")
    for index, name in enumerate(given.features):
        if not 1 <= len(name) <= MAX_KEY or name in given.features[:index]:
            raise invalid(f"/features/{index}", f"must be a name of 1 to {MAX_KEY} characters, given once")
        if baseline and name not in baseline:
            raise invalid(f"/features/{index}", f"is not a feature of the baseline: {name!r}")
    if given.watched is Watched.PERFORMANCE and (baseline or given.features):
        raise invalid("/baseline" if baseline else "/features", "is for the kinds drift and system")
    problem = next(filter(None, (unfit(one, given.statistic) for one in given.compared)), None)
    if problem is not None:
        raise invalid("/statistic", f"must not be {given.statistic}: {problem}")


def _check_baseline(given: Definition) -> None:
    if len(given.baseline) > MAX_FEATURES:
        raise invalid("/baseline", f"has more than {MAX_FEATURES} entries")
    names = [histogram.name for histogram in given.baseline]
    for index, histogram in enumerate(given.baseline):
        if histogram.name in names[:index]:
            raise invalid(f"/baseline/{index}/name", f"names {histogram.name!r} a second time")
        histograms.checked(histogram, f"/baseline/{index}")
    size = len(canonical_json([histogram.document() for histogram in given.baseline]).encode())
    if size > MAX_BASELINE_BYTES:
        raise BodyTooLargeError(f"The baseline takes {size} bytes; a baseline has at most {MAX_BASELINE_BYTES}.")


def _check_metrics(given: Definition) -> None:
    if len(given.metrics) > MAX_METRICS:
        raise invalid("/metrics", f"has more than {MAX_METRICS} entries")
    if given.watched is Watched.DRIFT and given.metrics:
        raise invalid("/metrics", "is for the kinds performance and system")
    if given.watched is Watched.PERFORMANCE and not given.metrics:
        raise invalid("/metrics", "must name at least one metric")
    # Names and numbers are those that the metrics of a window can have.
    documents.metrics(dict.fromkeys(given.metrics, 0), "/metrics")
    for name, bounds in given.metrics.items():
        ends = {end: bound for end, bound in asdict(bounds).items() if bound is not None}
        if not ends:
            raise invalid(f"/metrics/{name}", "must have at_least, at_most or both")
        documents.metrics(ends, f"/metrics/{name}")
        if bounds.at_least is not None and bounds.at_most is not None and bounds.at_least > bounds.at_most:
            raise invalid(f"/metrics/{name}/at_least", "is above at_most")


def _digest(definition: Definition) -> dict[str, object]:
    """What events say of a baseline: which features it has, and the digest of their histograms."""
    histograms = [histogram.document() for histogram in definition.baseline]
    return {
        "features": [histogram.name for histogram in definition.baseline],
        "digest": sha256_hex(canonical_json(histograms)) if histograms else None,
    }
