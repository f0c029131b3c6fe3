"""What a monitor does about an alarm: each deed once, as far as the scheme allows it, and on record either way."""

from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

from chalicelib.aws.services import Services
from chalicelib.domain.ledger import event_types
from chalicelib.domain.monitoring.deeds import Act, Deed
from chalicelib.registry.aliases import aliases
from chalicelib.registry.audit import state
from chalicelib.registry.evidence import checks
from chalicelib.registry.lifecycle import restrictions
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.models import models
from chalicelib.registry.monitoring import acting, monitors
from chalicelib.registry.promotion import requests, stages
from chalicelib.registry.versions import versions
from tests.domain.monitoring.build import STEADY
from tests.registry.build import MODEL, request
from tests.registry.faults import When, failing
from tests.registry.monitoring.watched import (
    NAME,
    an_alarm,
    events,
    last,
    reported,
    saved,
    set_clock,
    standing,
    watched,
)


def acts(*deeds: tuple[Deed, str]) -> dict[str, Any]:
    return {"on_alarm": tuple(Act(deed, place) for deed, place in deeds)}


def in_production(registry: Services, *deeds: tuple[Deed, str]) -> dict[str, Any]:
    """Version 2 took the place of version 1 in production, and alarms; answers the event."""
    watched(registry, versions=2, selector="stage:production", **acts(*deeds))
    for number in (1, 2):
        stages.transition(registry, request(), MODEL, number, "production", None, None)
    return an_alarm(registry)


def stage_of(registry: Services, number: int) -> str:
    return versions.get_version(registry, MODEL, str(number)).stage


def test_without_deeds_an_alarm_is_an_event_and_nothing_else(registry: Services) -> None:
    event = in_production(registry)
    before = len(events(registry, ""))
    assert acting.act_on(registry, event) == ()
    assert len(events(registry, "")) == before


def test_a_check_fails_with_the_alarm_and_passes_with_the_recovery(registry: Services) -> None:
    acting.act_on(registry, in_production(registry, (Deed.FAIL_CHECK, "")))
    (failed,) = checks.list_checks(registry, MODEL, "2")
    assert (failed.name, failed.entry.passed, failed.entry.reported_by) == (
        f"monitor.{NAME}",
        False,
        "rule:monitoring",
    )
    assert "2 of the last 2 windows of version 2 breached" in (failed.entry.details or "")
    reported(registry, STEADY, STEADY, first=2)
    acting.act_on(registry, last(registry, "monitor.recovered"))
    (passed,) = checks.list_checks(registry, MODEL, "2")
    assert passed.entry.passed


def test_silence_fails_the_check_and_moves_nothing(registry: Services) -> None:
    watched(registry, **acts((Deed.FAIL_CHECK, ""), (Deed.MOVE, "archived"), (Deed.FREEZE, "")))
    set_clock(registry, 3)
    sweep_due(registry, "run-1")
    done = acting.act_on(registry, last(registry, "monitor.silent"))
    assert [one.act.deed for one in done] == [Deed.FAIL_CHECK]
    assert models.model_head(registry, MODEL).frozen is None


def test_a_request_is_opened(registry: Services) -> None:
    acting.act_on(registry, in_production(registry, (Deed.OPEN_REQUEST, "archived")))
    (opened,) = requests.list_open_requests(registry, MODEL, 5, None).items
    assert (opened.version, opened.to_stage, opened.requested_by) == (2, "archived", "rule:monitoring")


def test_the_version_is_demoted_by_a_rule(registry: Services) -> None:
    acting.act_on(registry, in_production(registry, (Deed.MOVE, "archived")))
    assert stage_of(registry, 2) == "archived"
    moved = last(registry, event_types.VERSION_TRANSITIONED)
    assert (moved["trigger"], moved["actor"]) == ("rule", "rule:monitoring")
    assert moved["reason"].startswith(f"monitor {NAME}: 2 of the last 2 windows")


def test_a_stage_is_rolled_back_to_the_version_before(registry: Services) -> None:
    acting.act_on(registry, in_production(registry, (Deed.ROLL_BACK, "stage:production")))
    assert (stage_of(registry, 1), stage_of(registry, 2)) == ("production", "archived")
    assert last(registry, event_types.VERSION_TRANSITIONED)["trigger"] == "rollback"


def test_an_alias_is_rolled_back_if_it_still_points_at_the_version(registry: Services) -> None:
    watched(registry, versions=2, selector="@live", **acts((Deed.ROLL_BACK, "alias:live")))
    for number in (1, 2):
        aliases.set_alias(registry, request(), MODEL, "live", number, None, None)
    acting.act_on(registry, an_alarm(registry))
    assert aliases.get_alias(registry, MODEL, "live").version == 1


def test_the_model_is_frozen_after_everything_else_and_a_persons_reason_stands(registry: Services) -> None:
    event = in_production(registry, (Deed.FREEZE, ""), (Deed.MOVE, "archived"))
    done = acting.act_on(registry, event)
    assert [(one.act.deed, one.done) for one in done] == [(Deed.MOVE, True), (Deed.FREEZE, True)]
    frozen = models.model_head(registry, MODEL).frozen
    assert frozen is not None
    assert frozen.by == "rule:monitoring"


def test_a_freeze_by_a_person_keeps_its_reason(registry: Services) -> None:
    event = in_production(registry, (Deed.FREEZE, ""))
    restrictions.freeze_model(registry, request(), MODEL, "audit")
    acting.act_on(registry, event)
    frozen = models.model_head(registry, MODEL).frozen
    assert frozen is not None
    assert (frozen.reason, frozen.by) == ("audit", "token:ada")


def test_what_the_scheme_refuses_is_on_record_and_the_rest_is_done(registry: Services) -> None:
    event = in_production(registry, (Deed.FAIL_CHECK, ""), (Deed.ROLL_BACK, "stage:production"))
    stages.roll_back_stage(registry, request(), MODEL, "production", None)
    done = acting.act_on(registry, event)
    assert [one.done for one in done] == [True, False]
    assert "roll_back was refused: The stage production" in done[1].detail
    assert stage_of(registry, 1) == "production", "a version that is no longer there is not rolled back from"
    recorded = last(registry, "monitor.acted")
    assert recorded["after"]["event"] == event["id"]
    assert [act["done"] for act in recorded["after"]["acts"]] == [True, False]
    assert standing(registry).acted == done


def test_a_repeated_event_does_nothing_twice(registry: Services) -> None:
    deeds = ((Deed.FAIL_CHECK, ""), (Deed.OPEN_REQUEST, "archived"), (Deed.ROLL_BACK, "stage:production"))
    event = in_production(registry, *deeds)
    assert len(acting.act_on(registry, event)) == 3
    before = events(registry, "")
    assert acting.act_on(registry, event) == ()
    assert events(registry, "") == before


@pytest.mark.parametrize("when", ["before", "after"])
def test_acting_that_dies_anywhere_is_done_once_when_the_event_comes_again(registry: Services, when: When) -> None:
    deeds = ((Deed.FAIL_CHECK, ""), (Deed.MOVE, "archived"), (Deed.FREEZE, ""))
    event = in_production(registry, *deeds)
    for nth in count(1):
        with failing(registry, nth, when) as fault, suppress(BotoCoreError):
            acting.act_on(registry, event)
        if not fault.struck:
            break
    made = [one["type"] for one in events(registry, "")]
    counted = {kind: made.count(kind) for kind in ("check.reported", "model.frozen", "monitor.acted")}
    assert counted == {"check.reported": 1, "model.frozen": 1, "monitor.acted": 1}
    assert stage_of(registry, 2) == "archived"


def test_nothing_is_done_about_an_alarm_that_is_over_or_whose_monitor_is_gone(registry: Services) -> None:
    event = in_production(registry, (Deed.MOVE, "archived"))
    reported(registry, STEADY, STEADY, first=2)
    assert acting.act_on(registry, event) == ()
    monitors.delete_monitor(registry, request(), MODEL, NAME)
    assert acting.act_on(registry, event) == ()
    assert stage_of(registry, 2) == "production"


def test_a_changed_definition_says_what_the_next_alarm_does(registry: Services) -> None:
    event = in_production(registry)
    saved(registry, selector="stage:production", **acts((Deed.FAIL_CHECK, "")))
    assert [one.done for one in acting.act_on(registry, event)] == [True]


def test_the_state_after_acting_agrees_with_the_events(registry: Services) -> None:
    acting.act_on(registry, in_production(registry, (Deed.FAIL_CHECK, ""), (Deed.FREEZE, "")))
    assert state.check_state(registry, f"model:{MODEL}", 1_000).differences == ()
