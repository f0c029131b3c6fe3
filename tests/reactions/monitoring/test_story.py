"""A model drifts: the monitor alarms, the promoter does what is set, the timeline tells it, and the chain holds."""

import json
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.ledger import event_types
from chalicelib.domain.monitoring.deeds import Act, Deed
from chalicelib.reactions.promotion.promoter import promoter
from chalicelib.registry.audit import state
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.models import models
from chalicelib.registry.monitoring import monitors
from chalicelib.registry.promotion import requests, scheme_assignment, stages
from chalicelib.registry.schemes import saving
from chalicelib.registry.versions import versions
from tests.api.gateway import Caller
from tests.conftest import ADMIN_TOKEN
from tests.domain.monitoring.build import SHIFTED, STEADY
from tests.registry.build import MODEL, request
from tests.registry.monitoring.watched import NAME, events, put, reported, set_clock, watched

GATED = {
    "name": "gated",
    "stages": [{"name": "development"}, {"name": "production", "exclusive": True}, {"name": "archived"}],
    "transitions": [
        {
            "from": "development",
            "to": "production",
            "automatic": True,
            "gates": [{"name": "steady", "kind": "monitor", "monitor": NAME, "for_hours": 1}],
        },
        {"from": ["development", "production"], "to": "archived"},
    ],
    "initial": "development",
    "archive": "archived",
}


def react(event: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Give an event to the promoter as the bus does; the lines that it logs."""
    capsys.readouterr()
    promoter({"detail": json.loads(json.dumps(event))}, SimpleNamespace(aws_request_id="lambda-1"))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def follow(registry: Services, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Give the promoter every event that it takes, until there is none that it has not seen."""
    lines: list[dict[str, Any]] = []
    seen = 0
    while seen < len(told := events(registry, "")):
        for event in told[seen:]:
            if event["type"] in event_types.PROMOTER_EVENTS:
                lines += react(event, capsys)
        seen = len(told)
    return lines


def test_a_version_that_drifts_is_rolled_back_and_the_timeline_says_why(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    watched(
        registry,
        versions=2,
        selector="stage:production",
        on_alarm=(Act(Deed.FAIL_CHECK), Act(Deed.ROLL_BACK, "stage:production")),
    )
    for number in (1, 2):
        stages.transition(registry, request(), MODEL, number, "production", None, None)
    reported(registry, STEADY, SHIFTED, SHIFTED)
    lines = follow(registry, capsys)
    assert [(line["act"], line["done"]) for line in lines if "act" in line] == [
        ("fail_check", True),
        ("roll_back", True),
    ]
    assert versions.get_version(registry, MODEL, "1").stage == "production"
    alarm, *after = [event for event in events(registry, "") if event["sequence"] > 0][-4:]
    assert [event["type"] for event in (alarm, *after)] == [
        "monitor.alarmed",
        "check.reported",
        "version.transitioned",
        "monitor.acted",
    ]
    assert {event["correlation_id"] for event in after} == {alarm["correlation_id"]}, "it all belongs to the window"
    assert all(alarm["reason"] in event["reason"] for event in after[1:2])
    # The version before is watched now, and the one that was left has not recovered.
    reported(registry, STEADY, STEADY, first=3)
    follow(registry, capsys)
    assert models.model_head(registry, MODEL).monitors[NAME].version == 1
    for hour in (6, 20):
        set_clock(registry, hour)
        sweep_due(registry, "run-1")
    reported(registry, STEADY, first=20)
    monitors.delete_monitor(registry, request(), MODEL, NAME)
    follow(registry, capsys)
    admin = Caller(ADMIN_TOKEN)
    schema = admin.get("/v1/schemas/event.json").document
    for event in events(registry, ""):
        jsonschema.validate(event, schema)
    told = {event["type"] for event in events(registry)}
    assert {event for event in event_types.ALL if event.startswith("monitor.")} - told == {"monitor.updated"}
    assert admin.get(f"/v1/models/{MODEL}/events/verify").document["intact"] is True
    assert state.check_state(registry, f"model:{MODEL}", 1_000).differences == ()


def test_a_challenger_enters_by_itself_once_its_monitor_has_been_well_for_long_enough(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    saving.save_scheme(registry, request(), GATED)
    watched(registry)
    scheme_assignment.assign_scheme(registry, request(), MODEL, "gated", None)
    reported(registry, STEADY)
    (line,) = [line for line in react(events(registry)[-1], capsys) if line.get("judged") == "version 1"]
    assert not line["promoted"]
    assert "is at ok since" in line["reason"], "it is well, but not for an hour yet"
    set_clock(registry, 2.5)
    # Time alone is no event; whatever is judged next finds that it has passed.
    follow(registry, capsys)
    assert versions.get_version(registry, MODEL, "1").stage == "production"


def test_a_request_whose_monitor_alarms_is_held_up(registry: Services) -> None:
    manual = {**GATED, "transitions": [{**GATED["transitions"][0], "automatic": False}, GATED["transitions"][1]]}
    saving.save_scheme(registry, request(), manual)
    watched(registry, breaches=1, of=1)
    scheme_assignment.assign_scheme(registry, request(), MODEL, "gated", None)
    set_clock(registry, 1)
    put(registry, 0, SHIFTED)
    number = requests.open_request(registry, request(), MODEL, "1", "production", None, None, []).result.number
    (blocker,) = requests.explain_request(registry, MODEL, number).blockers
    assert "the monitor amounts is at alarm since" in blocker
