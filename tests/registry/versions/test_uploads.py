"""Uploads: the plan tells what is left, and only bytes that S3 proves make a version READY."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.errors import (
    ConflictError,
    FileNotInManifestError,
    InvalidInputError,
    PreconditionFailedError,
    RegistryError,
    UploadIncompleteError,
    UploadMismatchError,
    VersionExpiredError,
    VersionNotFoundError,
)
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.domain.versions.manifest import MIN_PART_SIZE, Multipart, Proof
from chalicelib.domain.versions.version import Status
from chalicelib.registry.audit.audit import list_events
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.versions.downloads import download_manifest
from chalicelib.registry.versions.uploads import finalise_version, first_plan, part_urls, upload_plan
from chalicelib.registry.versions.versions import delete_version, get_version
from tests.registry.build import (
    MODEL,
    file,
    in_parts,
    model,
    put,
    put_part,
    ready_with,
    reference,
    registered,
    request,
    sha256,
)
from tests.registry.faults import Calls, Crash, CrashAt
from tests.simulation import like_s3

BODY = b"weights"
PARTS = [b"a" * MIN_PART_SIZE, b"b" * MIN_PART_SIZE, b"tail"]


@pytest.fixture(autouse=True)
def fraud(registry: Services) -> str:
    like_s3(registry)
    return model(registry, MODEL)


def finalise(registry: Services, key: str | None = None) -> Status:
    return finalise_version(registry, request(key), MODEL, "1").result.status


def event_types(registry: Services) -> list[str]:
    return [event["type"] for event in list_events(registry, model_ledger(MODEL), "oldest", 50, None).items]


def problems(error: pytest.ExceptionInfo[RegistryError]) -> dict[str, str]:
    return {problem.pointer: problem.message for problem in error.value.problems}


def with_window(registry: Services, window: timedelta) -> Services:
    return Services(replace(registry.settings, upload_window=window))


# The plan


def test_the_first_plan_asks_nothing_of_aws(registry: Services) -> None:
    version = registered(registry, file("model.bin", BODY), in_parts("big.bin", PARTS))
    table, bucket = Calls(registry.client("dynamodb")), Calls(registry.client("s3"))

    plan = first_plan(registry, version)

    assert table.operations + bucket.operations == []
    assert [(upload.file.path, upload.uploaded, upload.put is None) for upload in plan.files] == [
        ("big.bin", False, True),
        ("model.bin", False, False),
    ]


def test_a_single_file_is_put_under_its_versions_key(registry: Services) -> None:
    version = registered(registry, file("a/model.bin", BODY))

    signed = first_plan(registry, version).files[0].put

    assert signed is not None
    assert urlsplit(signed.url).path.endswith(object_key(version.version.uid, "a/model.bin"))
    assert signed.headers["content-length"] == "7"


def test_the_plan_asked_again_leaves_out_what_s3_has(registry: Services) -> None:
    version = registered(registry, file("a", BODY), file("b", BODY), file("c", BODY))
    put(registry, version, "a", BODY)
    put(registry, version, "b", BODY[:3])

    plan = upload_plan(registry, MODEL, "1")

    assert [(upload.file.path, upload.uploaded, upload.put is None) for upload in plan.files] == [
        ("a", True, True),
        ("b", False, False),
        ("c", False, False),
    ]


def test_the_plan_names_the_parts_that_s3_has(registry: Services) -> None:
    version = registered(registry, in_parts("big.bin", PARTS))
    put_part(registry, version, "big.bin", 3, PARTS[2])
    put_part(registry, version, "big.bin", 1, PARTS[0])

    upload = upload_plan(registry, MODEL, "1").files[0]

    assert not upload.uploaded
    assert [(part.number, part.size, part.sha256) for part in upload.uploaded_parts] == [
        (1, MIN_PART_SIZE, sha256(PARTS[0])),
        (3, 4, sha256(PARTS[2])),
    ]


def test_references_are_not_in_the_plan(registry: Services) -> None:
    registered(registry, reference("base.bin", "s3://elsewhere/base.bin"))
    calls = Calls(registry.client("s3"))

    assert upload_plan(registry, MODEL, "1").files == ()
    assert calls.operations == []


def test_nothing_is_left_to_upload_of_a_ready_version(registry: Services) -> None:
    ready_with(registry, ("a", BODY), ("b", b""))
    calls = Calls(registry.client("s3"))

    plan = upload_plan(registry, MODEL, "1")

    assert [(upload.file.path, upload.uploaded, upload.put) for upload in plan.files] == [
        ("a", True, None),
        ("b", True, None),
    ]
    assert calls.operations == []


def test_upload_urls_do_not_outlive_the_versions_window(registry: Services) -> None:
    short = with_window(registry, timedelta(minutes=10))
    version = registered(short, file("model.bin", BODY))

    plan = first_plan(short, version)

    assert plan.expires_at == version.version.upload_expires_at
    signed = plan.files[0].put
    assert signed is not None
    lifetime = int(signed.url.partition("X-Amz-Expires=")[2].partition("&")[0])
    assert lifetime <= 600


def test_no_urls_are_given_once_the_window_is_over(registry: Services) -> None:
    over = with_window(registry, timedelta(0))
    registered(over, file("model.bin", BODY), in_parts("big.bin", PARTS))

    with pytest.raises(VersionExpiredError):
        upload_plan(over, MODEL, "1")
    with pytest.raises(VersionExpiredError):
        part_urls(over, MODEL, "1", "big.bin", [(1, "a" * 64)])


# Parts


def test_part_urls_lead_to_one_upload(registry: Services) -> None:
    registered(registry, in_parts("big.bin", PARTS))

    first = part_urls(registry, MODEL, "1", "big.bin", [(1, sha256(PARTS[0])), (3, sha256(PARTS[2]))])
    again = part_urls(registry, MODEL, "1", "big.bin", [(2, sha256(PARTS[1]))])

    puts = [part.put for part in (*first.parts, *again.parts)]
    assert [part.number for part in (*first.parts, *again.parts)] == [1, 3, 2]
    assert [put.headers["content-length"] for put in puts] == [str(MIN_PART_SIZE), "4", str(MIN_PART_SIZE)]
    assert len({put.url.partition("uploadId=")[2].partition("&")[0] for put in puts}) == 1
    assert len(registry.client("s3").list_multipart_uploads(Bucket=registry.bucket.name)["Uploads"]) == 1


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [(0, "a" * 64)],
        [(4, "a" * 64)],
        [(1, "a" * 64), (1, "a" * 64)],
        [(1, "A" * 64)],
        [(1, "a" * 63)],
        [(number % 3 + 1, "a" * 64) for number in range(501)],
    ],
)
def test_parts_that_the_file_does_not_have_are_refused(registry: Services, parts: list[tuple[int, str]]) -> None:
    registered(registry, in_parts("big.bin", PARTS))
    calls = Calls(registry.client("s3"))

    with pytest.raises(InvalidInputError):
        part_urls(registry, MODEL, "1", "big.bin", parts)
    assert calls.operations == []


def test_part_urls_are_only_for_multipart_files_of_the_manifest(registry: Services) -> None:
    registered(registry, file("model.bin", BODY))

    with pytest.raises(InvalidInputError):
        part_urls(registry, MODEL, "1", "model.bin", [(1, "a" * 64)])
    with pytest.raises(FileNotInManifestError):
        part_urls(registry, MODEL, "1", "absent.bin", [(1, "a" * 64)])


def test_a_ready_version_takes_no_more_parts(registry: Services) -> None:
    version = registered(registry, in_parts("big.bin", PARTS[2:]))
    put_part(registry, version, "big.bin", 1, PARTS[2])
    finalise(registry)

    with pytest.raises(ConflictError):
        part_urls(registry, MODEL, "1", "big.bin", [(1, sha256(PARTS[2]))])


# Finalising


def test_proven_files_are_pinned_and_the_version_is_ready(registry: Services) -> None:
    version = registered(
        registry,
        file("model.bin", BODY),
        file("empty", b""),
        reference("base.bin", "s3://elsewhere/base.bin"),
    )
    pinned = {path: put(registry, version, path, body) for path, body in [("model.bin", BODY), ("empty", b"")]}

    assert finalise(registry) is Status.READY

    files = {item.file.path: item.file for item in download_manifest(registry, MODEL, "1", 10, None).items}
    assert {path: files[path].s3_version for path in pinned} == pinned
    assert {path: proven.verified for path, proven in files.items()} == {
        "base.bin": Proof.DECLARED,
        "empty": Proof.SHA256,
        "model.bin": Proof.SHA256,
    }
    assert event_types(registry)[-1] == "version.ready"


def test_parts_are_assembled_and_proven_by_their_composite(registry: Services) -> None:
    version = registered(registry, in_parts("big.bin", PARTS))
    for number in (2, 3, 1):
        put_part(registry, version, "big.bin", number, PARTS[number - 1])

    assert finalise(registry) is Status.READY

    proven = download_manifest(registry, MODEL, "1", 10, None).items[0].file
    stored = registry.bucket.head(object_key(version.version.uid, "big.bin"))
    assert stored is not None
    assert (proven.verified, proven.s3_version) == (Proof.COMPOSITE, stored.s3_version)
    assert registry.bucket.open_uploads("") == {}


def test_every_missing_file_is_named(registry: Services) -> None:
    version = registered(registry, file("a", BODY), file("b", BODY), file("c", BODY), in_parts("big.bin", PARTS))
    put(registry, version, "b", BODY)

    with pytest.raises(UploadIncompleteError) as error:
        finalise(registry)

    assert set(problems(error)) == {"a", "c", "big.bin"}
    assert get_version(registry, MODEL, "1").status is Status.PENDING


def test_a_missing_part_is_named(registry: Services) -> None:
    version = registered(registry, in_parts("big.bin", PARTS))
    put_part(registry, version, "big.bin", 1, PARTS[0])
    put_part(registry, version, "big.bin", 3, PARTS[2])

    with pytest.raises(UploadIncompleteError) as error:
        finalise(registry)
    assert problems(error) == {"big.bin": "part 2 is not uploaded"}

    put_part(registry, version, "big.bin", 2, PARTS[1])
    assert finalise(registry) is Status.READY


@pytest.mark.parametrize(("body", "message"), [(BODY[:3], "3 bytes"), (b"tampers", "SHA-256"), (b"", "0 bytes")])
def test_a_truncated_or_tampered_file_is_named_and_can_be_put_right(
    registry: Services, body: bytes, message: str
) -> None:
    version = registered(registry, file("good.bin", BODY), file("model.bin", BODY))
    put(registry, version, "good.bin", BODY)
    put(registry, version, "model.bin", body)

    with pytest.raises(UploadMismatchError) as error:
        finalise(registry)

    assert list(problems(error)) == ["model.bin"]
    assert message in problems(error)["model.bin"]
    put(registry, version, "model.bin", BODY)
    assert finalise(registry) is Status.READY


def test_a_file_without_s3s_sha256_is_not_proven(registry: Services) -> None:
    version = registered(registry, file("model.bin", BODY))
    registry.client("s3").put_object(
        Bucket=registry.bucket.name,
        Key=object_key(version.version.uid, "model.bin"),
        Body=BODY,
        ChecksumAlgorithm="CRC32",
    )

    with pytest.raises(UploadMismatchError):
        finalise(registry)


def test_one_file_that_differs_makes_it_a_mismatch_and_the_missing_are_named_too(registry: Services) -> None:
    version = registered(registry, file("a", BODY), file("b", BODY))
    put(registry, version, "b", b"tampers")

    with pytest.raises(UploadMismatchError) as error:
        finalise(registry)

    assert set(problems(error)) == {"a", "b"}


@pytest.mark.parametrize("wrong", [b"z" * MIN_PART_SIZE, b"z" * (MIN_PART_SIZE + 1)])
def test_a_wrong_part_is_found_before_anything_is_assembled(registry: Services, wrong: bytes) -> None:
    version = registered(registry, in_parts("big.bin", PARTS))
    for number, body in enumerate([PARTS[0], wrong, PARTS[2]], 1):
        put_part(registry, version, "big.bin", number, body)

    with pytest.raises(UploadMismatchError) as error:
        finalise(registry)

    assert list(problems(error)) == ["big.bin"]
    assert registry.bucket.sizes(version.version.uid) == {}
    put_part(registry, version, "big.bin", 2, PARTS[1])
    assert finalise(registry) is Status.READY


def test_a_composite_declared_wrongly_is_never_ready(registry: Services) -> None:
    declared = replace(in_parts("big.bin", PARTS[2:]), multipart=Multipart(MIN_PART_SIZE, "d" * 64))
    version = registered(registry, declared)
    put_part(registry, version, "big.bin", 1, PARTS[2])

    with pytest.raises(UploadMismatchError):
        finalise(registry)


def test_finalising_twice_makes_one_event_and_asks_s3_once(registry: Services) -> None:
    version = registered(registry, file("model.bin", BODY))
    put(registry, version, "model.bin", BODY)
    finalise(registry)
    calls = Calls(registry.client("s3"))

    assert finalise(registry) is Status.READY

    assert calls.operations == []
    assert event_types(registry).count("version.ready") == 1


def test_a_repeated_idempotency_key_is_a_replay(registry: Services) -> None:
    version = registered(registry, file("model.bin", BODY))
    put(registry, version, "model.bin", BODY)

    first, second = (finalise_version(registry, request("key"), MODEL, "1") for _ in range(2))

    assert (first.replayed, second.replayed) == (False, True)
    assert second.result.status is Status.READY


@pytest.mark.parametrize(
    ("service", "operation", "when"),
    [
        ("s3", "CompleteMultipartUpload", "before"),
        ("s3", "CompleteMultipartUpload", "after"),
        ("dynamodb", "TransactWriteItems", "before"),
        ("dynamodb", "TransactWriteItems", "after"),
    ],
)
def test_finalising_goes_on_after_a_crash(registry: Services, service: str, operation: str, when: str) -> None:
    version = registered(registry, file("model.bin", BODY), in_parts("big.bin", PARTS))
    put(registry, version, "model.bin", BODY)
    for number, body in enumerate(PARTS, 1):
        put_part(registry, version, "big.bin", number, body)
    with CrashAt(registry.client(service), operation, when), pytest.raises(Crash):
        finalise(registry, "key")

    assert finalise(registry, "key") is Status.READY
    assert event_types(registry).count("version.ready") == 1


def test_the_plan_after_a_crash_says_that_the_assembled_file_is_uploaded(registry: Services) -> None:
    version = registered(registry, in_parts("big.bin", PARTS))
    for number, body in enumerate(PARTS, 1):
        put_part(registry, version, "big.bin", number, body)
    with CrashAt(registry.client("dynamodb"), "TransactWriteItems", "before"), pytest.raises(Crash):
        finalise(registry)

    assert upload_plan(registry, MODEL, "1").files[0].uploaded


def test_an_upload_aborted_meanwhile_is_missing(registry: Services) -> None:
    version = registered(registry, in_parts("big.bin", PARTS[2:]))
    put_part(registry, version, "big.bin", 1, PARTS[2])
    key = object_key(version.version.uid, "big.bin")
    s3 = registry.client("s3")
    upload_id = registry.bucket.open_uploads(key)[key]

    def abort(**_: object) -> None:
        s3.meta.events.unregister("before-call.s3.CompleteMultipartUpload", abort)
        s3.abort_multipart_upload(Bucket=registry.bucket.name, Key=key, UploadId=upload_id)

    s3.meta.events.register("before-call.s3.CompleteMultipartUpload", abort)

    with pytest.raises(UploadIncompleteError) as error:
        finalise(registry)
    assert list(problems(error)) == ["big.bin"]


def test_finalising_the_same_upload_in_a_race_finds_the_others_object(registry: Services) -> None:
    version = registered(registry, in_parts("big.bin", PARTS[2:]))
    put_part(registry, version, "big.bin", 1, PARTS[2])
    s3 = registry.client("s3")

    def other_first(**_: object) -> None:
        s3.meta.events.unregister("before-call.s3.CompleteMultipartUpload", other_first)
        finalise(registry)

    s3.meta.events.register("before-call.s3.CompleteMultipartUpload", other_first)

    assert finalise(registry) is Status.READY
    assert event_types(registry).count("version.ready") == 1


def test_a_stale_if_match_is_refused(registry: Services) -> None:
    version = registered(registry, file("model.bin", BODY))
    put(registry, version, "model.bin", BODY)

    with pytest.raises(PreconditionFailedError):
        finalise_version(registry, request(if_match='"999"'), MODEL, "1")
    assert get_version(registry, MODEL, "1").status is Status.PENDING


def test_an_expired_version_says_so_and_its_bytes_are_gone(registry: Services) -> None:
    version = registered(with_window(registry, timedelta(0)), file("model.bin", BODY), in_parts("big.bin", PARTS))
    put(registry, version, "model.bin", BODY)
    registry.bucket.open_upload(object_key(version.version.uid, "big.bin"))

    sweep_due(registry, "request-2")

    for act in (lambda: finalise(registry), lambda: upload_plan(registry, MODEL, "1")):
        with pytest.raises(VersionExpiredError):
            act()
    assert registry.bucket.sizes(version.version.uid) == {}
    assert registry.bucket.open_uploads("") == {}


def test_an_expired_version_says_so_before_it_is_purged_too(registry: Services) -> None:
    version = registered(with_window(registry, timedelta(0)), file("model.bin", BODY))
    put(registry, version, "model.bin", BODY)
    with CrashAt(registry.client("s3"), "ListMultipartUploads", "before"), pytest.raises(Crash):
        sweep_due(registry, "request-2")

    with pytest.raises(VersionExpiredError):
        finalise(registry)


def test_a_deleted_or_unknown_version_is_not_found(registry: Services) -> None:
    registered(registry, file("model.bin", BODY))
    delete_version(registry, request(), MODEL, "1")

    for ref in ("1", "2"):
        with pytest.raises(VersionNotFoundError):
            finalise_version(registry, request(), MODEL, ref)
        with pytest.raises(VersionNotFoundError):
            upload_plan(registry, MODEL, ref)
