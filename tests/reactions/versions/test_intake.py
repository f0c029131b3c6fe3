"""Versions with much to copy are PENDING in the answer, and get their files by a function that their event fires."""

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws import names
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.versions.version import Status, Version
from chalicelib.reactions.versions.intake import intake
from chalicelib.registry.audit import audit
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.mlflow.tracking import logged_models
from chalicelib.registry.versions import versions
from tests.registry.build import MODEL, model, ready, request
from tests.registry.faults import Crash, CrashAt
from tests.registry.mlflow.logged import (
    FEW_BYTES,
    FEW_FILES,
    failed,
    little_at_once,
    logged,
    many_files,
    put_files,
    register,
    root,
)
from tests.registry.mlflow.test_registration import pass_time


@pytest.fixture(autouse=True)
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    little_at_once(monkeypatch)


def waiting(registry: Services) -> dict[str, Any]:
    """The event of a version that waits for its files."""
    model(registry)
    assert register(registry, f"models:/{many_files(registry).id}").result.version.status is Status.PENDING
    return last_event(registry)


def last_event(registry: Services) -> dict[str, Any]:
    event: dict[str, Any] = audit.list_events(registry, f"model:{MODEL}", "newest", 1, None).items[0]
    return event


def react(event: dict[str, Any]) -> None:
    intake({"detail": json.loads(json.dumps(event))}, SimpleNamespace(aws_request_id="lambda-1"))


def version(registry: Services) -> Version:
    return versions.get_version(registry, MODEL, "1")


def types(registry: Services) -> list[str]:
    return [event["type"] for event in audit.list_events(registry, f"model:{MODEL}", "oldest", 100, None).items]


def test_a_version_of_many_files_is_given_them_by_the_function(registry: Services) -> None:
    event = waiting(registry)
    react(event)
    ready = versions.load_registered(registry, MODEL, 1)
    assert ready.version.status is Status.READY
    assert [file.path for file in ready.files] == [f"data/{number}" for number in range(FEW_FILES + 1)]
    made = last_event(registry)
    assert (made["type"], made["actor"], made["request_id"]) == ("version.ready", "rule:intake", event["id"])


def test_the_bytes_are_those_that_were_there_when_the_version_was_registered(registry: Services) -> None:
    event = waiting(registry)
    source = logged_models.find(registry, event["after"]["provenance"]["artifact_source"]["logged_model"])
    assert source is not None
    put_files(registry, root(source), {"data/0": b"poisoned"})
    react(event)
    assert (version(registry).status, version(registry).total_size) == (Status.READY, 0), "the files were empty"


def test_a_version_of_many_bytes_is_given_them_by_the_function(registry: Services) -> None:
    model(registry)
    made = logged(registry, files={"model.bin": bytes(FEW_BYTES + 1)}, checksum="CRC32")
    assert register(registry, f"models:/{made.id}").result.version.status is Status.PENDING
    react(last_event(registry))
    assert (version(registry).status, version(registry).total_size) == (Status.READY, FEW_BYTES + 1)


def test_the_rule_of_events_chooses_exactly_the_versions_that_wait(registry: Services) -> None:
    event = waiting(registry)
    assert (event["type"], event["after"][names.INTAKE]) == ("version.created", names.DEFERRED)
    register(registry, "s3://bucket/model")
    made = [
        one for one in audit.list_events(registry, f"model:{MODEL}", "oldest", 9, None).items if one["version"] == 2
    ]
    assert made[0]["after"][names.INTAKE] != names.DEFERRED
    ready(registry)
    made = [
        one for one in audit.list_events(registry, f"model:{MODEL}", "oldest", 9, None).items if one["version"] == 3
    ]
    assert names.INTAKE not in made[0]["after"]


def test_a_duplicate_event_copies_nothing_and_changes_nothing(registry: Services) -> None:
    event = waiting(registry)
    react(event)
    before = versions.load_registered(registry, MODEL, 1)
    with CrashAt(registry.client("s3"), "CopyObject", "before"):
        react(event)
    assert versions.load_registered(registry, MODEL, 1) == before
    assert types(registry) == ["model.created", "version.created", "version.ready"]


def test_two_that_copy_at_once_end_with_one_ready_version_whose_bytes_are_there(registry: Services) -> None:
    event = waiting(registry)
    raced: list[str] = []

    def other(**_: Any) -> None:
        if not raced:
            raced.append("")
            react(event)

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.TransactWriteItems", other)
    react(event)
    assert raced
    assert types(registry) == ["model.created", "version.created", "version.ready"]
    found = versions.load_registered(registry, MODEL, 1)
    for file in found.files:
        key = object_key(found.version.uid, file.path)
        registry.client("s3").head_object(Bucket=registry.settings.bucket, Key=key, VersionId=file.s3_version)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("dynamodb", "BatchGetItem"),
        ("s3", "ListObjectsV2"),
        ("s3", "HeadObject"),
        ("s3", "GetObject"),
        ("s3", "CopyObject"),
        ("dynamodb", "TransactWriteItems"),
    ],
)
def test_a_function_that_dies_anywhere_is_finished_by_its_retry(
    registry: Services, service: str, operation: str, when: str
) -> None:
    event = waiting(registry)
    with CrashAt(registry.client(service), operation, when), pytest.raises(Crash):
        react(event)
    react(event)
    found = versions.load_registered(registry, MODEL, 1)
    assert (found.version.status, len(found.files)) == (Status.READY, FEW_FILES + 1)
    assert types(registry) == ["model.created", "version.created", "version.ready"]


def test_a_file_that_is_gone_ends_the_version_with_the_reason(registry: Services) -> None:
    event = waiting(registry)
    client, bucket = registry.client("s3"), registry.settings.bucket
    gone = client.list_object_versions(Bucket=bucket, Prefix="mlflow/")["Versions"][0]
    client.delete_object(Bucket=bucket, Key=gone["Key"], VersionId=gone["VersionId"])
    react(event)
    ended = failed(registry, 1)
    assert ended is not None and ended.burial is not None
    assert "no longer exists" in str(ended.burial.reason)
    react(event)
    assert types(registry) == ["model.created", "version.created", "version.expired"]


def test_a_version_that_was_deleted_meanwhile_stays_deleted(registry: Services) -> None:
    event = waiting(registry)
    deleted: list[str] = []

    def delete(**_: Any) -> None:
        if not deleted:
            deleted.append("")
            versions.delete_version(registry, request(), MODEL, "1")

    registry.client("dynamodb").meta.events.register("before-call.dynamodb.TransactWriteItems", delete)
    react(event)
    react(event)
    assert types(registry)[-1] == "version.deleted"


def test_no_copy_begins_that_could_end_after_the_version_has_expired(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = waiting(registry)
    pass_time(registry, monkeypatch, timedelta(hours=23, minutes=50))
    with CrashAt(registry.client("s3"), "CopyObject", "before"):
        react(event)
    assert version(registry).status is Status.PENDING
    pass_time(registry, monkeypatch, timedelta(minutes=11))
    assert sweep_due(registry, "r") == 1
    ended = failed(registry, 1)
    assert ended is not None and ended.burial is not None
    assert "not copied by" in str(ended.burial.reason)
