"""A model in production with a monitor, and reporters who put windows."""

from datetime import timedelta
from typing import Any

from chalicelib.aws.services import Services
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.monitoring.monitor import Monitor
from chalicelib.domain.monitoring.window import NewWindow
from chalicelib.registry.audit import audit
from chalicelib.registry.monitoring import monitors, windows
from chalicelib.registry.monitoring.windows import Received
from tests.domain.monitoring.build import SHIFTED, START, STEADY, definition, numeric
from tests.registry.build import MODEL, model, ready, request

NAME = "amounts"


def watched(registry: Services, versions: int = 1, **fields: Any) -> Monitor:
    """A monitor of a model with READY versions. The registry's clock stands where the first window begins."""
    set_clock(registry, 0)
    model(registry)
    for _ in range(versions):
        ready(registry)
    return saved(registry, **fields)


def saved(registry: Services, name: str = NAME, **fields: Any) -> Monitor:
    return monitors.save_monitor(registry, request(), MODEL, name, definition(**fields)).result


def set_clock(registry: Services, hours: float) -> None:
    """Put the registry's clock to so many hours after the start of the first window."""
    at = hours_on(hours)
    registry.clock = lambda: at


def hours_on(hours: float) -> Instant:
    return later(START, timedelta(hours=hours))


def put(registry: Services, hour: int, shares: tuple[float, ...] = STEADY, n: int = 1_000, **fields: Any) -> Received:
    """Report the window that begins ``hour`` hours after the start."""
    given = NewWindow(hours_on(hour), n, **{"features": (numeric(shares, n),), **fields})
    return windows.put_windows(registry, request(), MODEL, NAME, [given], batch=False)


def reported(registry: Services, *shares: tuple[float, ...], first: int = 0) -> None:
    """Report windows one after the other, each when it has ended."""
    for hour, one in enumerate(shares, first):
        set_clock(registry, hour + 1)
        put(registry, hour, one)


def an_alarm(registry: Services, first: int = 0) -> dict[str, Any]:
    """Two windows that breach; answers the event of the alarm."""
    reported(registry, SHIFTED, SHIFTED, first=first)
    return last(registry, "monitor.alarmed")


def events(registry: Services, prefix: str = "monitor.") -> list[dict[str, Any]]:
    """The model's events whose type begins so, oldest first."""
    found = audit.list_events(registry, f"model:{MODEL}", "oldest", 100, None).items
    return [event for event in found if event["type"].startswith(prefix)]


def last(registry: Services, prefix: str) -> dict[str, Any]:
    return events(registry, prefix)[-1]


def types(registry: Services) -> list[str]:
    """What happened to monitors, but for their creation."""
    return [event["type"].removeprefix("monitor.") for event in events(registry)][1:]


def standing(registry: Services) -> Monitor:
    return monitors.get_monitor(registry, MODEL, NAME)
