"""Baselines that are taken from what a monitor's windows have counted."""

from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.monitoring.window_items import window_from
from chalicelib.aws.services import Services
from chalicelib.domain.errors import LimitExceededError
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.monitoring.cells import over_common_values
from chalicelib.domain.monitoring.monitor import invalid
from chalicelib.domain.monitoring.window import Window, WindowRange
from chalicelib.domain.statistics.histogram import Histogram, merge
from chalicelib.registry.versions.versions import resolve

MAX_WINDOWS: Final = 1_000
_PAGE: Final = 100


def baseline_of(services: Services, model: str, monitor: str, taken: WindowRange) -> tuple[tuple[Histogram, ...], str]:
    """The histograms of all windows of a range together, and where they are from, in words.

    Raises InvalidInputError if there is no window or their bins differ, LimitExceededError for more than 1,000.
    """
    if taken.first is not None and taken.last is not None and taken.last < taken.first:
        # DynamoDB refuses to begin reading behind the end.
        raise invalid("/baseline/last", f"is before the first time, {taken.first}")
    version = resolve(services, model, taken.version)
    windows = _read(services, model, monitor, version, taken)
    features: dict[str, list[Histogram]] = {}
    for window in windows:
        for feature in window.features:
            features.setdefault(feature.name, []).append(feature)
    if not features:
        raise invalid("/baseline", f"finds no features in windows of version {version} in that time")
    merged = tuple(merge(over_common_values(counted)) for counted in features.values())
    return merged, f"{len(windows)} windows of version {version}, from {windows[0].start} to {windows[-1].start}"


def _read(services: Services, model: str, monitor: str, version: int, taken: WindowRange) -> list[Window]:
    prefix = keys.windows_of(monitor, version)
    after: str | None = prefix if taken.first is None else keys.window(model, monitor, version, taken.first, "").sort
    # After every source of the last time, or after all times.
    high = prefix + "~" if taken.last is None else keys.window(model, monitor, version, taken.last, "~").sort
    found: list[Window] = []
    while after is not None:
        stored, after = services.table.query(keys.partition(model_ledger(model)), prefix, _PAGE, after, up_to=high)
        found += map(window_from, stored)
        if len(found) > MAX_WINDOWS:
            raise LimitExceededError(f"A baseline is made of at most {MAX_WINDOWS} windows; give a shorter time.")
    return found
