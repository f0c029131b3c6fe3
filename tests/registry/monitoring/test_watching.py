"""Silence: found by the keeper when windows stop, at no cost while they come."""

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.monitoring.verdict import Verdict
from chalicelib.registry.aliases import aliases
from chalicelib.registry.lifecycle import removal
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.models import models
from chalicelib.registry.monitoring import monitors, watching
from tests.domain.monitoring.build import SHIFTED, STEADY
from tests.registry.build import MODEL, request
from tests.registry.monitoring.watched import (
    NAME,
    an_alarm,
    hours_on,
    last,
    put,
    reported,
    saved,
    set_clock,
    standing,
    types,
    watched,
)


def due(registry: Services) -> str | None:
    """When the keeper looks next; None if never."""
    stored = registry.table.get(keys.watch(MODEL, NAME))
    return None if stored is None else str(stored["due_at"])


def swept(registry: Services, hours: float) -> int:
    set_clock(registry, hours)
    return sweep_due(registry, "run-1")


def test_a_monitor_that_never_heard_anything_falls_silent(registry: Services) -> None:
    watched(registry)
    assert swept(registry, 1.9) == 0
    assert swept(registry, 2) == 1
    event = last(registry, "monitor.silent")
    assert (event["trigger"], event["version"], event["after"]["verdict"]) == ("keeper", 1, "silent")
    assert event["reason"] == f"the monitor {NAME} has heard nothing of version 1 since {hours_on(0)}"
    assert due(registry) is None, "nobody looks until it hears something again"
    assert swept(registry, 100) == 0


def test_windows_that_come_put_silence_off_without_a_write(registry: Services) -> None:
    watched(registry)
    assert due(registry) == hours_on(2)
    reported(registry, STEADY, STEADY)
    assert due(registry) == hours_on(2), "windows do not touch it"
    assert swept(registry, 2) == 0
    assert due(registry) == hours_on(4), "two hours after the end of the newest window"
    assert swept(registry, 4) == 1
    assert types(registry) == ["judged", "silent"]


def test_a_monitor_that_hears_again_recovers_and_is_watched_again(registry: Services) -> None:
    watched(registry)
    swept(registry, 2)
    reported(registry, STEADY, first=2)
    assert types(registry) == ["silent", "recovered"]
    assert due(registry) == hours_on(5)


def test_windows_that_say_too_little_end_the_silence_and_the_next_ends_what_was_not_well(registry: Services) -> None:
    watched(registry, of=1, breaches=1)
    swept(registry, 2)
    set_clock(registry, 3)
    put(registry, 2, n=10)
    reported(registry, STEADY, first=3)
    assert types(registry) == ["silent", "judged", "recovered"]


def test_an_old_window_does_not_end_the_silence(registry: Services) -> None:
    watched(registry)
    swept(registry, 9)
    put(registry, 0, STEADY)
    assert types(registry) == ["silent"]


def test_the_keeper_judges_what_nobody_judged(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    watched(registry, breaches=1, of=1)
    set_clock(registry, 1)
    with monkeypatch.context() as dying:
        dying.setattr("chalicelib.registry.monitoring.windows.reconsider_monitor", lambda *_: None)
        put(registry, 0, SHIFTED)
    assert types(registry) == []
    assert swept(registry, 2) == 1
    assert types(registry) == ["alarmed"]


def test_a_version_that_was_just_pointed_at_has_time_to_be_heard_of(registry: Services) -> None:
    watched(registry, versions=2, selector="@champion")
    assert swept(registry, 2) == 0, "no version, no silence"
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)
    assert swept(registry, 4) == 0, "it is expected to be heard of from now on"
    assert swept(registry, 6) == 1
    assert last(registry, "monitor.silent")["version"] == 1


def test_a_version_that_serves_again_has_time_to_be_heard_of_again(registry: Services) -> None:
    watched(registry, versions=2, selector="@champion")
    for number, first in ((1, 0), (2, 10)):
        set_clock(registry, first)
        aliases.set_alias(registry, request(), MODEL, "champion", number, None, None)
        reported(registry, STEADY, first=first)
    swept(registry, 12)
    set_clock(registry, 13)
    aliases.roll_back_alias(registry, request(), MODEL, "champion", None)
    swept(registry, 13)
    assert "silent" not in types(registry)[-1:], "its own windows are old, but nobody expected newer ones"


def test_two_keepers_find_one_silence(registry: Services) -> None:
    watched(registry)
    set_clock(registry, 2)
    stored = registry.table.get(keys.watch(MODEL, NAME))
    assert stored is not None
    watching.look(registry, stored, "run-1")
    watching.look(registry, stored, "run-2")
    assert types(registry) == ["silent"]
    assert due(registry) is None


def test_a_monitor_that_is_deleted_or_changed_is_not_watched_as_before(registry: Services) -> None:
    watched(registry)
    set_clock(registry, 1)
    saved(registry, silent_after=5)
    assert due(registry) == hours_on(6)
    monitors.delete_monitor(registry, request(), MODEL, NAME)
    assert due(registry) is None


def test_monitors_of_a_deleted_model_rest_until_it_is_there_again(registry: Services) -> None:
    watched(registry, versions=0, selector="@champion")
    models.delete_model(registry, request(), MODEL)
    assert due(registry) is None
    set_clock(registry, 50)
    models.create_model(registry, request(), MODEL, ProfileChange())
    assert due(registry) == hours_on(50)
    assert swept(registry, 50) == 0
    assert due(registry) == hours_on(52)


def test_a_silent_monitor_of_a_restored_model_is_not_looked_at_in_every_run(registry: Services) -> None:
    watched(registry, selector="@champion")
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)
    swept(registry, 2)
    swept(registry, 4)
    assert standing(registry).standing.verdict is Verdict.SILENT
    removal.delete_version_and_aliases(registry, request(), MODEL, 1)
    models.delete_model(registry, request(), MODEL)
    set_clock(registry, 50)
    models.create_model(registry, request(), MODEL, ProfileChange())
    assert swept(registry, 50) == 0
    assert due(registry) == hours_on(52), "no version stands where windows were missing"


def test_silence_ends_an_alarm_only_in_name(registry: Services) -> None:
    watched(registry)
    an_alarm(registry)
    swept(registry, 9)
    assert standing(registry).standing.verdict is Verdict.SILENT
    put(registry, 8, n=10)
    assert standing(registry).standing.unwell, "what says too little ends nothing"
    reported(registry, STEADY, STEADY, first=9)
    assert types(registry) == ["judged", "alarmed", "silent", "judged", "recovered"]
