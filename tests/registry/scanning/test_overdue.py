"""A scan that comes to no result is asked for again twice, and then ended: none is pending for ever."""

from datetime import timedelta

import pytest

from chalicelib.aws import keys
from chalicelib.aws.scanning.watches import PATIENCE
from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.scanning.overdue import MOST_REPEATS
from chalicelib.registry.versions import burials, versions
from tests.registry.build import MODEL, model, request
from tests.registry.scanning.build import TEXT, asked, judge, last_event, result_of, scan, uploaded, version


def pass_time(monkeypatch: pytest.MonkeyPatch, registry: Services, by: timedelta) -> None:
    now = later(registry.clock(), by)
    monkeypatch.setattr(registry, "clock", lambda: now)


def watch(registry: Services) -> dict[str, str | int] | None:
    return registry.table.get(keys.scan_watch(MODEL, 1))


def test_a_scan_that_came_to_a_result_is_watched_no_longer(scanning: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(scanning)
    scan(uploaded(scanning, {"config.json": TEXT}))
    assert watch(scanning) is not None
    judge(result_of(scanning))
    assert watch(scanning) is None
    pass_time(monkeypatch, scanning, PATIENCE)
    assert sweep_due(scanning, "keeper-1") == 0


def test_before_its_time_a_pending_scan_is_left_alone(scanning: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(scanning)
    ready = uploaded(scanning, {"config.json": TEXT})
    pass_time(monkeypatch, scanning, PATIENCE - timedelta(seconds=5))
    assert sweep_due(scanning, "keeper-1") == 0
    assert last_event(scanning) == ready


def test_a_scan_without_a_result_is_asked_for_again_and_then_failed(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(scanning)
    uploaded(scanning, {"config.json": TEXT})
    for _ in range(MOST_REPEATS):
        pass_time(monkeypatch, scanning, PATIENCE)
        assert sweep_due(scanning, "keeper-1") == 1
        requested = last_event(scanning)
        assert (requested["type"], requested["actor"]) == ("scan.requested", "keeper")
        assert sweep_due(scanning, "keeper-2") == 0, "not twice for one passed hour"
    pass_time(monkeypatch, scanning, PATIENCE)
    assert sweep_due(scanning, "keeper-3") == 1
    assert version(scanning).scan.state is ScanState.FAILED
    assert not version(scanning).scan.open(scanning.clock())
    assert watch(scanning) is None


def test_the_scan_that_the_keeper_asked_for_counts(scanning: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(scanning)
    uploaded(scanning, {"config.json": TEXT})
    pass_time(monkeypatch, scanning, PATIENCE)
    sweep_due(scanning, "keeper-1")
    scan(last_event(scanning))
    judge(result_of(scanning))
    assert version(scanning).scan.allowed
    assert watch(scanning) is None


def test_a_deleted_version_is_watched_no_longer_and_a_restored_one_again(scanning: Services) -> None:
    model(scanning)
    uploaded(scanning, {"config.json": TEXT})
    versions.delete_version(scanning, request(), MODEL, "1")
    assert watch(scanning) is None
    burials.restore_version(scanning, request(), MODEL, "1", None)
    assert watch(scanning) is not None


def test_asking_again_does_not_put_the_look_off(scanning: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(scanning)
    uploaded(scanning, {"config.json": TEXT})
    first = watch(scanning)
    pass_time(monkeypatch, scanning, timedelta(minutes=30))
    asked(scanning)
    assert watch(scanning) == first
