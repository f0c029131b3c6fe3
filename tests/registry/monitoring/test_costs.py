"""What windows and silence cost: the same with ten monitors and with a thousand."""

from dataclasses import replace

import pytest

from bench.emulation import metered
from bench.meter import Usage
from chalicelib.aws import keys
from chalicelib.aws.monitoring.watch_items import Watch, watch_item
from chalicelib.aws.monitoring.window_items import window_item
from chalicelib.aws.services import Services
from chalicelib.registry.lifecycle.sweep import sweep_due
from tests.domain.monitoring.build import STEADY, window
from tests.registry.build import MODEL
from tests.registry.monitoring.watched import NAME, hours_on, put, reported, set_clock, watched

# Twenty monitors are as many as a model has.
FEW, MANY = 10, 1_000


def others(registry: Services, count: int) -> None:
    """So many monitors beside the one that is measured, each with a window and a watch that is not due."""
    items = []
    for number in range(count):
        model, monitor = f"model-{number // 20}", f"m{number % 20}"
        items.append(watch_item(Watch(model, monitor, 1, hours_on(0)), hours_on(1_000)))
        items.append(window_item(model, replace(window(), monitor=monitor)))
    for start in range(0, len(items), 100):
        registry.table.put_all(items[start : start + 100])


@pytest.fixture(params=[FEW, MANY])
def crowded(request: pytest.FixtureRequest, registry: Services) -> Services:
    watched(registry)
    others(registry, request.param)
    reported(registry, STEADY, STEADY, STEADY)
    return registry


def test_a_window_costs_a_put_and_three_reads_however_many_monitors_there_are(crowded: Services) -> None:
    set_clock(crowded, 4)
    with metered(crowded).measuring() as usage:
        put(crowded, 3)
    assert dict(usage.calls) == {"dynamodb.BatchGetItem": 2, "dynamodb.PutItem": 1, "dynamodb.Query": 1}
    assert usage.write_units == 1, "a window of less than a kilobyte, and nothing else"


def test_the_keeper_reads_only_what_is_due_however_many_monitors_there_are(crowded: Services) -> None:
    set_clock(crowded, 3.5)
    sweep_due(crowded, "run-1")
    assert swept(crowded).calls == {"dynamodb.Query": keys.SHARDS}, "nothing is due"
    set_clock(crowded, 4.5)
    reported(crowded, STEADY, first=3)
    set_clock(crowded, 5.1)
    usage = swept(crowded)
    assert usage.calls == {
        "dynamodb.Query": keys.SHARDS + 1,
        "dynamodb.BatchGetItem": 2,
        "dynamodb.PutItem": 1,
    }, "one watch, put off until its newest window is too old"


def swept(registry: Services) -> Usage:
    with metered(registry).measuring() as usage:
        sweep_due(registry, "run-2")
    return usage


def test_windows_of_an_hour_cost_a_monitor_twelve_looks_a_day(registry: Services) -> None:
    """With two missing windows to silence, the keeper looks every second hour."""
    watched(registry)
    looks = 0
    for hour in range(24):
        set_clock(registry, hour + 1)
        put(registry, hour)
        with metered(registry).measuring() as usage:
            sweep_due(registry, "run-1")
        looks += usage.calls["dynamodb.PutItem"]
    assert looks == 12
    assert registry.table.get(keys.watch(MODEL, NAME)) is not None
