"""Copies in parts, of objects that S3 does not copy in one call, here with parts as small as S3 takes them."""

from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.aws.versions.copier import Copier, CopyDiffersError, SourceGoneError
from chalicelib.domain.versions.intake import SourceFile
from chalicelib.domain.versions.manifest import MIN_PART_SIZE, File, Multipart, Proof, composite_sha256, manifest
from tests.registry.build import sha256
from tests.registry.faults import Calls, Crash, CrashAt

BODY = b"a" * MIN_PART_SIZE + b"b" * MIN_PART_SIZE + b"rest"
PARTS = [BODY[:MIN_PART_SIZE], BODY[MIN_PART_SIZE : 2 * MIN_PART_SIZE], b"rest"]
COPY = "artifacts/uid/model.bin"


@pytest.fixture
def copier(registry: Services) -> Copier:
    client = registry.client("s3")
    return Copier(
        client, lambda: client, registry.settings.bucket, max_whole_size=MIN_PART_SIZE, part_size=MIN_PART_SIZE
    )


@pytest.fixture
def source(registry: Services) -> SourceFile:
    """A large object, over which another has been put since."""
    client, key = registry.client("s3"), "mlflow/0/model.bin"
    answer = client.put_object(Bucket=registry.settings.bucket, Key=key, Body=BODY)
    client.put_object(Bucket=registry.settings.bucket, Key=key, Body=b"other")
    return SourceFile("model.bin", len(BODY), key, answer["VersionId"])


def read(registry: Services, file: File) -> bytes:
    body: bytes = (
        registry.client("s3")
        .get_object(Bucket=registry.settings.bucket, Key=COPY, VersionId=file.s3_version)["Body"]
        .read()
    )
    return body


def test_a_large_object_is_copied_in_parts_with_the_hashes_of_its_source(
    registry: Services, copier: Copier, source: SourceFile
) -> None:
    file = copier.copy(source, COPY, repeated=False)
    assert read(registry, file) == BODY
    assert (file.sha256, file.size, file.verified) == (sha256(BODY), len(BODY), Proof.COMPOSITE)
    assert file.multipart == Multipart(MIN_PART_SIZE, composite_sha256(sha256(part) for part in PARTS))
    assert manifest([file]) == (file,)


def test_a_large_copy_that_was_made_is_found_again(registry: Services, copier: Copier, source: SourceFile) -> None:
    file = copier.copy(source, COPY, repeated=False)
    calls = Calls(registry.client("s3"))
    assert copier.copy(source, COPY, repeated=True) == file
    assert calls.operations == ["HeadObject"]


def test_an_object_copied_from_another_source_is_not_taken_for_the_copy(
    registry: Services, copier: Copier, source: SourceFile
) -> None:
    registry.client("s3").put_object(Bucket=registry.settings.bucket, Key=COPY, Body=BODY)
    assert read(registry, copier.copy(source, COPY, repeated=True)) == BODY


def test_a_part_that_s3_says_to_have_other_bytes_is_refused_and_the_upload_ended(
    registry: Services, copier: Copier, source: SourceFile
) -> None:
    def alter(parsed: dict[str, Any], **_: Any) -> None:
        parsed["CopyPartResult"]["ChecksumSHA256"] = "AAAA"

    client = registry.client("s3")
    client.meta.events.register("after-call.s3.UploadPartCopy", alter)
    with pytest.raises(CopyDiffersError, match=r"of 'model.bin'"):
        copier.copy(source, COPY, repeated=False)
    assert "Uploads" not in client.list_multipart_uploads(Bucket=registry.settings.bucket)
    assert "Versions" not in client.list_object_versions(Bucket=registry.settings.bucket, Prefix="artifacts/")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "operation", ["GetObject", "CreateMultipartUpload", "UploadPartCopy", "CompleteMultipartUpload", "HeadObject"]
)
def test_a_large_copy_that_is_cut_off_anywhere_is_made_by_the_next_attempt(
    registry: Services, copier: Copier, source: SourceFile, operation: str, when: str
) -> None:
    with CrashAt(registry.client("s3"), operation, when), pytest.raises(Crash):
        copier.copy(source, COPY, repeated=False)
    there = "Versions" in registry.client("s3").list_object_versions(Bucket=registry.settings.bucket, Prefix=COPY)
    assert read(registry, copier.copy(source, COPY, repeated=there)) == BODY


@pytest.mark.parametrize("size", [len(BODY), MIN_PART_SIZE])
def test_a_source_version_that_is_gone_is_told_from_one_that_may_not_be_read(
    registry: Services, copier: Copier, source: SourceFile, size: int
) -> None:
    asked = SourceFile(source.path, size, source.key, source.s3_version)
    client = registry.client("s3")

    def forbid(**_: Any) -> None:
        raise client.exceptions.ClientError({"Error": {"Code": "403"}}, "HeadObject")

    for operation in ("HeadObject", "GetObject"):
        client.meta.events.register(f"before-call.s3.{operation}", forbid)
    with pytest.raises(client.exceptions.ClientError):
        copier.copy(asked, COPY, repeated=False)
    client.delete_object(Bucket=registry.settings.bucket, Key=source.key, VersionId=source.s3_version)
    with pytest.raises(SourceGoneError, match=r"'model.bin' no longer exists"):
        copier.copy(asked, COPY, repeated=False)


def test_a_source_that_s3_returns_incompletely_is_refused(
    registry: Services, copier: Copier, source: SourceFile
) -> None:
    longer = SourceFile(source.path, len(BODY) + 1, source.key, source.s3_version)
    with pytest.raises(CopyDiffersError, match="fewer than"):
        copier.copy(longer, COPY, repeated=False)


def test_a_crash_in_one_of_many_parts_is_not_swallowed(registry: Services, copier: Copier, source: SourceFile) -> None:
    with CrashAt(registry.client("s3"), "UploadPartCopy", "after"), pytest.raises(Crash):
        copier.copy(source, COPY, repeated=False)
