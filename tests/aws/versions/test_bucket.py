"""The bucket adapter against a simulated S3."""

import subprocess
import sys
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError

from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import Bucket, Removed, object_key, version_prefix
from chalicelib.domain.versions.manifest import MIN_PART_SIZE, checksum_of
from tests.registry.build import put_object, put_part_of, sha256
from tests.registry.faults import Calls
from tests.simulation import like_s3, put_at_once

UID = "0" * 32
KEY = object_key(UID, "model.bin")
BODY = b"weights"


@pytest.fixture
def bucket(registry: Services) -> Bucket:
    like_s3(registry)
    return registry.bucket


def credentials() -> ReadOnlyCredentials:
    return ReadOnlyCredentials("AKID", "secret", None)


def _query(url: str) -> Mapping[str, list[str]]:
    return parse_qs(urlsplit(url).query, strict_parsing=True)


def test_the_key_of_a_file_is_under_its_versions_prefix() -> None:
    assert object_key(UID, "a/b.txt") == f"artifacts/{UID}/a/b.txt"
    assert object_key(UID, "a/b.txt").startswith(version_prefix(UID))


@pytest.mark.parametrize("size", [0, 7])
def test_a_put_url_signs_the_length_and_the_sha256(bucket: Bucket, size: int) -> None:
    signed = bucket.sign_put(KEY, size, sha256(BODY), 600)

    assert signed.method == "PUT"
    assert signed.headers == {
        "content-length": str(size),
        "x-amz-checksum-sha256": checksum_of(sha256(BODY)),
        "if-none-match": "*",
    }
    query = _query(signed.url)
    assert query["X-Amz-SignedHeaders"] == ["content-length;host;if-none-match;x-amz-checksum-sha256"]
    assert query["X-Amz-Expires"] == ["600"]
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]


def test_a_put_url_stores_its_bytes_once(registry: Services, bucket: Bucket) -> None:
    signed = bucket.sign_put(KEY, len(BODY), sha256(BODY), 600)
    answers = [requests.put(signed.url, data=BODY, headers=signed.headers, timeout=5).status_code for _ in range(3)]
    assert answers == [200, 412, 412]
    listed = registry.client("s3").list_object_versions(Bucket=bucket.name, Prefix=KEY)["Versions"]
    assert len(listed) == 1


def test_a_put_url_with_other_declared_bytes_has_another_signature(bucket: Bucket) -> None:
    signatures = {
        _query(bucket.sign_put(KEY, size, digest, 600).url)["X-Amz-Signature"][0]
        for size, digest in [(7, sha256(BODY)), (8, sha256(BODY)), (7, sha256(b"other"))]
    }

    assert len(signatures) == 3


def test_a_part_url_signs_the_parts_length_and_sha256(bucket: Bucket) -> None:
    signed = bucket.sign_part(KEY, "upload/+=1", 3, 7, sha256(BODY), 600)

    query = _query(signed.url)
    assert (query["uploadId"], query["partNumber"]) == (["upload/+=1"], ["3"])
    assert query["X-Amz-SignedHeaders"] == ["content-length;host;x-amz-checksum-sha256"]
    assert signed.headers == {"content-length": "7", "x-amz-checksum-sha256": checksum_of(sha256(BODY))}


def test_a_get_url_gives_the_pinned_bytes_after_the_object_was_overwritten(registry: Services, bucket: Bucket) -> None:
    pinned = put_object(registry, KEY, BODY)
    put_object(registry, KEY, b"something else")

    answer = requests.get(bucket.sign_get(KEY, pinned, 600), timeout=5)

    assert answer.content == BODY
    assert _query(bucket.sign_get(KEY, pinned, 600))["versionId"] == [pinned]


@pytest.mark.parametrize(
    ("path", "disposition"),
    [
        ("a/model.bin", 'attachment; filename="model.bin"'),
        ('a/x"; b.bin', "attachment; filename=\"x___b.bin\"; filename*=UTF-8''x%22%3B%20b.bin"),
        ("größe.bin", "attachment; filename=\"gr__e.bin\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.bin"),
    ],
)
def test_a_download_is_saved_under_its_file_name(bucket: Bucket, path: str, disposition: str) -> None:
    url = bucket.sign_get(object_key(UID, path), "1", 600)

    assert _query(url)["response-content-disposition"] == [disposition]


@pytest.mark.parametrize("path", ["a b/ü+%41?&#=.bin", "a%2Fb", "~tilde"])
def test_a_url_names_exactly_the_key_whatever_signs_are_in_it(bucket: Bucket, path: str) -> None:
    url = bucket.sign_put(object_key(UID, path), 1, sha256(b"x"), 600).url

    assert unquote(urlsplit(url).path).endswith("/" + object_key(UID, path))


@pytest.mark.parametrize(
    ("endpoint", "begin"),
    [
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566/artifacts/artifacts/"),
        (None, "https://artifacts.s3.eu-central-1.amazonaws.com/artifacts/"),
    ],
)
def test_urls_go_to_the_emulator_by_path_and_to_aws_by_regional_host(
    environment: None, endpoint: str | None, begin: str
) -> None:
    config = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
    bucket = Bucket(boto3.client("s3", endpoint_url=endpoint, config=config), "artifacts", credentials)

    assert bucket.sign_put(KEY, 1, sha256(b"x"), 600).url.startswith(begin)
    assert bucket.sign_get(KEY, "1", 600).startswith(begin)


def test_head_answers_the_newest_version_with_its_checksum(registry: Services, bucket: Bucket) -> None:
    put_object(registry, KEY, b"older")
    newest = put_object(registry, KEY, BODY)

    stored = bucket.head(KEY)

    assert stored is not None
    assert (stored.size, stored.checksum, stored.s3_version) == (7, checksum_of(sha256(BODY)), newest)


def test_head_of_a_missing_object_is_none(bucket: Bucket) -> None:
    assert bucket.head(KEY) is None


def test_a_missing_bucket_is_an_error_not_an_empty_one(registry: Services) -> None:
    with pytest.raises(ClientError):
        Bucket(registry.client("s3"), "another", credentials).sizes(UID)


def test_sizes_are_those_of_one_version_only(registry: Services, bucket: Bucket) -> None:
    put_object(registry, KEY, BODY)
    put_object(registry, object_key("1" * 32, "model.bin"), b"longer than that")

    assert bucket.sizes(UID) == {KEY: 7}
    assert bucket.sizes("2" * 32) == {}


def test_an_upload_once_opened_is_found_again(bucket: Bucket) -> None:
    opened = bucket.open_upload(KEY)

    assert bucket.open_upload(KEY) == opened
    assert bucket.open_uploads(version_prefix(UID)) == {KEY: opened}


def test_an_upload_of_a_key_that_begins_alike_is_another(bucket: Bucket) -> None:
    longer = bucket.open_upload(KEY + ".index")

    assert bucket.open_upload(KEY) != longer


def test_of_two_uploads_opened_in_a_race_all_callers_take_the_same(registry: Services, bucket: Bucket) -> None:
    for _ in range(2):
        registry.client("s3").create_multipart_upload(
            Bucket=bucket.name, Key=KEY, ChecksumAlgorithm="SHA256", ChecksumType="COMPOSITE"
        )

    chosen = {bucket.open_upload(KEY) for _ in range(3)} | {bucket.open_uploads(KEY)[KEY]}

    assert len(chosen) == 1
    assert len(registry.client("s3").list_multipart_uploads(Bucket=bucket.name)["Uploads"]) == 2


def test_a_completed_upload_has_the_composite_checksum_and_is_no_longer_open(
    registry: Services, bucket: Bucket
) -> None:
    bodies = [b"a" * MIN_PART_SIZE, b"tail"]
    upload_id = bucket.open_upload(KEY)
    for number, body in enumerate(bodies, 1):
        put_part_of(registry, KEY, number, body)
    parts = bucket.parts(KEY, upload_id)
    assert parts is not None
    assert [(part.number, part.size, part.sha256) for part in parts] == [
        (1, MIN_PART_SIZE, sha256(bodies[0])),
        (2, 4, sha256(bodies[1])),
    ]

    bucket.complete(KEY, upload_id, parts)

    stored = bucket.head(KEY)
    assert stored is not None
    composite = sha256(b"".join(bytes.fromhex(sha256(body)) for body in bodies))
    assert stored.size == MIN_PART_SIZE + 4
    assert stored.checksum == f"{checksum_of(composite)}-2"
    assert bucket.open_uploads(KEY) == {}
    assert bucket.parts(KEY, upload_id) is None


def test_completing_an_upload_that_is_gone_changes_nothing(registry: Services, bucket: Bucket) -> None:
    upload_id = bucket.open_upload(KEY)
    put_part_of(registry, KEY, 1, BODY)
    parts = bucket.parts(KEY, upload_id)
    assert parts is not None
    registry.client("s3").abort_multipart_upload(Bucket=bucket.name, Key=KEY, UploadId=upload_id)

    bucket.complete(KEY, upload_id, parts)

    assert bucket.head(KEY) is None


def test_deleting_a_versions_prefix_leaves_nothing_of_it_and_all_of_others(registry: Services, bucket: Bucket) -> None:
    s3 = registry.client("s3")
    other = object_key(UID[:-1] + "1", "model.bin")
    put_object(registry, other, BODY)
    bucket.open_upload(other)
    put_object(registry, KEY, BODY)
    put_object(registry, KEY, b"a second version of the object")
    s3.delete_object(Bucket=bucket.name, Key=KEY)
    bucket.open_upload(KEY)
    put_part_of(registry, KEY, 1, BODY)

    assert bucket.delete_version(UID) == Removed(2, len(BODY) + len(b"a second version of the object"))

    listed = s3.list_object_versions(Bucket=bucket.name)
    assert [stored["Key"] for stored in listed["Versions"]] == [other]
    assert "DeleteMarkers" not in listed
    assert [upload["Key"] for upload in s3.list_multipart_uploads(Bucket=bucket.name)["Uploads"]] == [other]


def test_deleting_a_prefix_twice_is_the_same(registry: Services, bucket: Bucket) -> None:
    put_object(registry, KEY, BODY)

    assert [bucket.delete_version(UID), bucket.delete_version(UID)] == [Removed(1, len(BODY)), Removed(0, 0)]


def test_more_objects_than_one_delete_takes_go_in_several(registry: Services, bucket: Bucket) -> None:
    for number in range(1_001):
        put_at_once(bucket.name, object_key(UID, f"{number}"))
    calls = Calls(registry.client("s3"))

    assert bucket.delete_version(UID) == Removed(1_001, 0)
    assert calls.operations.count("DeleteObjects") == 2
    assert bucket.sizes(UID) == {}


def test_an_object_that_s3_refuses_to_delete_is_reported(
    registry: Services, bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    put_object(registry, KEY, BODY)

    def refuse(http_response: object, parsed: dict[str, object], **_: object) -> None:
        # S3 answers 200 and names what it kept; here the deletion was never sent on.
        parsed["Errors"] = [{"Key": KEY, "Code": "AccessDenied", "Message": "Access Denied"}]

    def send_nothing(params: dict[str, object], **_: object) -> None:
        params["body"] = (
            b'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>none</Key></Object></Delete>'
        )

    events = registry.client("s3").meta.events
    events.register("before-call.s3.DeleteObjects", send_nothing)
    events.register("after-call.s3.DeleteObjects", refuse)

    assert bucket.delete_version(UID) is None
    assert bucket.sizes(UID) == {KEY: 7}
    assert '"codes": ["AccessDenied"]' in capsys.readouterr().out


def test_importing_the_bucket_does_not_import_boto3() -> None:
    probe = "import sys, chalicelib.aws.versions.bucket; sys.exit('boto3' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
