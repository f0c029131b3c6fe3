"""Schedules over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.api.schedules.schemas import ScheduleView, UpcomingScheduleView
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from chalicelib.domain.instants import Instant, later
from chalicelib.registry.lifecycle.sweep import sweep_due
from tests.api.gateway import Caller, granted
from tests.registry.arranged import pass_time

NOON = Instant("2026-11-23T12:00:00.000Z")
MONDAYS = {"cron": "0 6 * * MON", "zone": "Europe/Berlin"}


@pytest.fixture
def noon(registry: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setattr(registry, "clock", lambda: NOON)
    return registry


def create(caller: Caller, name: str = "retrain", **body: Any) -> dict[str, Any]:
    created = caller.post("/v1/schedules", {"name": name, "when": MONDAYS, **body})
    assert created.status == 201, created.text
    document: dict[str, Any] = created.document
    return document


def test_a_schedule_shows_its_next_five_times(admin: Caller, noon: Services) -> None:
    created = create(admin, models="churn", payload={"workflow": "retrain.yml"})

    UpcomingScheduleView.model_validate(created)
    assert created["when"] == {"cron": "0 6 * * MON", "zone": "Europe/Berlin", "at": None, "every_minutes": None}
    assert created["next_at"] == created["upcoming"][0] == "2026-11-30T05:00:00.000Z"
    assert created["upcoming"][1:] == [f"2026-12-{day:02}T05:00:00.000Z" for day in (7, 14, 21, 28)]
    assert admin.get("/v1/schedules/retrain").document == created


def test_schedules_are_listed_by_name(admin: Caller, noon: Services) -> None:
    for name in ("b", "a"):
        create(admin, name)

    first = admin.get("/v1/schedules", query={"limit": "1"}).document
    second = admin.get("/v1/schedules", query={"limit": "1", "cursor": first["next_cursor"]}).document

    assert [one["items"][0]["name"] for one in (first, second)] == ["a", "b"]
    ScheduleView.model_validate(first["items"][0])


def test_a_schedule_is_switched_off_and_on_and_changed(admin: Caller, noon: Services) -> None:
    create(admin, payload={"a": "b"}, description="Weekly.", models="churn")

    off = admin.patch("/v1/schedules/retrain", {"enabled": False}).document
    on = admin.patch("/v1/schedules/retrain", {"enabled": True, "when": {"every_minutes": 30}}).document
    reset = admin.patch("/v1/schedules/retrain", {"payload": None, "description": None, "models": None}).document

    assert (off["next_at"], off["upcoming"]) == (None, [])
    assert on["next_at"] == later(NOON, timedelta(minutes=30))
    assert (reset["payload"], reset["description"], reset["models"]) == ({}, "", "*")


def test_a_change_holds_for_the_revision_that_was_read(admin: Caller, noon: Services) -> None:
    create(admin)
    etag = admin.get("/v1/schedules/retrain").etag
    admin.patch("/v1/schedules/retrain", {"description": "d"})

    assert admin.patch("/v1/schedules/retrain", {"enabled": False}, headers={"If-Match": etag}).status == 412


def test_a_schedule_fires_on_request_and_shows_it(admin: Caller, noon: Services) -> None:
    create(admin)

    fired = admin.post("/v1/schedules/retrain/fire").document

    assert (fired["firings"], fired["fired_at"], fired["running"]) == (1, NOON, False)
    assert fired["next_at"] == "2026-11-30T05:00:00.000Z"


def test_a_firing_that_goes_through_the_models_shows_how_it_ended(admin: Caller, registry: Services) -> None:
    create(admin, job="judge", when={"every_minutes": 5})
    pass_time(registry, timedelta(minutes=5))
    assert admin.get("/v1/schedules/retrain").document["outcome"] is None

    sweep_due(registry, "run-1")

    shown = admin.get("/v1/schedules/retrain").document
    UpcomingScheduleView.model_validate(shown)
    assert (shown["running"], shown["outcome"]["models"], shown["outcome"]["error"]) == (False, 0, "")


def test_a_firing_is_refused_while_the_last_one_goes_on(admin: Caller, noon: Services) -> None:
    create(admin, job="judge")
    admin.post("/v1/schedules/retrain/fire")

    again = admin.post("/v1/schedules/retrain/fire")

    assert (again.status, again.code) == (409, "schedule_running")


def test_a_name_is_given_once_and_is_free_after_a_deletion(admin: Caller, noon: Services) -> None:
    create(admin)
    again = admin.post("/v1/schedules", {"name": "retrain", "when": MONDAYS})
    assert (again.status, again.code) == (409, "schedule_exists")

    assert admin.delete("/v1/schedules/retrain").status == 204

    assert admin.get("/v1/schedules/retrain").code == "schedule_not_found"
    assert create(admin)["firings"] == 0


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"when": {"cron": "0 0 31 2 *"}}, "/when/cron"),
        ({"when": {"cron": "0 25 * * *"}}, "/when/cron"),
        ({"when": {"cron": "@daily", "zone": "Mars/Olympus"}}, "/when/zone"),
        ({"when": {"at": "2020-01-01T00:00:00Z"}}, "/when/at"),
        ({"when": {"every_minutes": 4}}, "/when/every_minutes"),
        ({"when": {}}, "/when"),
        ({"when": {"cron": "@daily", "every_minutes": 5}}, "/when"),
        ({"job": "expire"}, "/older_than_days"),
        ({"older_than_days": 3}, "/older_than_days"),
        ({"job": "delete"}, "/job"),
        ({"models": ""}, "/models"),
    ],
)
def test_what_cannot_be_scheduled_is_refused_with_its_field(
    admin: Caller, noon: Services, body: dict[str, Any], pointer: str
) -> None:
    refused = admin.post("/v1/schedules", {"name": "retrain", "when": MONDAYS, **body})

    assert refused.status == 400, refused.text
    assert [fault["pointer"] for fault in refused.document["errors"]] == [pointer]


@pytest.mark.parametrize("field", ["when", "enabled", "older_than_days"])
def test_a_field_without_a_default_is_not_emptied(admin: Caller, noon: Services, field: str) -> None:
    create(admin)

    assert admin.patch("/v1/schedules/retrain", {field: None}).status == 400


def test_who_manages_some_models_only_may_not_create_schedules(admin: Caller, noon: Services) -> None:
    create(admin)
    viewer = granted(admin, Role.VIEWER)
    some = granted(admin, Role.MAINTAINER, "churn-*", name="some")

    assert viewer.get("/v1/schedules/retrain").status == 200
    assert viewer.post("/v1/schedules/retrain/fire").status == 403
    assert some.post("/v1/schedules", {"name": "s", "when": MONDAYS, "models": "churn-*"}).status == 403
    assert some.get("/v1/schedules").status == 403
