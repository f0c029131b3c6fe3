"""A model that decides on loans, from its registration to the audit of its record, with everybody in their part."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from moorage import Client, ConflictError, ForbiddenError, Grant, InvalidRequestError, TransitionRequest
from moorage.cli.main import main

from tests.e2e.stack import Stack, eventually
from tests.e2e.trail import TAMPERING, anchor_now, file_of, verify, verify_tampered

ORIGIN: dict[str, Any] = {
    "source": {"repository": "git@example.com:bank/loans.git", "commit": "9f2c1e7"},
    "datasets": [{"name": "loans", "version": "2026-10"}],
    "runtime": {"python": "3.13", "requirements": ["xgboost==3.0.0"]},
}
CARD = {
    "model_details": "Gradient-boosted trees over the application form and the bureau's score.",
    "intended_use": "Ranking applications for consumer loans; an officer decides on each of them.",
    "evaluation_data": "Applications of October 2026, held out before training began, in all regions.",
    "ethical_considerations": "Age and postal code are not inputs; outcomes by group are measured monthly.",
}


@dataclass(frozen=True)
class Bank:
    """Everybody with their own token. The author may approve other people's versions, as many authors may."""

    model: str
    admin: Client
    author: Client
    ada: Client
    grace: Client
    maintainer: Client
    scanner: Client
    auditor: Client
    auditor_token: str

    def principal(self, client: Client) -> str:
        return client.whoami().principal

    def register(self, content: bytes, directory: Path, **described: Any) -> int:
        directory.mkdir()
        (directory / "model.bin").write_bytes(content)
        number = self.author.register(self.model, directory, **described).number
        eventually(lambda: self._is_scanned(number), f"the scan of version {number}")
        return number

    def _is_scanned(self, version: int) -> bool:
        scan = self.admin.scans.get(self.model, version).scan
        return scan is not None and scan.state == "done"

    def stage_of(self, version: int) -> str | None:
        return self.admin.versions.get(self.model, version).stage

    def wait_for_stage(self, version: int, stage: str) -> None:
        eventually(lambda: self.stage_of(version) == stage, f"version {version} in {stage}", seconds=120)


@pytest.fixture
def bank(stack: Stack) -> Iterator[Bank]:
    model = stack.fresh_name("loans")
    with ExitStack() as opened:
        admin = opened.enter_context(Client(stack.url, stack.token))

        def token(name: str, *roles: str) -> str:
            secret = admin.tokens.create(f"{name}-{model}", [Grant(role, "*") for role in roles]).token
            assert secret is not None
            return secret

        def person(name: str, *roles: str) -> Client:
            return opened.enter_context(Client(stack.url, token(name, *roles)))

        audits = token("auditor", "auditor")
        yield Bank(
            model,
            admin,
            author=person("author", "contributor", "reviewer"),
            ada=person("ada", "reviewer"),
            grace=person("grace", "reviewer"),
            maintainer=person("maintainer", "maintainer"),
            scanner=person("scanner", "contributor"),
            auditor=opened.enter_context(Client(stack.url, audits)),
            auditor_token=audits,
        )


def test_a_regulated_model_from_registration_to_the_audit_of_its_record(
    stack: Stack, bank: Bank, tmp_path: Path
) -> None:
    bank.admin.models.create(bank.model, owner="credit risk")
    bank.admin.schemes.assign(bank.model, "regulated")
    bank.admin.schemes.set_tier(bank.model, "high", reason="it decides on loans")

    first = bank.register(b"without origin", tmp_path / "first")
    a_version_without_origin_is_refused_with_all_reasons(bank, first)
    good = bank.register(b"good", tmp_path / "good", metrics={"auc": 0.91}, provenance=ORIGIN)
    it_enters_validation_by_itself_once_its_origin_is_there_and_the_registry_has_scanned_it(bank, good)
    a_dry_run_lists_everything_that_production_takes(bank, good)
    document_and_measure(bank, good)
    nobody_moves_it_into_production_alone(bank, good)
    asked = bank.author.requests.open(bank.model, good, "production", reason="the October model")
    the_author_may_not_approve(bank, asked)
    a_vote_is_void_once_what_it_was_given_for_changes(bank, asked, good)
    two_approvals_bring_it_into_production(bank, asked, good)

    bad = bank.register(b"bad", tmp_path / "bad", metrics={"auc": 0.93}, provenance=ORIGIN)
    another_version_takes_its_place(bank, bad, good)
    a_roll_back_gives_its_reason_and_brings_the_good_one_back(bank, bad, good)
    the_past_can_be_asked(bank, bad, good)
    the_record_is_verified_offline_and_no_tampering_goes_unseen(stack, bank, tmp_path / "export")


def a_version_without_origin_is_refused_with_all_reasons(bank: Bank, version: int) -> None:
    with pytest.raises(ConflictError) as refusal:
        bank.maintainer.versions.transition(bank.model, version, "validation")
    assert refusal.value.code == "gates_not_met"
    assert {fault.pointer for fault in refusal.value.errors} == {"/gates/provenance"}
    found = bank.author.versions.explain(bank.model, version, "validation")
    assert not found.allowed and {gate.gate for gate in found.gates if not gate.holds} == {"provenance"}
    with pytest.raises(ConflictError, match="production") as refusal:
        bank.maintainer.versions.transition(bank.model, version, "production")
    assert refusal.value.code == "transition_not_allowed"


def it_enters_validation_by_itself_once_its_origin_is_there_and_the_registry_has_scanned_it(
    bank: Bank, version: int
) -> None:
    with pytest.raises(ForbiddenError) as refusal:
        bank.author.checks.report(bank.model, version, "scan", True)
    assert refusal.value.code == "separation_of_duties"
    bank.wait_for_stage(version, "validation")
    move = next(iter(bank.admin.stages.history(bank.model, "validation")))
    assert (move.version, move.trigger) == (version, "rule")
    assert move.details is not None
    assert [(gate["gate"], gate["holds"]) for gate in move.details["gates"]] == [("provenance", True), ("scan", True)]
    assert move.details["scheme"] == {"name": "regulated", "version": 3}


def a_dry_run_lists_everything_that_production_takes(bank: Bank, version: int) -> None:
    found = bank.author.versions.explain(bank.model, version, "production")
    assert not found.allowed
    missing = {gate.gate for gate in found.gates if not gate.holds}
    assert missing == {"documentation", "assessment", "validation", "fairness", "recent-evaluation"}
    assert [(tally.count, tally.met) for tally in found.approvals] == [(2, False)]
    assert len(found.blockers) >= 5


def document_and_measure(bank: Bank, version: int) -> None:
    bank.maintainer.cards.update(bank.model, CARD)
    measure(bank, version)


def measure(bank: Bank, version: int) -> None:
    for check in ("validation", "fairness"):
        bank.maintainer.checks.report(bank.model, version, check, True, evidence=f"https://reports.example.com/{check}")
    bank.maintainer.evaluations.record(bank.model, version, "holdout", {"auc": 0.91})
    found = bank.author.versions.explain(bank.model, version, "production")
    assert all(gate.holds for gate in found.gates) and not found.allowed


def nobody_moves_it_into_production_alone(bank: Bank, version: int) -> None:
    with pytest.raises(ConflictError) as refusal:
        bank.maintainer.versions.transition(bank.model, version, "production")
    assert refusal.value.code == "approvals_missing"


def the_author_may_not_approve(bank: Bank, asked: TransitionRequest) -> None:
    with pytest.raises(ForbiddenError) as refusal:
        bank.author.requests.approve(bank.model, asked.number, reason="I know that it is good")
    assert refusal.value.code == "separation_of_duties"


def a_vote_is_void_once_what_it_was_given_for_changes(bank: Bank, asked: TransitionRequest, version: int) -> None:
    bank.ada.requests.approve(bank.model, asked.number, reason="complete")
    (tally,) = bank.admin.requests.standing(bank.model, asked.number).approvals
    assert tally.approved_by == (bank.principal(bank.ada),)
    bank.maintainer.evaluations.record(bank.model, version, "holdout", {"auc": 0.905})

    def voided() -> bool:
        return any(event.type == "request.votes_voided" for event in bank.admin.events.list(bank.model, limit=20))

    eventually(voided, "the vote was said to be void", seconds=120)
    standing = bank.admin.requests.standing(bank.model, asked.number)
    assert standing.void_votes == (bank.principal(bank.ada),) and standing.approvals[0].approved_by == ()


def two_approvals_bring_it_into_production(bank: Bank, asked: TransitionRequest, version: int) -> None:
    bank.ada.requests.approve(bank.model, asked.number, reason="complete, measured anew")
    assert bank.stage_of(version) == "validation"
    bank.grace.requests.approve(bank.model, asked.number)
    bank.wait_for_stage(version, "production")
    assert bank.admin.requests.get(bank.model, asked.number).state == "executed"
    assert bank.admin.aliases.get(bank.model, "champion").version == version
    move = next(iter(bank.admin.stages.history(bank.model, "production")))
    assert move.details is not None and move.details["request"] == asked.number
    assert set(move.details["approvals"]) == {bank.principal(bank.ada), bank.principal(bank.grace)}


def another_version_takes_its_place(bank: Bank, version: int, former: int) -> None:
    bank.scanner.checks.report(bank.model, version, "scan", True)
    bank.wait_for_stage(version, "validation")
    measure(bank, version)
    asked = bank.author.requests.open(bank.model, version, "production")
    for reviewer in (bank.ada, bank.grace):
        reviewer.requests.approve(bank.model, asked.number)
    bank.wait_for_stage(version, "production")
    assert bank.stage_of(former) == "archived"
    assert bank.admin.aliases.get(bank.model, "champion").version == version


def a_roll_back_gives_its_reason_and_brings_the_good_one_back(bank: Bank, bad: int, good: int) -> None:
    with pytest.raises(InvalidRequestError, match="reason"):
        bank.maintainer.stages.roll_back(bank.model, "production")
    back = bank.maintainer.stages.roll_back(bank.model, "production", reason="twice as many complaints")
    assert (back.number, back.stage) == (good, "production")
    assert bank.stage_of(bad) == "archived"
    assert bank.admin.aliases.get(bank.model, "champion").version == good


def the_past_can_be_asked(bank: Bank, bad: int, good: int) -> None:
    returned, replaced, entered = bank.admin.stages.history(bank.model, "production")
    created = bank.admin.models.get(bank.model).created_at
    asked = bank.auditor
    for time, version, trigger in (
        (created, None, None),
        (entered.time, good, "rule"),
        (replaced.time, bad, "rule"),
        (returned.time, good, "rollback"),
    ):
        found = asked.stages.as_of(bank.model, "production", time)
        assert (found.version, None if found.move is None else found.move.trigger) == (version, trigger)
        assert asked.aliases.as_of(bank.model, "champion", time).version == version
    assert returned.actor == bank.principal(bank.maintainer) and returned.reason == "twice as many complaints"


def the_record_is_verified_offline_and_no_tampering_goes_unseen(stack: Stack, bank: Bank, directory: Path) -> None:
    anchor_now(stack)
    exported = CliRunner().invoke(
        main,
        ["--url", stack.url, "--json", "audit", "export", str(directory), "--all"],
        env={"MOORAGE_TOKEN": bank.auditor_token},
    )
    assert exported.exit_code == 0, exported.output
    assert json.loads(exported.stdout)["anchors"] >= 1
    code, report = verify(directory)
    assert (code, report["faults"]) == (0, [])
    events = [json.loads(line) for line in file_of(directory, bank.model).read_bytes().splitlines()]
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    for tampering, (tamper, sequence, what) in TAMPERING.items():
        code, faults = verify_tampered(directory, bank.model, tamper)
        places = {(fault["ledger"], fault["sequence"]) for fault in faults if what in fault["what"]}
        assert code == 1, tampering
        assert (f"model:{bank.model}", sequence or len(events)) in places, tampering
    assert verify(directory)[0] == 0
