"""OCI's dialect: pulling a version as a ModelPack artifact, and who is told what."""

import hashlib
import json

import pytest
import requests

from chalicelib.aws.keys import manifest_part
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from tests.api import serving
from tests.api.gateway import Function, Reply
from tests.registry import build
from tests.registry.faults import Calls
from tests.registry.scanning.states import quarantined

REPOSITORY = "/v2/moorage/fraud"


@pytest.fixture
def consumer(registry: Services) -> Function:
    """Somebody who may pull ``fraud``, which has a champion."""
    serving.champion(registry)
    return serving.as_role()


def refusal(reply: Reply) -> tuple[int, str]:
    (error,) = reply.document["errors"]
    return reply.status, error["code"]


def digest(content: bytes) -> str:
    return "sha256:" + build.sha256(content)


def test_clients_see_that_the_dialect_is_there(consumer: Function) -> None:
    assert consumer.get("/v2").headers["Docker-Distribution-API-Version"] == "registry/2.0"


@pytest.mark.parametrize("tag", ["champion", "1"])
def test_a_manifest_has_a_layer_for_each_file_by_its_sha256(consumer: Function, tag: str) -> None:
    reply = consumer.get(f"{REPOSITORY}/manifests/{tag}")
    assert reply.headers["Content-Type"] == "application/vnd.oci.image.manifest.v1+json"
    assert reply.headers["Docker-Content-Digest"] == digest(reply.text.encode())
    layers = reply.document["layers"]
    assert {layer["annotations"]["org.cncf.model.filepath"]: layer["digest"] for layer in layers} == {
        path: digest(content) for path, content in serving.FILES.items()
    }


def test_a_manifest_is_found_by_its_digest_and_asked_about_with_head(consumer: Function) -> None:
    tagged = consumer.get(f"{REPOSITORY}/manifests/champion")
    pinned = consumer.get(f"{REPOSITORY}/manifests/{tagged.headers['Docker-Content-Digest']}")
    looked = consumer.request("HEAD", f"{REPOSITORY}/manifests/champion")
    assert pinned.text == tagged.text
    assert looked.headers["Docker-Content-Digest"] == tagged.headers["Docker-Content-Digest"]
    assert refusal(consumer.get(f"{REPOSITORY}/manifests/sha256:{'0' * 64}")) == (404, "MANIFEST_UNKNOWN")


def test_a_layer_is_a_redirect_to_its_bytes_and_counts_as_a_use(
    consumer: Function, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    found = consumer.get(f"{REPOSITORY}/blobs/{digest(b'weights')}")
    assert (found.status, found.headers["Cache-Control"]) == (307, "no-store")
    assert found.headers["Docker-Content-Digest"] == digest(b"weights")
    assert requests.get(found.headers["Location"], timeout=5).content == b"weights"
    looked = consumer.request("HEAD", f"{REPOSITORY}/blobs/{digest(b'weights')}")
    # Streamed, so that nobody waits for the bytes that HEAD has none of.
    assert requests.head(looked.headers["Location"], timeout=5, stream=True).headers["Content-Length"] == "7"
    assert serving.uses(capsys) == [("file", 1, None)]


def test_the_configuration_is_a_blob_with_the_digest_that_the_manifest_says(consumer: Function) -> None:
    said = consumer.get(f"{REPOSITORY}/manifests/champion").document["config"]
    blob = consumer.get(f"{REPOSITORY}/blobs/{said['digest']}")
    assert (digest(blob.text.encode()), len(blob.text.encode())) == (said["digest"], said["size"])
    assert json.loads(blob.text)["descriptor"] == {"name": "fraud", "version": "1"}


def test_a_colon_may_be_encoded(consumer: Function) -> None:
    assert consumer.get(f"{REPOSITORY}/blobs/{digest(b'weights')}".replace(":", "%3A")).status == 307


def test_blobs_are_found_after_the_alias_has_moved_on(registry: Services, consumer: Function) -> None:
    build.ready_with(registry, ("model.safetensors", b"better"))
    serving.point(registry, "champion", 2)
    for content in (b"weights", b"better"):
        assert consumer.get(f"{REPOSITORY}/blobs/{digest(content)}").status == 307


def test_a_version_in_quarantine_does_not_keep_another_from_giving_out_the_same_file(
    registry: Services, consumer: Function
) -> None:
    """Whoever may register could otherwise take the files of the champion away from its clients."""
    build.ready_with(registry, ("model.bin", b"weights"))
    serving.point(registry, "an-earlier-name", 2)
    quarantined(registry, 2)
    blob = f"{REPOSITORY}/blobs/{digest(b'weights')}"
    assert consumer.get(blob).status == 307
    quarantined(registry, 1)
    assert refusal(consumer.get(blob)) == (403, "DENIED")


def test_no_bytes_of_a_pending_or_deleted_version_are_served(registry: Services, consumer: Function) -> None:
    for content in (b"first", b"second"):
        build.ready_with(registry, ("model.bin", content))
    build.registered(registry, build.file("model.bin", b"third"))
    assert serving.as_role(Role.ADMIN).delete("/v1/models/fraud/versions/2").status == 204
    found = [consumer.get(f"{REPOSITORY}/blobs/{digest(content)}") for content in (b"first", b"second", b"third")]
    assert [reply.status for reply in found] == [404, 307, 404]
    assert refusal(found[0]) == (404, "BLOB_UNKNOWN")
    assert refusal(consumer.get(f"{REPOSITORY}/manifests/4")) == (404, "MANIFEST_UNKNOWN")


def test_an_alias_that_was_edited_hides_no_other(registry: Services, consumer: Function) -> None:
    build.ready_with(registry, ("model.bin", b"second"))
    serving.point(registry, "a-challenger", 2)
    key = {"PK": {"S": "MODEL#fraud"}, "SK": {"S": "ALIAS#a-challenger"}}
    registry.client("dynamodb").update_item(
        TableName=registry.table.name,
        Key=key,
        UpdateExpression="SET uid = :u",
        ExpressionAttributeValues={":u": {"S": "elsewhere"}},
    )
    found = consumer.get(f"{REPOSITORY}/blobs/{digest(b'second')}")
    assert requests.get(found.headers["Location"], timeout=5).content == b"second"
    assert consumer.get(f"{REPOSITORY}/blobs/{digest(b'weights')}").status == 307


def test_a_list_of_files_that_was_edited_hides_no_other(registry: Services, consumer: Function) -> None:
    many = [build.reference(f"checkpoints/{number:06d}.bin", "https://models.example/x") for number in range(300)]
    build.registered(registry, *many)
    assert serving.as_role(Role.ADMIN).post("/v1/models/fraud/versions/2/finalise").status == 200
    serving.point(registry, "a-challenger", 2)
    blob = f"{REPOSITORY}/blobs/sha256:{many[0].sha256}"
    assert consumer.get(blob).headers["Location"] == "https://models.example/x"
    part = registry.table.get(manifest_part("fraud", 2, 0))
    registry.client("dynamodb").update_item(
        TableName=registry.table.name,
        Key={"PK": {"S": "MODEL#fraud"}, "SK": {"S": "FILES#000000002#0000"}},
        UpdateExpression="SET files = :f",
        ExpressionAttributeValues={":f": {"S": str((part or {})["files"]).replace("models", "evil")}},
    )
    assert refusal(consumer.get(blob)) == (404, "BLOB_UNKNOWN")
    assert consumer.get(f"{REPOSITORY}/blobs/{digest(b'weights')}").status == 307


def test_tags_are_the_aliases_and_the_numbers_of_their_versions(consumer: Function) -> None:
    assert consumer.get(f"{REPOSITORY}/tags/list").document == {"name": "moorage/fraud", "tags": ["1", "champion"]}


def test_tags_come_in_pages_if_asked_for(registry: Services, consumer: Function) -> None:
    serving.point(registry, "b", 1)
    where = f"{REPOSITORY}/tags/list"
    first = consumer.get(where, query={"n": 2})
    assert first.document["tags"] == ["1", "b"]
    assert first.headers["Link"] == '</v2/moorage/fraud/tags/list?n=2&last=b>; rel="next"'
    second = consumer.get(where, query={"n": 2, "last": "b"})
    assert second.document["tags"] == ["champion"] and "Link" not in second.headers
    assert consumer.get(where, query={"n": 0}).document["tags"] == []
    assert consumer.get(where, query={"n": "many"}).document["tags"] == ["1", "b", "champion"]


def test_what_the_caller_may_not_read_is_as_if_it_were_not_there(consumer: Function) -> None:
    other = serving.as_role(Role.ADMIN, "other*")
    for path in ("manifests/champion", f"blobs/{digest(b'weights')}", "tags/list"):
        hidden, absent = other.get(f"{REPOSITORY}/{path}"), other.get(f"/v2/moorage/fraus/{path}")
        assert refusal(hidden) == refusal(absent) == (404, "NAME_UNKNOWN")
        assert hidden.text.replace("fraud", "fraus") == absent.text


def test_who_may_read_but_not_download_gets_no_blobs(consumer: Function) -> None:
    viewer = serving.as_role(Role.VIEWER)
    assert viewer.get(f"{REPOSITORY}/manifests/champion").status == 200
    assert refusal(viewer.get(f"{REPOSITORY}/blobs/{digest(b'weights')}")) == (403, "DENIED")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{REPOSITORY}/manifests/nobody", (404, "MANIFEST_UNKNOWN")),
        (f"{REPOSITORY}/manifests/7", (404, "MANIFEST_UNKNOWN")),
        (f"{REPOSITORY}/manifests/v7", (404, "MANIFEST_UNKNOWN")),
        (f"{REPOSITORY}/blobs/sha512:aa", (404, "BLOB_UNKNOWN")),
        ("/v2/library/fraud/manifests/champion", (404, "NAME_UNKNOWN")),
        ("/v2/_catalog", (404, "UNSUPPORTED")),
    ],
)
def test_what_is_not_there_is_said_in_ocis_codes(consumer: Function, path: str, expected: tuple[int, str]) -> None:
    assert refusal(consumer.get(path)) == expected


def test_nobody_is_served_without_a_token(consumer: Function) -> None:
    assert refusal(Function(None).get("/v2")) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize("path", ["manifests/champion", "manifests/1", f"blobs/{digest(b'weights')}", "tags/list"])
def test_pulling_by_an_alias_costs_one_read_for_each_call(registry: Services, consumer: Function, path: str) -> None:
    calls = Calls(registry.client("dynamodb"))
    assert consumer.get(f"{REPOSITORY}/{path}").status in (200, 307)
    assert len(calls.operations) == 1


def test_documents_are_the_same_bytes_each_time(consumer: Function) -> None:
    texts = {consumer.get(f"{REPOSITORY}/manifests/{tag}").text for tag in ("1", "champion")}
    assert {hashlib.sha256(text.encode()).hexdigest() for text in texts} == {
        consumer.get(f"{REPOSITORY}/manifests/1").etag.strip('"')
    }
