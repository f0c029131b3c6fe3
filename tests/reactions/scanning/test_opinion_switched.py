"""Second opinions switched on or off, or given by another version of the scanner, while versions are in use."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.names import NO_SECOND_OPINION, OPINION_PREFIX, SECOND_OPINION_VARIABLE
from chalicelib.aws.scanning.watches import PATIENCE, PAUSE
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.instants import later
from chalicelib.domain.scanning import scan as scan_module
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.reactions.scanning import opinion
from chalicelib.registry.aliases import aliases
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.scanning import scans
from chalicelib.registry.scanning.overdue import MOST_REPEATS
from chalicelib.registry.scanning.rescan_round import ROUND, rescan_due
from chalicelib.registry.scanning.second_opinion import SCANNER, SECOND
from tests.registry.build import MODEL, model, request
from tests.registry.scanning.build import (
    PLAIN,
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
from tests.registry.scanning.later import later_rules
from tests.registry.scanning.test_rescans import rounds

LATER = "picklescan 99.0"


def wanting(monkeypatch: pytest.MonkeyPatch, scanner: str) -> Services:
    """The services of functions that were deployed anew, and want this second scanner's opinion."""
    monkeypatch.setenv(SECOND_OPINION_VARIABLE, scanner)
    reset_services()
    return services()


def pass_time(monkeypatch: pytest.MonkeyPatch, registry: Services, by: timedelta) -> None:
    now = later(registry.clock(), by)
    monkeypatch.setattr(registry, "clock", lambda: now)


def opinion_by(registry: Services, number: int = 1) -> str | None:
    """Whose second opinion there is on a version."""
    findings = scans.get_scan(registry, MODEL, str(number)).findings
    return None if findings is None or findings.opinion is None else findings.opinion.scanner


def answer(registry: Services, event: dict[str, Any]) -> None:
    """Run both scanners on what an event asks for."""
    scan(event)
    ask_another(event)
    for prefix in ("SCANNED#", OPINION_PREFIX):
        judge(result_of(registry, int(event["version"]), prefix))


def in_use(registry: Services, content: bytes = PLAIN, alias: str = "champion") -> int:
    """A version that was scanned without a second opinion, and at which an alias points; its number."""
    event = uploaded(registry, {"model.pkl": content})
    scan(event)
    number = int(event["version"])
    judge(result_of(registry, number))
    aliases.set_alias(registry, request(), MODEL, alias, number, None, None)
    return number


def in_use_after_both(registry: Services) -> None:
    """Version 1, on which both scanners have given a verdict, and at which an alias points."""
    model(registry)
    answer(registry, uploaded(registry, {"model.pkl": PLAIN}))
    aliases.set_alias(registry, request(), MODEL, "champion", 1, None, None)


def test_switching_them_on_asks_once_for_scans_of_what_is_in_use(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(scanning)
    in_use(scanning)
    in_use(scanning)
    assert rounds(scanning) == 0
    registry = wanting(monkeypatch, SCANNER)
    assert rounds(registry) == 1, "the alias has moved on from version 1"
    event = last_event(registry)
    assert (event["type"], event["version"], event["actor"]) == ("scan.requested", 2, "keeper")
    assert scan_of(registry, 2).open(registry.clock()), "the verdict without an opinion holds until both are there"
    answer(registry, event)
    assert [opinion_by(registry, number) for number in (1, 2)] == [None, SCANNER]
    assert (scan_of(registry, 2).state, scan_of(registry, 2).verdict) == (ScanState.DONE, Verdict.CLEAN)
    assert rounds(registry) == 0


def test_another_version_of_the_scanner_is_asked_about_what_is_in_use(
    asking_twice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use_after_both(asking_twice)
    assert rounds(asking_twice) == 0, "the opinion is there"
    registry = wanting(monkeypatch, LATER)
    assert rounds(registry) == 1
    monkeypatch.setattr(opinion, "SECOND", replace(SECOND, name=LATER, rules=f"{RULESET}#{LATER}"))
    answer(registry, last_event(registry))
    assert opinion_by(registry) == LATER
    assert rounds(registry) == 0


def test_switched_off_nothing_is_asked_for_and_opinions_stay(
    asking_twice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use_after_both(asking_twice)
    rounds(asking_twice)
    registry = wanting(monkeypatch, NO_SECOND_OPINION)
    assert rounds(registry) == 0
    assert (opinion_by(registry), scan_of(registry).state) == (SCANNER, ScanState.DONE)


def test_switched_on_again_only_versions_without_an_opinion_are_scanned_again(
    asking_twice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use_after_both(asking_twice)
    rounds(asking_twice)
    off = wanting(monkeypatch, NO_SECOND_OPINION)
    rounds(off)
    in_use(off, alias="challenger")
    registry = wanting(monkeypatch, SCANNER)
    assert rounds(registry) == 1
    assert last_event(registry)["version"] == 2


def test_a_round_that_an_earlier_release_ended_asked_for_no_opinions(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanning.table.put(item(ROUND, {"ruleset": RULESET, "done": 1, "missed": 0, "passes": 1}))
    assert rescan_due(scanning) is None
    assert rescan_due(wanting(monkeypatch, SCANNER)) == {"ruleset": RULESET, "opinion": SCANNER, "done": 0}


def test_a_version_that_waits_when_they_are_switched_off_is_scanned_again_within_the_hour(
    asking_twice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(asking_twice)
    scan(uploaded(asking_twice, {"model.pkl": PLAIN}))
    judge(result_of(asking_twice))
    registry = wanting(monkeypatch, NO_SECOND_OPINION)
    pass_time(monkeypatch, registry, PATIENCE)
    assert sweep_due(registry, "keeper-1") == 1
    scan(last_event(registry))
    judge(result_of(registry))
    assert (scan_of(registry).state, scan_of(registry).allowed) == (ScanState.DONE, True)


def test_a_version_that_has_waited_in_vain_when_they_are_switched_off_ends_with_the_scanner_s_result(
    asking_twice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(asking_twice)
    uploaded(asking_twice, {"model.pkl": PLAIN})
    for _ in range(MOST_REPEATS):
        pass_time(monkeypatch, asking_twice, PATIENCE)
        assert sweep_due(asking_twice, "keeper-1") == 1
        scan(last_event(asking_twice))
        judge(result_of(asking_twice))
    registry = wanting(monkeypatch, NO_SECOND_OPINION)
    monkeypatch.setattr(registry, "clock", asking_twice.clock)
    pass_time(monkeypatch, registry, PATIENCE)
    assert sweep_due(registry, "keeper-2") == 1
    found = scan_of(registry)
    assert (found.state, found.verdict, found.allowed) == (ScanState.DONE, Verdict.CLEAN, True)
    assert registry.table.get(keys.scan_watch(MODEL, 1)) is None


def wait_in_vain(monkeypatch: pytest.MonkeyPatch, registry: Services) -> None:
    """The opinion on a version is asked for three times and does not come; the scanner's result does."""
    for left in range(MOST_REPEATS, -1, -1):
        scan(last_event(registry))
        judge(result_of(registry))
        assert scan_of(registry).state is ScanState.PENDING
        pass_time(monkeypatch, registry, PATIENCE)
        assert sweep_due(registry, f"keeper-{left}") == 1


def test_what_was_given_out_stays_so_while_no_opinion_comes_and_is_asked_about_every_day(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function that is deployed and cannot run must not close every version in use."""
    model(scanning)
    in_use(scanning)
    registry = wanting(monkeypatch, SCANNER)
    assert rounds(registry) == 1
    for _ in range(2):
        wait_in_vain(monkeypatch, registry)
        found = scan_of(registry)
        assert (found.state, found.verdict, found.open(registry.clock())) == (ScanState.DONE, Verdict.CLEAN, True)
        assert last_event(registry)["reason"] == "The second opinion was asked for three times and did not come."
        pass_time(monkeypatch, registry, PAUSE)
        assert sweep_due(registry, "keeper-4") == 1
    answer(registry, last_event(registry))
    assert opinion_by(registry) == SCANNER
    assert registry.table.get(keys.scan_watch(MODEL, 1)) is None


def test_what_the_scanner_finds_counts_although_no_opinion_comes(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Released by earlier rules, the version is unsafe by the present ones."""
    model(scanning)
    with monkeypatch.context() as earlier:
        earlier.setattr(scan_module, "scan_file", _finds_nothing)
        in_use(scanning, hostile())
    assert scan_of(scanning).allowed
    later_rules(monkeypatch)
    registry = wanting(monkeypatch, SCANNER)
    assert rounds(registry) == 1
    wait_in_vain(monkeypatch, registry)
    found = scan_of(registry)
    assert (found.state, found.verdict, found.allowed) == (ScanState.DONE, Verdict.UNSAFE, False)


def test_a_version_that_lacks_an_opinion_is_let_be_once_none_is_wanted(
    scanning: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(scanning)
    in_use(scanning)
    registry = wanting(monkeypatch, SCANNER)
    rounds(registry)
    wait_in_vain(monkeypatch, registry)
    off = wanting(monkeypatch, NO_SECOND_OPINION)
    monkeypatch.setattr(off, "clock", registry.clock)
    event = last_event(off)
    for _ in range(MOST_REPEATS + 1):
        pass_time(monkeypatch, off, PAUSE)
        assert sweep_due(off, "keeper-5") == 0
    assert last_event(off) == event
    assert off.table.get(keys.scan_watch(MODEL, 1)) is None


def test_a_scan_that_was_asked_for_by_hand_leaves_the_opinion_that_there_is(
    asking_twice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    model(asking_twice)
    answer(asking_twice, uploaded(asking_twice, {"model.pkl": PLAIN}))
    asked(asking_twice)
    wait_in_vain(monkeypatch, asking_twice)
    assert (scan_of(asking_twice).allowed, opinion_by(asking_twice)) == (True, SCANNER)
    pass_time(monkeypatch, asking_twice, PAUSE)
    assert sweep_due(asking_twice, "keeper-6") == 0, "nothing is missing"


def _finds_nothing(*_: object) -> FileScan:
    return FileScan("pickle")
