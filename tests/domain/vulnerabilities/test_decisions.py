"""What is found and resolved, and what people state: the events, the bounds, and who may."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import (
    InvalidInputError,
    InvalidNameError,
    LimitExceededError,
    SeparationOfDutiesError,
    VersionLockedError,
    VersionNotReadyError,
)
from chalicelib.domain.evidence.reporting import ANYBODY, Reporting
from chalicelib.domain.instants import later
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Trigger
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.evidence_rules import EvidenceRule
from chalicelib.domain.schemes.gates import Tier
from chalicelib.domain.schemes.reporters import Expected, expected_of_check
from chalicelib.domain.severity import Severity
from chalicelib.domain.versions.version import Version
from chalicelib.domain.vulnerabilities import decisions
from chalicelib.domain.vulnerabilities.assessment import Assessment, Matched
from chalicelib.domain.vulnerabilities.keeping import MAX_FOUND_BYTES, matched
from chalicelib.domain.vulnerabilities.matching import Match
from chalicelib.domain.vulnerabilities.statement import (
    MAX_STATEMENTS,
    Statement,
    StatementGiven,
    VexStatementNotFoundError,
    VexStatus,
)
from tests.domain.build import NOW, ready, register, stamp
from tests.domain.schemes.documents import scheme
from tests.domain.vulnerabilities.build import current, finding, found

MODEL, VERSION = ready(Model("fraud"))
NOTHING = Assessment(1)
ACCEPTED = StatementGiven(VexStatus.NOT_AFFECTED, "vulnerable_code_not_present")


def assess(present: Assessment, what: Matched) -> Outcome[Assessment]:
    return decisions.assess(MODEL, VERSION, present, what, stamp(), Trigger.KEEPER)


def decided(outcome: Outcome[Assessment]) -> Decision[Assessment]:
    assert isinstance(outcome, Decision)
    return outcome


def state(
    given: StatementGiven = ACCEPTED,
    name: str = "GHSA-1",
    present: Assessment = NOTHING,
    reporting: Reporting = ANYBODY,
    model: Model = MODEL,
    version: Version = VERSION,
) -> Decision[Assessment]:
    return decisions.state(model, version, present, name, given, stamp(), reporting)


def test_events_name_what_is_found_and_what_is_resolved_and_nothing_else() -> None:
    first = decided(assess(NOTHING, found(finding("GHSA-2"), finding("GHSA-1", fixed="2.6.0"))))
    (event,) = first.events
    assert (event.type, event.version, event.trigger) == ("vulnerability.found", 1, Trigger.KEEPER)
    assert event.after is not None
    assert (event.after["ids"], event.after["count"]) == (["GHSA-1", "GHSA-2"], 2)
    assert "torch" not in canonical_json(event.after)

    second = decided(assess(first.result, found(finding("GHSA-2"), finding("GHSA-3"), index=2)))
    new, gone = second.events
    assert (new.type, new.after and new.after["ids"]) == ("vulnerability.found", ["GHSA-3"])
    assert (gone.type, gone.before and gone.before["ids"]) == ("vulnerability.resolved", ["GHSA-1"])


def test_newer_data_that_finds_the_same_is_recorded_as_looked_at() -> None:
    first = decided(assess(NOTHING, found(finding())))
    second = decided(assess(first.result, found(finding(), index=2)))
    assert [event.type for event in second.events] == ["vulnerability.matched"]
    assert second.result.matched == found(finding(), index=2)


def test_the_same_match_again_changes_nothing() -> None:
    first = decided(assess(NOTHING, found(finding()))).result
    assert isinstance(assess(first, found(finding())), NoChange)


def test_a_version_without_requirements_is_not_recorded_as_looked_at_again() -> None:
    first = decided(assess(NOTHING, found(requirements=0)))
    assert [event.type for event in first.events] == ["vulnerability.matched"]
    assert isinstance(assess(first.result, found(requirements=0, index=2)), NoChange)


def test_an_index_that_was_current_before_changes_nothing() -> None:
    newer = decided(assess(NOTHING, found(finding(), index=5))).result
    assert isinstance(assess(newer, found(index=4)), NoChange)


def test_what_was_stated_stays_when_a_version_is_matched_again() -> None:
    stated = state().result
    again = decided(assess(stated, found(finding()))).result
    assert again.statements == stated.statements


def test_a_locked_version_is_matched_but_nothing_is_stated_of_it() -> None:
    locked = replace(MODEL, locked=(1,))
    decisions.assess(locked, VERSION, NOTHING, found(finding()), stamp(), Trigger.RULE)
    with pytest.raises(VersionLockedError):
        state(model=locked)


def test_a_version_that_waits_for_its_files_is_not_assessed() -> None:
    model, version = register(Model("fraud"))
    with pytest.raises(VersionNotReadyError):
        decisions.assess(model, version, NOTHING, found(), stamp(), Trigger.RULE)
    with pytest.raises(VersionNotReadyError):
        state(model=model, version=version)


@given(st.integers(0, 900), st.integers(0, 400))
def test_what_is_kept_is_bounded_and_the_worst_of_it(findings: int, unpinned: int) -> None:
    severities = (Severity.CRITICAL, Severity.LOW)
    every = tuple(finding(f"GHSA-{n}", severities[n >= 10], aliases=("CVE-" + "9" * 100,)) for n in range(findings))
    kept = matched(current(), Match(every, tuple(map(str, range(unpinned))), 5))
    assert len(canonical_json([one.document() for one in kept.findings]).encode()) <= MAX_FOUND_BYTES + 1_000
    assert kept.cut == findings - len(kept.findings) + unpinned - len(kept.unpinned)
    assert kept.findings == every[: len(kept.findings)]


def test_what_is_stated_is_told_with_what_was_stated_before() -> None:
    first = state(StatementGiven(VexStatus.UNDER_INVESTIGATION, detail="looking"))
    (event,) = first.events
    assert (event.type, event.before) == ("vulnerability.stated", None)
    second = state(present=first.result)
    assert second.event.before == {"id": "GHSA-1", **first.result.statements["GHSA-1"].document()}
    assert second.event.after and second.event.after["justification"] == "vulnerable_code_not_present"
    gone = decisions.unstate(MODEL, VERSION, second.result, "GHSA-1", stamp(), ANYBODY)
    assert (gone.event.type, gone.event.after) == ("vulnerability.unstated", None)
    with pytest.raises(VexStatementNotFoundError):
        decisions.unstate(MODEL, VERSION, NOTHING, "GHSA-1", stamp(), ANYBODY)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        (StatementGiven(VexStatus.NOT_AFFECTED), "/justification"),
        (StatementGiven(VexStatus.NOT_AFFECTED, detail="  "), "/justification"),
        (StatementGiven(VexStatus.NOT_AFFECTED, "because"), "/justification"),
        (StatementGiven(VexStatus.FIXED, "code_not_present"), "/justification"),
        (StatementGiven(VexStatus.AFFECTED, detail="x" * 2_001), "/detail"),
        (StatementGiven(VexStatus.AFFECTED, expires_at=NOW), "/expires_at"),
    ],
)
def test_a_statement_that_says_too_little_or_too_much_is_refused(given: StatementGiven, pointer: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        state(given)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


@pytest.mark.parametrize("name", ["", "a b", "-x", "x" * 129, "GHSA/1", "ä"])
def test_a_vulnerability_has_a_plain_name(name: str) -> None:
    with pytest.raises(InvalidNameError):
        state(name=name)


def test_statements_are_bounded() -> None:
    one = state().result.statements["GHSA-1"]
    full = replace(NOTHING, statements={f"GHSA-{n}": one for n in range(MAX_STATEMENTS)})
    assert state(name="GHSA-5", present=full).result.statements.keys() == full.statements.keys()
    with pytest.raises(LimitExceededError, match="at most 100"):
        state(name="GHSA-new", present=full)
    long = replace(one, detail="x" * 2_000)
    wordy = replace(NOTHING, statements={f"GHSA-{n}": long for n in range(32)})
    with pytest.raises(LimitExceededError, match="65536"):
        state(StatementGiven(VexStatus.AFFECTED, detail="x" * 2_000), "GHSA-new", wordy)


def independent() -> Reporting:
    rule = EvidenceRule(checks=("vuln*",), independent=True)
    expected = expected_of_check(replace(scheme(), evidence=(rule,)), Tier.LOW, decisions.CHECK)
    return Reporting.of(Principal("token:ada", (Grant(Role.ADMIN, "*"),)), "fraud", expected)


def test_who_registered_a_version_lifts_nothing_where_the_scheme_wants_independence() -> None:
    with pytest.raises(SeparationOfDutiesError):
        state(reporting=independent())
    others = replace(VERSION, created_by="token:ben", authors=())
    stated = state(reporting=independent(), version=others).result
    with pytest.raises(SeparationOfDutiesError):
        decisions.unstate(MODEL, VERSION, stated, "GHSA-1", stamp(), independent())
    assert Expected().rules == ()
    assert state().result.statements["GHSA-1"].stated_by == "token:ada"


def statement(status: VexStatus, **more: object) -> Statement:
    return Statement(
        **{"status": status, "justification": "", "detail": "", "expires_at": None, **more},
        stated_at=NOW,
        stated_by="x",
    )


def test_a_finding_is_lifted_by_any_of_its_names_until_the_statement_expires() -> None:
    named = finding("GHSA-1", aliases=("CVE-1",))
    tomorrow = later(NOW, timedelta(days=1))
    lifted = Assessment(1, statements={"CVE-1": statement(VexStatus.FIXED, expires_at=tomorrow)})
    assert lifted.lifts(named, NOW)
    assert not lifted.lifts(named, tomorrow)
    assert not lifted.lifts(finding("GHSA-2"), NOW)


@pytest.mark.parametrize("status", VexStatus)
def test_only_not_affected_and_fixed_lift_and_what_denies_them_wins(status: VexStatus) -> None:
    lifts = status in (VexStatus.NOT_AFFECTED, VexStatus.FIXED)
    named = finding("GHSA-1", aliases=("CVE-1",))
    assert Assessment(1, statements={"GHSA-1": statement(status)}).lifts(named, NOW) is lifts
    both = {"GHSA-1": statement(VexStatus.FIXED), "CVE-1": statement(status)}
    assert Assessment(1, statements=both).lifts(named, NOW) is lifts


def test_only_statements_that_count_lift() -> None:
    one = Assessment(1, statements={"GHSA-1": statement(VexStatus.FIXED)})
    assert not one.lifts(finding(), NOW, lambda _: False)
