"""The keeper compares what is stored with the events: a sample each day, what is pointed at each week."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.access.principal import Grant, Role
from chalicelib.domain.instants import later
from chalicelib.reactions.lifecycle.keeper import keeper
from chalicelib.registry.access import tokens
from chalicelib.registry.aliases import aliases
from chalicelib.registry.audit import audit
from chalicelib.registry.audit.state import check_state
from chalicelib.registry.lifecycle import patrol
from chalicelib.registry.models import models
from tests.registry.build import MODEL, model, ready, request

CONTEXT = SimpleNamespace(aws_request_id="lambda-1", get_remaining_time_in_millis=lambda: 240_000)


def run(times: int = 12) -> None:
    """As many runs as a round through all shards of the list of ledgers takes."""
    for _ in range(times):
        keeper({}, CONTEXT)


def forge(registry: Services, key: keys.Key, **fields: Any) -> None:
    item = registry.table.get(key)
    assert item is not None
    registry.table.put({**item, "body": json.dumps({**json.loads(str(item["body"])), **fields})})


def found(registry: Services, ledger: str = f"model:{MODEL}") -> list[dict[str, Any]]:
    events = audit.list_events(registry, ledger, "oldest", 100, None).items
    return [event for event in events if event["type"].endswith(".state_differs")]


def test_a_difference_is_an_event_and_a_line_that_an_alarm_counts(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    model(registry)
    forge(registry, keys.profile(MODEL), owner="mallory")
    run()
    (event,) = found(registry)
    assert (event["actor"], event["trigger"]) == ("keeper", "keeper")
    assert event["details"]["differences"][0] == {
        "place": "profile",
        "field": "owner",
        "reason": "it differs from what the events tell",
    }
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = [line for line in lines if line["log"] == "state_differs"]
    assert (line["ledger"], line["places"]) == ("model:fraud", ["profile owner"])
    # What was found is still different from the events: recording it does not make it true.
    assert [one.field for one in check_state(registry, f"model:{MODEL}", 100).differences] == ["owner"]


def test_nothing_is_said_of_what_does_not_differ(registry: Services) -> None:
    ready(registry, name=model(registry))
    run()
    assert found(registry) == []


def test_the_registry_itself_is_checked_too(registry: Services) -> None:
    token = tokens.create_token(registry, request(), "ci", [Grant(Role.VIEWER, "*")], 1).result.token
    forge(registry, keys.token(token.id), created_by="token:mallory")
    run()
    (event,) = found(registry, "registry")
    assert event["details"]["differences"][0]["place"] == f"token/{token.id}"


def test_a_round_is_made_once_a_day(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(registry)
    run()
    forge(registry, keys.profile(MODEL), owner="mallory")
    run()
    assert found(registry) == []
    tomorrow = later(registry.clock(), timedelta(days=1))
    monkeypatch.setattr(registry, "clock", lambda: tomorrow)
    run()
    assert len(found(registry)) == 1


def test_a_run_checks_a_bounded_number_of_ledgers(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        forge(registry, keys.profile(model(registry, f"model-{number}")), owner="mallory")
    monkeypatch.setattr(patrol, "LEDGERS_A_RUN", 1)
    run(1)
    assert sum(len(found(registry, f"model:model-{number}")) for number in range(12)) <= 1
    run(40)
    assert all(len(found(registry, f"model:model-{number}")) == 1 for number in range(12))


def test_the_bytes_that_an_alias_points_at_are_checked(registry: Services) -> None:
    version = ready(registry, name=model(registry))
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)
    key = object_key(version.uid, "model.bin")
    (stored,) = registry.client("s3").list_object_versions(Bucket=registry.bucket.name, Prefix=key)["Versions"]
    registry.client("s3").delete_object(Bucket=registry.bucket.name, Key=key, VersionId=stored["VersionId"])
    run()
    (event,) = found(registry)
    assert event["details"]["differences"] == [
        {"place": "version/1/bytes/model.bin", "field": None, "reason": "the object that it is pinned to is gone"}
    ]


def test_a_model_that_differs_is_frozen_if_so_configured(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(registry)
    forge(registry, keys.profile(MODEL), owner="mallory")
    monkeypatch.setattr(registry, "settings", _freezing(registry))
    run()
    frozen = models.model_head(registry, MODEL).frozen
    assert frozen is not None and frozen.by == "keeper"


def test_a_ledger_whose_head_lags_behind_is_named_and_stops_nothing(
    registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    head = registry.table.get(keys.head(f"model:{model(registry)}"))
    assert head is not None
    ready(registry)
    registry.table.put(head)
    run()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    faults = [line["fault"] for line in lines if line["log"] == "state_differs"]
    assert faults and "there is an event 2" in faults[0]


def _freezing(registry: Services) -> Any:
    return SimpleNamespace(
        **{name: getattr(registry.settings, name) for name in registry.settings.__dataclass_fields__}
        | {"freeze_tampered": True}
    )
