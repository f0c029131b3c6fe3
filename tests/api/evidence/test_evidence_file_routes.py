"""Plots and reports of a version over HTTP: uploaded, proved, listed, downloaded, withdrawn, and removed in time."""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import jsonschema
import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.evidence.evidence_file import FINISHING_WINDOW, MAX_FILES, MAX_SIZE, UPLOAD_WINDOW
from chalicelib.domain.instants import later
from chalicelib.domain.versions.manifest import checksum_of
from chalicelib.registry.lifecycle.sweep import sweep_due
from tests.api import journey
from tests.api.gateway import Caller, Reply, granted
from tests.registry.build import put_object

VERSION = "/v1/models/fraud/versions/1"
WHERE = f"{VERSION}/evidence-files"
PLOT = b"a plot of the ROC curve"
DECLARED: dict[str, Any] = {
    "size": len(PLOT),
    "sha256": hashlib.sha256(PLOT).hexdigest(),
    "evaluation": "holdout",
    "description": "ROC on the holdout set",
}


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)


def started(caller: Caller, name: str = "roc.png", **change: Any) -> dict[str, Any]:
    answer = caller.post(f"{WHERE}/{name}/upload", DECLARED | change)
    assert answer.status == 200, answer.text
    return answer.document


def key_of(upload: dict[str, Any], registry: Services) -> str:
    return unquote(urlsplit(upload["url"]).path).removeprefix("/").removeprefix(f"{registry.settings.bucket}/")


def finished(caller: Caller, upload: dict[str, Any]) -> Reply:
    return caller.post(f"{WHERE}/{upload['name']}/finalise", {"id": upload["id"]})


def attached(caller: Caller, registry: Services, name: str = "roc.png", **change: Any) -> Reply:
    upload = started(caller, name, **change)
    put_object(registry, key_of(upload, registry), PLOT)
    return finished(caller, upload)


def stored(registry: Services) -> int:
    answer = registry.client("s3").list_object_versions(Bucket=registry.settings.bucket, Prefix="evidence/")
    return len(answer.get("Versions", []))


def pass_time(registry: Services, monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    now = later(registry.clock(), by)
    monkeypatch.setattr(registry, "clock", lambda: now)


def test_an_upload_signs_exactly_the_declared_bytes(admin: Caller, registry: Services) -> None:
    upload = started(granted(admin, "contributor", "fraud", "evaluator"))
    assert upload["headers"] == {
        "content-length": str(len(PLOT)),
        "x-amz-checksum-sha256": checksum_of(DECLARED["sha256"]),
        "if-none-match": "*",
    }
    signed = parse_qs(urlsplit(upload["url"]).query)["X-Amz-SignedHeaders"][0].split(";")
    assert {"content-length", "x-amz-checksum-sha256", "if-none-match"} <= set(signed)
    assert key_of(upload, registry).startswith("evidence/")
    assert admin.get(WHERE).document["items"] == []


def test_a_proved_file_is_listed_pinned_and_no_part_of_the_version(admin: Caller, registry: Services) -> None:
    before = admin.get(VERSION).document["digest"]
    upload = started(admin)
    proved = put_object(registry, key_of(upload, registry), PLOT)
    listed = finished(admin, upload)
    assert listed.status == 200, listed.text
    assert listed.document == {
        "name": "roc.png",
        **DECLARED,
        "attached_at": listed.document["attached_at"],
        "attached_by": "token:bootstrap",
    }
    put_object(registry, key_of(upload, registry), b"other bytes under the same key")
    shown = granted(admin, "viewer").get(f"{WHERE}/roc.png").document
    assert parse_qs(urlsplit(shown["url"]).query)["versionId"] == [proved]
    assert admin.get(WHERE).document["items"] == [listed.document]
    assert admin.get(WHERE, query={"evaluation": "other"}).document["items"] == []
    assert admin.get(VERSION).document["digest"] == before
    assert [file["path"] for file in admin.get(f"{VERSION}/artifacts").document["items"]] == ["model.bin"]
    event = admin.get("/v1/models/fraud/events").document["items"][0]
    assert (event["type"], event["after"]["evidence_file"]) == ("evidence_file.attached", "roc.png")
    assert event["after"]["sha256"] == DECLARED["sha256"]


@pytest.mark.parametrize(("name", "kind"), [("roc.png", "image/png"), ("report.html", "application/octet-stream")])
def test_browsers_save_an_evidence_file_and_show_none(admin: Caller, registry: Services, name: str, kind: str) -> None:
    assert attached(admin, registry, name).status == 200
    asked = parse_qs(urlsplit(admin.get(f"{WHERE}/{name}").document["url"]).query)
    assert asked["response-content-disposition"] == [f'attachment; filename="{name}"']
    assert asked["response-content-type"] == [kind]


def test_finishing_twice_is_the_same(admin: Caller, registry: Services) -> None:
    upload = started(admin)
    put_object(registry, key_of(upload, registry), PLOT)
    first = finished(admin, upload)
    assert finished(admin, upload).document == first.document
    types = [event["type"] for event in admin.get("/v1/models/fraud/events").document["items"]]
    assert types.count("evidence_file.attached") == 1


def test_bytes_that_are_missing_or_differ_are_not_listed(admin: Caller, registry: Services) -> None:
    upload = started(admin)
    assert finished(admin, upload).code == "upload_incomplete"
    put_object(registry, key_of(upload, registry), PLOT.upper())
    assert finished(admin, upload).code == "upload_mismatch"
    assert admin.get(WHERE).document["items"] == []


def test_an_upload_is_finished_under_its_own_name_version_and_id(admin: Caller, registry: Services) -> None:
    upload = started(admin)
    put_object(registry, key_of(upload, registry), PLOT)
    journey.ready(admin, registry)
    other = {"id": upload["id"]}
    assert admin.post(f"{WHERE}/pr.png/finalise", other).code == "evidence_file_not_found"
    elsewhere = "/v1/models/fraud/versions/2/evidence-files/roc.png/finalise"
    assert admin.post(elsewhere, other).code == "evidence_file_not_found"
    assert admin.post(f"{WHERE}/roc.png/finalise", {"id": "made-up"}).code == "evidence_file_not_found"


def test_a_listed_file_never_changes_until_it_is_withdrawn(admin: Caller, registry: Services) -> None:
    raced = started(admin)
    put_object(registry, key_of(raced, registry), PLOT)
    attached(admin, registry)
    assert admin.post(f"{WHERE}/roc.png/upload", DECLARED).code == "evidence_file_exists"
    assert finished(admin, raced).code == "evidence_file_exists"
    assert admin.delete(f"{WHERE}/roc.png", headers={"If-Match": '"1"'}).code == "precondition_failed"
    assert admin.delete(f"{WHERE}/roc.png").status == 204
    schema = admin.get("/v1/schemas/event.json").document
    withdrawn, listed, *_ = admin.get("/v1/models/fraud/events").document["items"]
    assert [event["type"] for event in (listed, withdrawn)] == ["evidence_file.attached", "evidence_file.withdrawn"]
    for event in (listed, withdrawn):
        jsonschema.validate(event, schema)
    assert admin.get(f"{WHERE}/roc.png").code == "evidence_file_not_found"
    assert attached(admin, registry).status == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"size": 0}, "invalid_input"),
        ({"size": MAX_SIZE + 1}, "invalid_input"),
        ({"sha256": "ab"}, "invalid_input"),
        ({"evaluation": "A B"}, "invalid_name"),
        ({"description": "x" * 501}, "invalid_input"),
    ],
)
def test_a_malformed_declaration_is_refused(admin: Caller, change: dict[str, Any], code: str) -> None:
    assert admin.post(f"{WHERE}/roc.png/upload", DECLARED | change).code == code


def test_only_ready_versions_that_are_not_locked_take_files(admin: Caller, registry: Services) -> None:
    journey.version(admin)
    pending = "/v1/models/fraud/versions/2/evidence-files/roc.png/upload"
    assert admin.post(pending, DECLARED).code == "version_not_ready"
    upload = started(admin)
    put_object(registry, key_of(upload, registry), PLOT)
    admin.put(f"{VERSION}/lock", {"reason": "under audit"})
    assert finished(admin, upload).code == "version_locked"
    assert granted(admin, "viewer").post(f"{WHERE}/roc.png/upload", DECLARED).status == 403


def test_a_version_has_at_most_fifty_files(admin: Caller, registry: Services) -> None:
    for index in range(MAX_FILES):
        assert attached(admin, registry, f"plot-{index}.png").status == 200
    assert attached(admin, registry, "one-more.png").code == "limit_exceeded"


def test_a_legal_hold_keeps_evidence_files(admin: Caller, registry: Services) -> None:
    attached(admin, registry)
    admin.put(f"{VERSION}/hold", {"reason": "case 7"})
    assert admin.delete(f"{WHERE}/roc.png").code == "version_held"


def test_the_keeper_removes_uploads_that_were_not_finished_in_time(
    admin: Caller, registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    attached(admin, registry, "kept.png")
    upload = started(admin)
    put_object(registry, key_of(upload, registry), PLOT)
    pass_time(registry, monkeypatch, UPLOAD_WINDOW)
    assert sweep_due(registry, "r") == 0, "it can still be finished"
    pass_time(registry, monkeypatch, FINISHING_WINDOW)
    assert finished(admin, upload).code == "evidence_file_not_found"
    assert (stored(registry), sweep_due(registry, "r"), stored(registry)) == (2, 1, 1)
    assert sweep_due(registry, "r") == 0
    assert [file["name"] for file in admin.get(WHERE).document["items"]] == ["kept.png"]


def test_the_keeper_removes_what_was_withdrawn_and_all_with_the_version(
    admin: Caller, registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    attached(admin, registry)
    attached(admin, registry, "pr.png")
    admin.delete(f"{WHERE}/roc.png")
    assert (sweep_due(registry, "r"), stored(registry)) == (1, 1)
    assert admin.delete(VERSION).status == 204
    pass_time(registry, monkeypatch, timedelta(days=400))
    sweep_due(registry, "r")
    assert stored(registry) == 0
