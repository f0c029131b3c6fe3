"""Windows: put, list, and judge without committing."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.monitoring.window_items import window_from, window_item
from chalicelib.aws.services import Services
from chalicelib.domain.errors import VersionNotFoundError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring import decisions
from chalicelib.domain.monitoring.judging import JudgedWindow, Judgement, judge, judged_windows
from chalicelib.domain.monitoring.monitor import Monitor, invalid, selected
from chalicelib.domain.monitoring.suppression import is_personal, without_small_cells
from chalicelib.domain.monitoring.window import NewWindow, Window, checked
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import load, loaded_model, loaded_profile, model_keys
from chalicelib.registry.monitoring.last_windows import last_windows
from chalicelib.registry.monitoring.reconsidering import reconsider_monitor
from chalicelib.registry.page import Page
from chalicelib.registry.versions.versions import parse_ref


@dataclass(frozen=True, slots=True)
class Received:
    """The windows as they were kept, and the monitor as it stands after them."""

    windows: tuple[Window, ...]
    monitor: Monitor


@dataclass(frozen=True, slots=True)
class JudgedNow:
    """A version of a monitor judged as of now, without its verdict being committed.

    ``windows`` are those that were asked for, oldest first. The judgement is over as many as the monitor looks at; it
    is None if the selector stands for no version.
    """

    monitor: Monitor
    version: int | None
    judgement: Judgement | None
    windows: tuple[JudgedWindow, ...] = ()


def put_windows(
    services: Services, request: Request, model: str, name: str, given: Sequence[NewWindow], batch: bool
) -> Received:
    """Keep windows, in place of those that were kept of the same version, time and source; then judge the monitor.

    All are kept or none. Repeating it changes nothing. ``batch`` says how errors name a window.
    Raises MonitorNotFoundError, InvalidInputError, BodyTooLargeError.
    """
    snapshot = load(services, model, [*model_keys(model, profile=True), keys.monitor(model, name)])
    head = loaded_model(snapshot, model)
    monitor = decisions.existing(model, name, snapshot.get(Monitor, name))
    windows = _windows(services, request, head, monitor, given, batch)
    if is_personal(head, loaded_profile(snapshot).metadata):
        windows = tuple(map(without_small_cells, windows))
    items = [window_item(model, window) for window in windows]
    if len(items) == 1:
        # Half the price of a transaction.
        services.table.put(items[0])
    else:
        services.table.put_all(items)
    watched = selected(head, monitor.definition.selector)
    if any(window.version == watched for window in windows):
        found = reconsider_monitor(services, request, model, name)
        monitor = monitor if found is None else found.monitor
    return Received(windows, monitor)


def list_windows(
    services: Services, model: str, name: str, ref: str | None, limit: int, start: dict[str, str | int] | None
) -> Page[Window]:
    """The windows of a version, newest first; without one, of the version that the monitor watches.

    Raises MonitorNotFoundError, AliasNotFoundError, VersionNotFoundError.
    """
    after: str | None = None
    if start is None:
        snapshot = _snapshot(services, model, name)
        head = loaded_model(snapshot, model)
        monitor = decisions.existing(model, name, snapshot.get(Monitor, name))
        version = _asked(head, monitor, ref)
    else:
        version = int(start["version"])
        after = keys.window(model, name, version, Instant(str(start["start"])), str(start["source"])).sort
    if version is None:
        return Page((), None)
    stored, last = services.table.query(
        keys.partition(model_ledger(model)), keys.windows_of(name, version), limit, after, newest_first=True
    )
    found = tuple(map(window_from, stored))
    if last is None or not found:
        return Page(found, None)
    return Page(found, {"version": version, "start": found[-1].start, "source": found[-1].source})


def judge_now(services: Services, model: str, name: str, ref: str | None, count: int | None) -> JudgedNow:
    """Judge a version, and show its last ``count`` windows, or as many as the monitor looks at. Nothing is committed.

    Raises MonitorNotFoundError, AliasNotFoundError, VersionNotFoundError.
    """
    snapshot = _snapshot(services, model, name)
    head = loaded_model(snapshot, model)
    monitor = decisions.existing(model, name, snapshot.get(Monitor, name))
    version = _asked(head, monitor, ref)
    if version is None:
        return JudgedNow(monitor, None, None)
    definition = monitor.definition
    shown = count or definition.of
    windows = last_windows(services, model, name, version, definition.window, max(shown, definition.of))
    return JudgedNow(monitor, version, judge(definition, windows), judged_windows(definition, windows)[-shown:])


def _snapshot(services: Services, model: str, name: str) -> Snapshot:
    return load(services, model, [*model_keys(model), keys.monitor(model, name)])


def _asked(head: Model, monitor: Monitor, ref: str | None) -> int | None:
    """The version that is asked for, or that the monitor watches. Of a deleted one, the windows are still shown."""
    if ref is None:
        return selected(head, monitor.definition.selector)
    number = _number(head, ref)
    if not 1 <= number <= head.last_version:
        raise VersionNotFoundError(f"The model {head.name!r} has no version {ref}.")
    return number


def _number(head: Model, ref: str) -> int:
    parsed = parse_ref(ref)
    return parsed if isinstance(parsed, int) else head.alias(parsed).version or 0


def _windows(
    services: Services, request: Request, head: Model, monitor: Monitor, given: Sequence[NewWindow], batch: bool
) -> tuple[Window, ...]:
    """The windows, if the monitor can take them all and no two are the same."""
    windows: dict[tuple[int, Instant, str], Window] = {}
    for index, one in enumerate(given):
        pointer = f"/windows/{index}" if batch else ""
        window = checked(monitor.definition, _window(services, request, head, monitor, one, pointer), pointer)
        key = (window.version, window.start, window.source)
        if key in windows:
            raise invalid(f"{pointer}/start", "has the version, time and source of an earlier window of the batch")
        windows[key] = window
    return tuple(windows.values())


def _window(
    services: Services, request: Request, head: Model, monitor: Monitor, given: NewWindow, pointer: str
) -> Window:
    version = selected(head, monitor.definition.selector) if given.version is None else _number(head, given.version)
    if version is None:
        raise invalid(f"{pointer}/version", f"is needed: {monitor.definition.selector} stands for no version now")
    if not 1 <= version <= head.last_version:
        raise invalid(f"{pointer}/version", f"is not a version of {head.name!r}")
    return Window(
        version=version,
        monitor=monitor.name,
        start=given.start,
        source=given.source,
        n=given.n,
        measured_at=given.measured_at or monitor.definition.window.end(given.start),
        received_at=services.clock(),
        received_by=request.principal.name,
        span=monitor.definition.window,
        features=given.features,
        metrics=given.metrics,
    )
