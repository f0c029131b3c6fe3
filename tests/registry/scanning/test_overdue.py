"""A scan that comes to no result is asked for again twice, and then ended: none is pending for ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws import keys
from chalicelib.aws.scanning.watches import PATIENCE, PAUSE
from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from chalicelib.domain.scanning import scan as scan_module
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.domain.scanning.source import Source
from chalicelib.domain.versions.scan_decisions import MOST_CUT_OFF
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.scanning.overdue import MOST_REPEATS
from chalicelib.registry.scanning.scanning import MOST_ATTEMPTS
from chalicelib.registry.versions import burials, versions
from tests.registry.build import MODEL, model, request
from tests.registry.scanning.build import TEXT, asked, judge, last_event, result_of, scan, uploaded, version
from tests.registry.scanning.later import later_rules


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


def in_force_by_older_rules(monkeypatch: pytest.MonkeyPatch, registry: Services) -> None:
    """A version whose clean verdict is of rules that have changed since, and whose next scan is asked for."""
    model(registry)
    scan(uploaded(registry, {"config.json": TEXT}))
    judge(result_of(registry))
    later_rules(monkeypatch)
    asked(registry)


def die(registry: Services) -> None:
    """Have the scanner die of the version that it was asked to scan, as often as it tries, and say so."""
    event = last_event(registry)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            scan(event)
    scan(event)
    judge(result_of(registry))


def killed(path: str, source: Source) -> None:
    raise SystemExit


def test_what_kills_the_scanner_is_scanned_again_a_day_later_and_closed_after_three_scans(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force_by_older_rules(monkeypatch, scanning)
    monkeypatch.setattr(scan_module, "scan_file", killed)
    for _ in range(MOST_CUT_OFF - 1):
        die(scanning)
        assert version(scanning).scan.open(scanning.clock())
        pass_time(monkeypatch, scanning, PAUSE - timedelta(seconds=5))
        assert sweep_due(scanning, "keeper-1") == 0
        pass_time(monkeypatch, scanning, timedelta(seconds=5))
        assert sweep_due(scanning, "keeper-2") == 1
    die(scanning)
    assert version(scanning).scan.state is ScanState.FAILED
    assert not version(scanning).scan.open(scanning.clock())
    assert watch(scanning) is None


def test_a_scanner_that_does_not_run_for_days_closes_nothing_and_is_asked_again(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force_by_older_rules(monkeypatch, scanning)
    for _ in range(MOST_CUT_OFF + 1):
        for _ in range(MOST_REPEATS + 1):
            pass_time(monkeypatch, scanning, PATIENCE)
            assert sweep_due(scanning, "keeper-1") == 1
        assert version(scanning).scan.open(scanning.clock())
        pass_time(monkeypatch, scanning, PAUSE)
        assert sweep_due(scanning, "keeper-2") == 1
    scan(last_event(scanning))
    judge(result_of(scanning))
    assert version(scanning).scan.ruleset == RULESET + 1
    assert watch(scanning) is None


def test_a_version_without_a_verdict_by_the_present_rules_is_let_be_where_nothing_is_scanned(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force_by_older_rules(monkeypatch, scanning)
    monkeypatch.setattr(scan_module, "scan_file", killed)
    die(scanning)
    monkeypatch.setattr(scanning, "settings", replace(scanning.settings, scanning=False))
    pass_time(monkeypatch, scanning, PAUSE)
    assert sweep_due(scanning, "keeper-1") == 0
    assert last_event(scanning)["type"] == "scan.finished"


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
