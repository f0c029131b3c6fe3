"""A second opinion, by the real picklescan: a version waits for it, and it can only make the verdict worse."""

import pickle
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.names import NO_SECOND_OPINION, OPINION_PREFIX, SECOND_OPINION_VARIABLE
from chalicelib.aws.scanning.watches import PATIENCE
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.instants import later
from chalicelib.domain.scanning import scan as scan_module
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.findings import Opinion
from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.domain.scanning.source import Bytes, TooMuchReadError
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.registry.audit import audit
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.scanning import rejudging, scans, second_opinion
from chalicelib.registry.scanning.overdue import MOST_REPEATS
from chalicelib.registry.scanning.scanning import MOST_ATTEMPTS, ScanUnfinishedError
from chalicelib.registry.scanning.second_opinion import SCANNER, read_pickle
from chalicelib.registry.versions import versions
from tests.registry.build import MODEL, model, request
from tests.registry.scanning.build import (
    PLAIN,
    TEXT,
    ask_another,
    asked,
    hostile,
    judge,
    last_event,
    result_of,
    scan,
    scan_of,
    uploaded,
)
from tests.registry.scanning.test_rescans import assigned


def opinion_on(registry: Services, number: int = 1) -> Opinion:
    findings = scans.get_scan(registry, MODEL, str(number)).findings
    assert findings is not None and findings.opinion is not None
    return findings.opinion


def judge_both(registry: Services, number: int = 1) -> None:
    judge(result_of(registry, number))
    judge(result_of(registry, number, OPINION_PREFIX))


def overlooking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the registry's own scan find nothing in any file."""
    monkeypatch.setattr(scan_module, "scan_file", lambda path, source: FileScan("pickle"))


def finished(registry: Services) -> list[dict[str, Any]]:
    events = audit.list_events(registry, f"model:{MODEL}", "oldest", 100, None).items
    return [event for event in events if event["type"] == "scan.finished"]


def test_a_version_waits_for_the_second_opinion(asking_twice: Services) -> None:
    model(asking_twice)
    event = uploaded(asking_twice, {"model.pkl": PLAIN, "config.json": TEXT})
    scan(event)
    judge(result_of(asking_twice))
    assert scan_of(asking_twice).state is ScanState.PENDING
    assert not scan_of(asking_twice).open(asking_twice.clock())
    ask_another(event)
    judge(result_of(asking_twice, prefix=OPINION_PREFIX))
    found = scan_of(asking_twice)
    assert (found.state, found.verdict, found.allowed) == (ScanState.DONE, Verdict.CLEAN, True)
    opinion = opinion_on(asking_twice)
    assert (opinion.scanner, opinion.verdict) == (SCANNER, Verdict.CLEAN)
    assert last_event(asking_twice)["after"]["opinion"] == {"scanner": SCANNER, "verdict": "clean", "failure": ""}


def test_what_only_the_second_scanner_sees_keeps_a_version_in_quarantine(
    asking_twice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlooking(monkeypatch)
    model(asking_twice)
    event = uploaded(asking_twice, {"model.pkl": hostile()})
    scan(event)
    ask_another(event)
    judge_both(asking_twice)
    found = scan_of(asking_twice)
    assert (found.verdict, found.allowed) == (Verdict.UNSAFE, False)
    system = f"{SCANNER} sees that loading it imports posix.system, which it lists as dangerous."
    assert found.summary == f"model.pkl: {system}"
    findings = scans.get_scan(asking_twice, MODEL, "1").findings
    assert findings.scanned.verdict is Verdict.CLEAN
    assert [reason.text for reason in findings.opinion.scanned.files[0].scan.reasons] == [system]


def test_what_the_registry_s_own_scan_found_stays_although_the_other_sees_nothing(asking_twice: Services) -> None:
    model(asking_twice)
    # picklescan reads no such file.
    event = uploaded(asking_twice, {"model.7z": b"7z\xbc\xaf\x27\x1c" + bytes(50)})
    scan(event)
    ask_another(event)
    judge_both(asking_twice)
    assert (scan_of(asking_twice).verdict, opinion_on(asking_twice).verdict) == (Verdict.REVIEW, Verdict.CLEAN)


@pytest.mark.parametrize("order", sorted(set(permutations(("own", "own", "second", "second")))))
def test_the_results_may_come_in_any_order_and_again(asking_twice: Services, order: tuple[str, ...]) -> None:
    model(asking_twice)
    event = uploaded(asking_twice, {"model.pkl": PLAIN})
    made: set[str] = set()
    for which in order:
        (scan if which == "own" else ask_another)(event)
        made.add(which)
        judge(result_of(asking_twice, prefix="SCANNED#" if which == "own" else OPINION_PREFIX))
        waits = scan_of(asking_twice).state is ScanState.PENDING
        assert waits == (made != {"own", "second"})
    assert len(finished(asking_twice)) == 1


def test_two_records_that_find_each_other_count_once(asking_twice: Services) -> None:
    model(asking_twice)
    event = uploaded(asking_twice, {"model.pkl": PLAIN})
    scan(event)
    ask_another(event)
    judge_both(asking_twice)
    judge_both(asking_twice)
    assert len(finished(asking_twice)) == 1


def test_an_opinion_on_an_earlier_request_is_not_joined(asking_twice: Services) -> None:
    model(asking_twice)
    first = uploaded(asking_twice, {"model.pkl": PLAIN})
    scan(first)
    ask_another(first)
    judge_both(asking_twice)
    late = result_of(asking_twice, prefix=OPINION_PREFIX)
    again = asked(asking_twice)
    scan(again)
    judge(result_of(asking_twice))
    judge(late)
    assert scan_of(asking_twice).state is ScanState.PENDING
    ask_another(again)
    judge(result_of(asking_twice, prefix=OPINION_PREFIX))
    assert scan_of(asking_twice).state is ScanState.DONE


def test_an_attempt_that_comes_late_does_not_replace_the_result_of_the_last_request(asking_twice: Services) -> None:
    model(asking_twice)
    first = uploaded(asking_twice, {"model.pkl": PLAIN})
    scan(first)
    ask_another(first)
    judge_both(asking_twice)
    again = asked(asking_twice)
    scan(again)
    ask_another(again)
    scan(first)
    ask_another(first)
    judge_both(asking_twice)
    assert scan_of(asking_twice).state is ScanState.DONE


def test_a_failed_scan_does_not_wait(asking_twice: Services) -> None:
    model(asking_twice)
    event = uploaded(asking_twice, {"model.pkl": PLAIN})
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(ScanUnfinishedError):
            scan(event, seconds=10)
    scan(event, seconds=10)
    judge(result_of(asking_twice))
    assert scan_of(asking_twice).state is ScanState.FAILED


def test_an_opinion_that_takes_too_long_is_none_and_the_version_is_for_review(asking_twice: Services) -> None:
    model(asking_twice)
    event = uploaded(asking_twice, {"model.pkl": PLAIN})
    scan(event)
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(ScanUnfinishedError):
            ask_another(event, seconds=10)
    ask_another(event, seconds=10)
    judge_both(asking_twice)
    found = scan_of(asking_twice)
    assert (found.state, found.verdict, found.allowed) == (ScanState.DONE, Verdict.REVIEW, False)
    assert found.summary.startswith("There is no second opinion: 1 of 1 files were not scanned")


def test_a_scanner_that_kills_its_function_each_time_gives_no_opinion(
    asking_twice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise SystemExit

    model(asking_twice)
    event = uploaded(asking_twice, {"model.pkl": PLAIN})
    scan(event)
    with monkeypatch.context() as broken:
        broken.setattr(scan_module, "scan_pickles", killed)
        for _ in range(MOST_ATTEMPTS):
            with pytest.raises(SystemExit):
                ask_another(event)
        ask_another(event)
    judge_both(asking_twice)
    assert scan_of(asking_twice).verdict is Verdict.REVIEW
    again = asked(asking_twice)
    scan(again)
    ask_another(again)
    judge_both(asking_twice)
    assert scan_of(asking_twice).allowed


def test_an_opinion_that_never_comes_ends_the_wait_after_three_requests(
    asking_twice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(asking_twice)
    scan(uploaded(asking_twice, {"model.pkl": PLAIN}))
    judge(result_of(asking_twice))
    for _ in range(MOST_REPEATS):
        pass_time(monkeypatch, asking_twice, PATIENCE)
        assert sweep_due(asking_twice, "keeper-1") == 1
        scan(last_event(asking_twice))
        judge(result_of(asking_twice))
        assert scan_of(asking_twice).state is ScanState.PENDING
    pass_time(monkeypatch, asking_twice, PATIENCE)
    sweep_due(asking_twice, "keeper-2")
    found = scan_of(asking_twice)
    assert (found.state, found.verdict, found.allowed) == (ScanState.DONE, Verdict.REVIEW, False)
    assert "no second opinion" in found.summary


def pass_time(monkeypatch: pytest.MonkeyPatch, registry: Services, by: timedelta) -> None:
    now = later(registry.clock(), by)
    monkeypatch.setattr(registry, "clock", lambda: now)


def test_where_no_opinion_is_wanted_one_that_comes_is_not_needed(
    asking_twice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option was switched off between the request and its results."""
    model(asking_twice)
    event = uploaded(asking_twice, {"model.pkl": PLAIN})
    monkeypatch.setenv(SECOND_OPINION_VARIABLE, NO_SECOND_OPINION)
    reset_services()
    ask_another(event)
    judge(result_of(services(), prefix=OPINION_PREFIX))
    assert scan_of(services()).state is ScanState.PENDING
    scan(event)
    judge(result_of(services()))
    assert scan_of(services()).state is ScanState.DONE
    assert scans.get_scan(services(), MODEL, "1").findings.opinion is None


def test_a_later_scheme_judges_the_opinion_too(asking_twice: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    overlooking(monkeypatch)
    monkeypatch.setattr(second_opinion, "SCANNER", "other 1")
    model(asking_twice)
    event = uploaded(asking_twice, {"model.pkl": b"\x80\x04cacme\nNet\n."})
    scan(event)
    ask_another(event)
    judge_both(asking_twice)
    assert (scan_of(asking_twice).verdict, scan_of(asking_twice).allowed) == (Verdict.REVIEW, False)
    rejudging.judge_again(asking_twice, assigned(asking_twice, {"allow": ["clean", "review"]}))
    assert scan_of(asking_twice).allowed
    rejudging.judge_again(asking_twice, assigned(asking_twice, {"allow": ["clean"]}))
    assert not scan_of(asking_twice).allowed


def test_pickles_that_it_has_read_are_not_read_again_in_another_version(
    asking_twice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(asking_twice)
    ask_another(uploaded(asking_twice, {"model.pkl": hostile()}))
    monkeypatch.setattr(asking_twice.client("s3"), "get_object", None)
    ask_another(uploaded(asking_twice, {"model.pkl": hostile()}))
    first, second = (result_of(asking_twice, number, OPINION_PREFIX)["body"] for number in (1, 2))
    assert '"unsafe":1' in str(first) and '"unsafe":1' in str(second)


def test_an_opinion_on_a_version_that_is_gone_changes_nothing(asking_twice: Services) -> None:
    model(asking_twice)
    event = uploaded(asking_twice, {"model.pkl": PLAIN})
    scan(event)
    ask_another(event)
    stored = result_of(asking_twice, prefix=OPINION_PREFIX)
    versions.delete_version(asking_twice, request(), MODEL, "1")
    judge(stored)
    assert last_event(asking_twice)["type"] == "version.deleted"


def test_it_writes_nothing_but_items_of_its_own(asking_twice: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(asking_twice)
    event = uploaded(asking_twice, {"model.pkl": PLAIN})
    written: list[str] = []
    put_item = asking_twice.client("dynamodb").put_item

    def remembering(**parameters: Any) -> Any:
        written.append(parameters["Item"]["PK"]["S"])
        return put_item(**parameters)

    monkeypatch.setattr(asking_twice.client("dynamodb"), "put_item", remembering)
    ask_another(event)
    assert written and all(partition.startswith(OPINION_PREFIX) for partition in written)


def test_the_function_takes_no_other_events(asking_twice: Services) -> None:
    model(asking_twice)
    with pytest.raises(ValueError, match=r"opinion does not handle model\.created"):
        ask_another(last_event(asking_twice))
    assert asking_twice.table.get(keys.scan_result("", OPINION_PREFIX)) is None


def test_what_picklescan_cannot_read_to_its_end_is_noted() -> None:
    """A pickle that joblib wrote goes on with the bytes of an array."""
    for content in (PLAIN + b"\x00\xff", b"\x80\x04ccollections\nOrderedDict\n\xff"):
        found = read_pickle(Bytes(content))
        assert [reason.code for reason in found.reasons] == ["no_second_opinion"]
        assert found.verdict is Verdict.CLEAN
    assert read_pickle(Bytes(PLAIN)) == FileScan("pickle")
    assert read_pickle(Bytes(PLAIN + PLAIN)) == FileScan("pickle")


def test_what_picklescan_fails_at_is_for_review() -> None:
    # It looks for two values before this opcode, and raises ValueError.
    found = read_pickle(Bytes(b"\x93."))
    assert (found.verdict, found.reasons[0].code) == (Verdict.REVIEW, "second_opinion_failed")


def test_what_picklescan_could_not_tell_is_for_review() -> None:
    found = read_pickle(Bytes(b"\x80\x04N\x8c\x06system\x93."))
    assert [reason.verdict for reason in found.reasons] == [Verdict.REVIEW]


def test_a_pickle_with_too_many_opcodes_is_left_at_some_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion._Counted, "_left", 1_000)
    found = read_pickle(Bytes(b"N0" * 1_000 + b"N."))
    assert [reason.code for reason in found.reasons] == ["no_second_opinion"]


def test_a_pickle_of_which_too_much_would_be_read_has_no_opinion() -> None:
    class Closed(Bytes):
        def read(self, start: int, length: int) -> bytes:
            raise TooMuchReadError

    assert [reason.code for reason in read_pickle(Closed(PLAIN)).reasons] == ["no_second_opinion"]


def test_of_a_large_pickle_only_the_beginning_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "_MOST_BYTES", 1_000)
    content = pickle.dumps([b"a" * 900, b"b" * 900])
    assert [reason.code for reason in read_pickle(Bytes(content)).reasons] == ["no_second_opinion"]


def test_names_of_hostile_files_do_not_get_into_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    read_pickle(Bytes(hostile()))
    assert capfd.readouterr() == ("", "")
