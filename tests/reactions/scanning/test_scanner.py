"""The scanner reads what it must, once, and always comes to a result, which the function quarantine judges."""

from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.versions.bucket import object_key
from chalicelib.domain.scanning import scan as scan_module
from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.domain.scanning.source import Source
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.versions.manifest import MIN_PART_SIZE
from chalicelib.reactions.scanning.scanner import scanner
from chalicelib.registry.scanning import scans
from chalicelib.registry.scanning.scanning import MOST_ATTEMPTS, ScanUnfinishedError
from chalicelib.registry.versions import uploads, versions
from tests.registry.build import MODEL, in_parts, model, put_part, reference, registered, request
from tests.registry.faults import When, failing
from tests.registry.scanning.build import (
    TEXT,
    asked,
    hostile,
    judge,
    last_event,
    result_of,
    scan,
    uploaded,
    version,
)
from tests.simulation import like_s3


def scan_and_judge(registry: Services, event: dict[str, Any]) -> None:
    scan(event)
    judge(result_of(registry, event["version"]))


def reads_of(monkeypatch: pytest.MonkeyPatch, registry: Services) -> list[str]:
    """The keys of the objects that are read from now on."""
    read: list[str] = []
    get_object = registry.client("s3").get_object

    def remembering(**parameters: Any) -> Any:
        read.append(parameters["Key"])
        return get_object(**parameters)

    monkeypatch.setattr(registry.client("s3"), "get_object", remembering)
    return read


def test_a_clean_version_leaves_quarantine_by_itself(scanning: Services) -> None:
    model(scanning)
    event = uploaded(scanning, {"config.json": TEXT})
    assert version(scanning).scan is not None
    scan_and_judge(scanning, event)
    found = version(scanning).scan
    assert found is not None
    assert (found.state, found.verdict, found.allowed) == (ScanState.DONE, Verdict.CLEAN, True)
    finished = last_event(scanning)
    assert (finished["type"], finished["actor"], finished["request_id"]) == (
        "scan.finished",
        "rule:quarantine",
        event["id"],
    )
    assert finished["correlation_id"] == event["correlation_id"]


def test_a_pickle_that_would_run_a_shell_stays_in_quarantine(scanning: Services) -> None:
    model(scanning)
    scan_and_judge(scanning, uploaded(scanning, {"config.json": TEXT, "model.pkl": hostile()}))
    found = version(scanning).scan
    assert found is not None
    assert not found.allowed
    assert not found.open(scanning.clock())


def test_a_reference_is_not_scanned_and_says_so(scanning: Services) -> None:
    model(scanning)
    pending = registered(scanning, reference("data.bin", "s3://elsewhere/data.bin"))
    uploads.finalise_version(scanning, request(), MODEL, str(pending.version.number))
    scan_and_judge(scanning, last_event(scanning))
    (found,) = scans.get_scan(scanning, MODEL, "1").findings.scanned.files
    assert (found.scan.verdict, found.scan.reasons[0].code) == (Verdict.UNSCANNED, "reference")


def test_bytes_that_were_scanned_are_not_read_again_in_another_version(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(scanning)
    scan_and_judge(scanning, uploaded(scanning, {"config.json": TEXT}))
    read = reads_of(monkeypatch, scanning)
    scan_and_judge(scanning, uploaded(scanning, {"config.json": TEXT, "other.json": b"[]"}))
    assert [key.rpartition("/")[2] for key in read] == ["other.json"]
    assert version(scanning, 2).scan.allowed


def test_the_name_of_a_file_belongs_to_its_verdict(scanning: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(scanning)
    scan(uploaded(scanning, {"model.bin": hostile()}))
    read = reads_of(monkeypatch, scanning)
    scan(uploaded(scanning, {"model.safetensors": hostile()}))
    assert len(read) > 0


def test_a_file_in_parts_is_hashed_and_a_wrong_digest_is_a_finding_each_time(scanning: Services) -> None:
    like_s3(scanning)
    model(scanning)
    bodies = [b"[" + b" " * (MIN_PART_SIZE - 1), b"1]"]
    declared = in_parts("data.json", bodies)
    wrong = type(declared)(declared.path, declared.size, "0" * 64, declared.multipart)
    for file in (wrong, wrong, declared):
        pending = registered(scanning, file)
        for number, body in enumerate(bodies, start=1):
            put_part(scanning, pending, "data.json", number, body)
        uploads.finalise_version(scanning, request(), MODEL, str(pending.version.number))
        scan_and_judge(scanning, last_event(scanning))
    codes = [
        [reason.code for reason in scans.get_scan(scanning, MODEL, ref).findings.scanned.files[0].scan.reasons]
        for ref in ("1", "2", "3")
    ]
    assert ["sha256_differs" in found for found in codes] == [True, True, False]


def test_an_attempt_without_time_is_continued_with_what_is_left(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(scanning)
    event = uploaded(scanning, {f"{number}.json": b"[%d]" % number for number in range(12)})
    read = reads_of(monkeypatch, scanning)
    times = iter([900.0] * 15)
    with pytest.raises(ScanUnfinishedError):
        scan_with(event, lambda: next(times, 0.0))
    first = set(read)
    assert 0 < len(first) < 12
    scan_and_judge(scanning, event)
    assert len(read) == 12, "no file twice"
    assert version(scanning).scan.allowed


def scan_with(event: dict[str, Any], seconds: Any) -> None:
    scanner(
        {"detail": event}, SimpleNamespace(aws_request_id="l", get_remaining_time_in_millis=lambda: seconds() * 1e3)
    )


def test_a_version_that_takes_too_long_ends_as_failed(scanning: Services) -> None:
    model(scanning)
    event = uploaded(scanning, {"config.json": TEXT})
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(ScanUnfinishedError):
            scan(event, seconds=10)
    scan(event, seconds=10)
    judge(result_of(scanning))
    found = version(scanning).scan
    assert (found.state, found.open(scanning.clock())) == (ScanState.FAILED, False)


def test_a_scan_that_kills_its_function_each_time_ends_as_failed_and_may_be_asked_for_again(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(scanning)
    event = uploaded(scanning, {"config.json": TEXT})
    with monkeypatch.context() as broken:
        broken.setattr(scan_module, "scan_file", killed)
        for _ in range(MOST_ATTEMPTS):
            with pytest.raises(SystemExit):
                scan(event)
        scan(event)
    judge(result_of(scanning))
    assert version(scanning).scan.state is ScanState.FAILED
    assert "3 times" in last_event(scanning)["reason"]
    scan_and_judge(scanning, asked(scanning))
    assert version(scanning).scan.allowed


def killed(path: str, source: Source) -> None:
    raise SystemExit


def test_a_file_that_the_scanner_fails_at_is_for_review_and_holds_up_no_other(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan_file = scan_module.scan_file

    def failing(path: str, source: Source) -> Any:
        if path == "broken.json":
            raise KeyError(path)
        return scan_file(path, source)

    monkeypatch.setattr(scan_module, "scan_file", failing)
    model(scanning)
    scan_and_judge(scanning, uploaded(scanning, {"broken.json": TEXT, "config.json": TEXT}))
    found = {one.path: one.scan for one in scans.get_scan(scanning, MODEL, "1").findings.scanned.files}
    assert (found["broken.json"].verdict, found["broken.json"].reasons[0].code) == (Verdict.REVIEW, "scan_error")
    assert found["config.json"].verdict is Verdict.CLEAN


def test_what_the_scanner_failed_at_is_tried_again_by_the_next_scan(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(scanning)
    with monkeypatch.context() as broken:
        broken.setattr(scan_module, "scan_file", refused)
        scan_and_judge(scanning, uploaded(scanning, {"config.json": TEXT}))
    assert not version(scanning).scan.allowed
    scan_and_judge(scanning, asked(scanning))
    assert version(scanning).scan.allowed


def refused(path: str, source: Source) -> None:
    raise KeyError(path)


def test_bytes_that_are_gone_from_the_bucket_are_a_failed_scan(scanning: Services) -> None:
    model(scanning)
    event = uploaded(scanning, {"config.json": TEXT})
    stored = versions.load_registered(scanning, MODEL, 1)
    scanning.client("s3").delete_object(
        Bucket=scanning.bucket.name,
        Key=object_key(stored.version.uid, "config.json"),
        VersionId=stored.files[0].s3_version,
    )
    scan_and_judge(scanning, event)
    assert version(scanning).scan.state is ScanState.FAILED


def test_a_long_list_of_files_is_scanned_whole(scanning: Services) -> None:
    model(scanning)
    names = [f"{'part' * 20}-{number:03d}.json" for number in range(60)]
    event = uploaded(scanning, dict.fromkeys(names, b"[]"))
    scan_and_judge(scanning, event)
    assert sum(scans.get_scan(scanning, MODEL, "1").findings.scanned.counts.values()) == 60


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_failure_at_any_call_is_made_good_by_the_retry(scanning: Services, when: When) -> None:
    model(scanning)
    for nth in count(1):
        event = uploaded(scanning, {"config.json": b"[%d]" % nth})
        with failing(scanning, nth, when) as fault:
            if fails(event):
                assert fault.struck
        scan_and_judge(scanning, event)
        assert version(scanning, event["version"]).scan.allowed
        if not fault.struck:
            assert nth > 5
            break


# Counting the attempt takes two calls. Then come the list of files, what is known of them, and S3.
@pytest.mark.parametrize("nth", [3, 4, 5])
def test_failures_of_aws_do_not_count_against_a_version(scanning: Services, nth: int) -> None:
    model(scanning)
    event = uploaded(scanning, {"config.json": TEXT})
    for _ in range(MOST_ATTEMPTS + 1):
        with failing(scanning, nth, "before") as fault:
            assert fails(event) and fault.struck
    scan_and_judge(scanning, event)
    assert version(scanning).scan.allowed


def fails(event: dict[str, Any]) -> bool:
    try:
        scan(event)
    except ReadTimeoutError:
        return True
    return False


def test_the_scanner_takes_no_other_events(scanning: Services) -> None:
    model(scanning)
    with pytest.raises(ValueError, match=r"model\.created"):
        scan(last_event(scanning))


def test_an_event_of_an_earlier_release_asks_for_no_scan(scanning: Services) -> None:
    model(scanning)
    event = uploaded(scanning, {"config.json": TEXT})
    scan({**event, "after": {name: value for name, value in event["after"].items() if name != "uid"}})
    assert scanning.table.get(keys.scan_result(version(scanning).uid)) is None


def test_a_result_counts_once_and_only_for_the_last_request(scanning: Services) -> None:
    model(scanning)
    scan(uploaded(scanning, {"config.json": TEXT}))
    late = result_of(scanning)
    judge(late)
    again = asked(scanning)
    judge(late)
    assert version(scanning).scan.state is ScanState.PENDING
    assert asked(scanning) == again
    scan(again)
    judge(result_of(scanning))
    judge(late)
    judge(result_of(scanning))
    assert version(scanning).scan.state is ScanState.DONE
    types = [last_event(scanning)["type"]]
    assert types == ["scan.finished"]


def test_the_result_of_a_version_that_is_gone_changes_nothing(scanning: Services) -> None:
    model(scanning)
    scan(uploaded(scanning, {"config.json": TEXT}))
    stored = result_of(scanning)
    versions.delete_version(scanning, request(), MODEL, "1")
    judge(stored)
    assert last_event(scanning)["type"] == "version.deleted"


def test_what_the_scanner_keeps_is_forgotten_in_time(scanning: Services) -> None:
    model(scanning)
    scan(uploaded(scanning, {"config.json": TEXT}))
    uid = version(scanning).uid
    for key in (keys.scan_result(uid), keys.scan_attempts(uid)):
        assert scanning.table.get(key)["expires_at"] > 0
