"""The keeper ends what nobody finished, and removes the bytes of what is gone."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.aws import keys
from chalicelib.aws.names import DUE
from chalicelib.aws.services import Services
from chalicelib.domain.errors import VersionExpiredError, VersionNotFoundError
from chalicelib.domain.instants import later
from chalicelib.domain.versions.version import Description
from chalicelib.reactions.lifecycle.keeper import DutiesFailedError, keeper
from chalicelib.registry.audit import audit
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.versions import uploads, versions
from tests.registry.build import file, model, pending, ready, request
from tests.registry.faults import Crash, CrashAt

CONTEXT = SimpleNamespace(aws_request_id="lambda-1", get_remaining_time_in_millis=lambda: 240_000)


def pass_time(registry: Services, monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    now = later(registry.clock(), by)
    monkeypatch.setattr(registry, "clock", lambda: now)


def objects(registry: Services) -> int:
    return len(registry.client("s3").list_object_versions(Bucket=registry.settings.bucket).get("Versions", []))


def types(registry: Services) -> list[str]:
    return [event["type"] for event in audit.list_events(registry, "model:fraud", "oldest", 100, None).items]


def test_an_upload_not_finished_in_time_expires_and_its_bytes_go(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(registry)
    pending(registry, label="1.0.0")
    pass_time(registry, monkeypatch, timedelta(hours=25))
    assert sweep_due(registry, "r") == 1
    assert objects(registry) == 0
    assert types(registry)[-2:] == ["version.expired", "version.purged"]
    with pytest.raises(VersionExpiredError):
        uploads.finalise_version(registry, request(), "fraud", "1")
    assert sweep_due(registry, "r") == 0


def test_the_label_of_an_expired_version_is_free_again(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(registry)
    pending(registry, label="1.0.0")
    pass_time(registry, monkeypatch, timedelta(hours=25))
    sweep_due(registry, "r")
    again = versions.register_version(registry, request(), "fraud", Description(label="1.0.0"), [file()])
    assert again.result.version.number == 2


def test_a_version_that_became_ready_in_time_keeps_its_bytes(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(registry)
    ready(registry)
    pass_time(registry, monkeypatch, timedelta(days=365))
    assert sweep_due(registry, "r") == 0
    assert objects(registry) == 1


def test_a_version_finalised_while_the_sweep_runs_keeps_its_bytes(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index says that it is due; between that reading and the decision the upload is finished."""
    model(registry)
    version = pending(registry)
    pass_time(registry, monkeypatch, timedelta(hours=25))
    raced: list[bool] = []

    def finish(params: dict[str, object], **_: object) -> None:
        if not raced:
            raced.append(True)
            uploads.finalise_version(registry, request(), "fraud", str(version.number))

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.TransactWriteItems", finish)
    assert sweep_due(registry, "r") == 0
    assert raced
    assert objects(registry) == 1
    assert versions.get_version(registry, "fraud", "1").status == "READY"


def test_deleted_bytes_stay_for_the_retention_and_then_go(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(registry)
    ready(registry)
    versions.delete_version(registry, request(), "fraud", "1")
    with pytest.raises(VersionNotFoundError):
        versions.get_version(registry, "fraud", "1")
    assert sweep_due(registry, "r") == 0
    assert objects(registry) == 1
    pass_time(registry, monkeypatch, timedelta(days=31))
    assert sweep_due(registry, "r") == 1
    assert objects(registry) == 0
    assert types(registry)[-3:] == ["version.deleted", "version.purge_started", "version.purged"]


def test_a_sweep_that_dies_after_the_bytes_are_gone_is_finished_by_the_next(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(registry)
    pending(registry)
    pass_time(registry, monkeypatch, timedelta(hours=25))
    dynamodb = registry.client("dynamodb")
    with CrashAt(dynamodb, "TransactWriteItems", "before", spared=1), pytest.raises(Crash):
        sweep_due(registry, "r")
    assert sweep_due(registry, "r") == 1
    assert types(registry).count("version.purged") == 1


def test_the_keeper_runs_its_duties_and_logs_one_line(registry: Services, capsys: pytest.CaptureFixture[str]) -> None:
    model(registry)
    keeper({}, CONTEXT)
    assert capsys.readouterr().out.count("\n") == 1


def test_an_item_that_fails_keeps_no_other_from_being_done(
    registry: Services, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two uploads of one shard are overdue. The item of the first cannot be read."""
    model(registry)
    pending(registry)
    pending(registry)
    broken = registry.table.get(keys.version("fraud", 1))
    assert broken is not None
    registry.table.put({**broken, "status": "UNKNOWN"})
    pass_time(registry, monkeypatch, timedelta(hours=25))

    with pytest.raises(DutiesFailedError, match="1 duties failed"):
        keeper({}, CONTEXT)

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["duty"] for line in lines if line["log"] == "duty_failed"] == ["MODEL#fraud VERSION#000000001"]
    (summary,) = [line for line in lines if line["log"] == "keeper"]
    assert (summary["settled"], summary["failed"]) == (1, 1)
    with pytest.raises(VersionNotFoundError):
        versions.get_version(registry, "fraud", "2")


def test_a_shard_that_cannot_be_read_keeps_no_other_from_being_done(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(registry)
    pending(registry)
    pass_time(registry, monkeypatch, timedelta(hours=25))
    mine = keys.shard("fraud")

    def refuse(params: dict[str, Any], **_: object) -> None:
        body = json.loads(params["body"])
        if body.get("IndexName") == DUE and body["ExpressionAttributeValues"][":p"]["S"] != mine:
            raise ReadTimeoutError(endpoint_url="https://aws.example")

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.Query", refuse)
    with pytest.raises(DutiesFailedError, match="7 duties failed"):
        keeper({}, CONTEXT)
    assert objects(registry) == 0


def test_what_no_time_is_left_for_is_postponed_and_not_failed(
    registry: Services, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model(registry)
    pending(registry)
    pass_time(registry, monkeypatch, timedelta(hours=25))
    keeper({}, SimpleNamespace(aws_request_id="lambda-1", get_remaining_time_in_millis=lambda: 10_000))
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["settled"], line["failed"], line["postponed"]) == (0, 0, 2 * keys.SHARDS)
    assert objects(registry) == 1


def test_each_shard_comes_first_some_time() -> None:
    turns = [keys.shards_in_turn(60 * minute + 7) for minute in range(keys.SHARDS)]
    assert all(sorted(turn) == list(range(keys.SHARDS)) for turn in turns)
    assert sorted(turn[0] for turn in turns) == list(range(keys.SHARDS))
