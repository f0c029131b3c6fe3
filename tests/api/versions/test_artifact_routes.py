"""Uploads and downloads of a version's files over HTTP."""

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted


@pytest.fixture(autouse=True)
def fraud(admin: Caller) -> None:
    journey.model(admin)


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


def test_a_viewer_lists_the_files_without_a_way_to_get_them(admin: Caller, registry: Services) -> None:
    elsewhere = {"path": "data.csv", "uri": "https://data.example/secret?key=1", "size": 9, "sha256": "c" * 64}
    journey.ready(admin, registry, references=[elsewhere])
    admin.put("/v1/models/fraud/aliases/champion", {"version": 1})
    digest = admin.get("/v1/models/fraud/versions/1").document["digest"]
    viewer = granted(admin, "viewer", "fraud")
    for reference in ("1", "@champion"):
        listed = viewer.get(f"/v1/models/fraud/versions/{reference}/files")
        assert listed.document == {
            "model": "fraud",
            "version": 1,
            "digest": digest,
            "items": [
                {"path": "data.csv", "size": 9, "sha256": "c" * 64, "verified": "declared", "kind": "reference"},
                {**journey.FILE, "verified": "sha256", "kind": "single"},
            ],
            "next_cursor": None,
        }
    assert admin.get("/v1/models/fraud/versions/1/usage").document["items"] == []
    assert granted(admin, "viewer", "other").get("/v1/models/fraud/versions/1/files").status == 403


def test_the_files_of_a_pending_version_are_listed_page_by_page(admin: Caller) -> None:
    large = {"path": "z.bin", "size": 6 * 2**20, "sha256": "a" * 64}
    large["multipart"] = {"part_size": 5 * 2**20, "sha256": "b" * 64}
    journey.version(admin, files=[journey.FILE, large])
    where = "/v1/models/fraud/versions/1/files"
    first = admin.get(where, query={"limit": 1}).document
    second = admin.get(where, query={"limit": 1, "cursor": first["next_cursor"]}).document
    found = [*first["items"], *second["items"]]
    assert [(file["path"], file["verified"], file["kind"]) for file in found] == [
        ("model.bin", "declared", "single"),
        ("z.bin", "declared", "multipart"),
    ]
    assert second["next_cursor"] is None
    assert admin.get("/v1/models/fraud/versions/2/files").code == "version_not_found"


def test_files_and_manifests_are_named_by_their_digest_and_not_sent_again(admin: Caller, registry: Services) -> None:
    digest = journey.ready(admin, registry).document["digest"]
    where = "/v1/models/fraud/versions/1/artifacts"
    manifest = admin.get(where)
    file = admin.get(f"{where}/file", query={"path": "model.bin"})
    assert (manifest.etag, file.etag) == (f'"{digest}"', f'"{journey.SHA256}"')
    assert admin.get(where, headers={"If-None-Match": manifest.etag}).status == 304
    again = admin.get(f"{where}/file", query={"path": "model.bin"}, headers={"If-None-Match": file.etag})
    assert again.status == 304 and "Location" not in again.headers
