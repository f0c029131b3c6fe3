"""Versions over HTTP: registered, uploaded, finalised, served, moved, deleted."""

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted


@pytest.fixture(autouse=True)
def fraud(admin: Caller) -> None:
    journey.model(admin)


def test_registering_answers_with_the_version_and_where_to_upload(admin: Caller) -> None:
    registered = journey.version(admin, metrics={"auc": 1, "loss": 0.1}, parameters={"deep": True, "depth": 3})
    version, upload = registered.document["version"], registered.document["upload"]
    assert (version["number"], version["status"]) == (1, "PENDING")
    assert version["metrics"] == {"auc": 1, "loss": 0.1}
    assert version["parameters"] == {"deep": True, "depth": 3}
    assert upload["files"][0]["method"] == "PUT"
    assert "x-amz-checksum-sha256" in upload["files"][0]["headers"]
    assert registered.headers["Cache-Control"] == "no-store"


def test_a_finalised_version_is_served_by_number_and_by_alias(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry)
    pointed = admin.put("/v1/models/fraud/aliases/champion", {"version": 1, "expected_version": None})
    assert pointed.status == 200, pointed.text
    for reference in ("1", "@champion", "%40champion"):
        manifest = admin.get(f"/v1/models/fraud/versions/{reference}/artifacts")
        assert manifest.status == 200, manifest.text
        assert manifest.document["items"][0]["sha256"] == journey.SHA256
        assert manifest.headers["Cache-Control"] == "no-store"
    redirect = admin.get("/v1/models/fraud/versions/@champion/artifacts/file", query={"path": "model.bin"})
    assert redirect.status == 302
    assert "versionId=" in redirect.headers["Location"]


def test_finalising_names_the_file_that_is_missing(admin: Caller) -> None:
    journey.version(admin)
    refused = admin.post("/v1/models/fraud/versions/1/finalise")
    assert (refused.status, refused.code) == (409, "upload_incomplete")
    assert "model.bin" in refused.text


def test_finalising_names_the_file_that_differs(admin: Caller, registry: Services) -> None:
    journey.version(admin)
    journey.upload(registry, content=b"WEIGHTS")
    refused = admin.post("/v1/models/fraud/versions/1/finalise")
    assert (refused.status, refused.code) == (409, "upload_mismatch")


def test_a_viewer_sees_metadata_and_gets_no_bytes(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry)
    viewer = granted(admin, "viewer")
    assert viewer.get("/v1/models/fraud/versions/1").status == 200
    refused = viewer.get("/v1/models/fraud/versions/1/artifacts")
    assert (refused.status, refused.code) == (403, "permission_denied")


def test_entering_an_exclusive_stage_archives_its_holder_and_rolling_back_returns_it(
    admin: Caller, registry: Services
) -> None:
    for number in (1, 2):
        journey.ready(admin, registry)
        moved = admin.post(f"/v1/models/fraud/versions/{number}/transitions", {"to_stage": "production"})
        assert moved.document["stage"] == "production"
    assert admin.get("/v1/models/fraud/versions/1").document["stage"] == "archived"
    returned = admin.post("/v1/models/fraud/stages/production/rollback")
    assert (returned.document["number"], returned.document["stage"]) == (1, "production")
    history = admin.get("/v1/models/fraud/stages/production/history").document["items"]
    assert [move["version"] for move in history] == [1, 2, 1]
    assert history[0]["trigger"] == "rollback"


def test_moving_an_alias_that_moved_meanwhile_is_refused(admin: Caller, registry: Services) -> None:
    for _ in range(2):
        journey.ready(admin, registry)
    where = "/v1/models/fraud/aliases/champion"
    admin.put(where, {"version": 1})
    refused = admin.put(where, {"version": 2, "expected_version": None})
    assert (refused.status, refused.code) == (409, "alias_moved")
    assert admin.put(where, {"version": 2, "expected_version": 1}).document["version"] == 2
    assert admin.post(f"{where}/rollback", {"reason": "worse"}).document["version"] == 1
    assert [move["version"] for move in admin.get(f"{where}/history").document["items"]] == [1, 2, 1]


def test_a_version_that_an_alias_holds_cannot_be_deleted(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry)
    admin.put("/v1/models/fraud/aliases/champion", {"version": 1})
    assert admin.delete("/v1/models/fraud/versions/1").code == "version_in_use"
    assert admin.delete("/v1/models/fraud/aliases/champion").status == 204
    assert admin.delete("/v1/models/fraud/versions/1").status == 204
    assert admin.get("/v1/models/fraud/versions/1").code == "version_not_found"


def test_the_chain_of_a_model_verifies(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry)
    found = admin.get("/v1/models/fraud/events/verify").document
    assert (found["intact"], found["complete"], found["checked"]) == (True, True, 3)
    types = [event["type"] for event in admin.get("/v1/models/fraud/events").document["items"]]
    assert types == ["version.ready", "version.created", "model.created"]


def test_parts_of_a_large_file_get_urls_that_sign_their_digests(admin: Caller) -> None:
    large = {"path": "large.bin", "size": 6 * 2**20, "sha256": "a" * 64}
    large["multipart"] = {"part_size": 5 * 2**20, "sha256": "b" * 64}
    planned = journey.version(admin, files=[large]).document["upload"]["files"][0]
    assert (planned["kind"], planned["part_count"], planned["uploaded_parts"]) == ("multipart", 2, [])
    asked = {"path": "large.bin", "parts": [{"number": 2, "sha256": "c" * 64}]}
    given = admin.post("/v1/models/fraud/versions/1/upload/parts", asked)
    assert given.document["parts"][0]["headers"]["content-length"] == str(2**20)
    asked["parts"] = [{"number": 3, "sha256": "c" * 64}]
    assert admin.post("/v1/models/fraud/versions/1/upload/parts", asked).code == "invalid_input"
    assert admin.get("/v1/models/fraud/versions/1/upload").document["files"][0]["uploaded"] is False


def test_lists_of_a_model_show_its_versions_aliases_and_stages(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry)
    admin.put("/v1/models/fraud/aliases/champion", {"version": 1})
    versions = admin.get("/v1/models/fraud/versions").document["items"]
    assert [(version["number"], version["aliases"]) for version in versions] == [(1, ["champion"])]
    assert [alias["alias"] for alias in admin.get("/v1/models/fraud/aliases").document["items"]] == ["champion"]
    stages = admin.get("/v1/models/fraud/stages").document["items"]
    assert [stage["name"] for stage in stages] == ["development", "staging", "production", "archived"]
    assert admin.get("/v1/models/fraud").document["aliases"] == {"champion": 1}


def test_files_and_manifests_are_named_by_their_digest_and_not_sent_again(admin: Caller, registry: Services) -> None:
    digest = journey.ready(admin, registry).document["digest"]
    where = "/v1/models/fraud/versions/1/artifacts"
    manifest = admin.get(where)
    file = admin.get(f"{where}/file", query={"path": "model.bin"})
    assert (manifest.etag, file.etag) == (f'"{digest}"', f'"{journey.SHA256}"')
    assert admin.get(where, headers={"If-None-Match": manifest.etag}).status == 304
    again = admin.get(f"{where}/file", query={"path": "model.bin"}, headers={"If-None-Match": file.etag})
    assert again.status == 304 and "Location" not in again.headers
