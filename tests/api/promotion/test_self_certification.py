"""Nobody takes a version through ``regulated`` by their own word, whatever way they try."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from chalicelib.domain.instants import later
from chalicelib.registry.promotion import promotion
from tests.api import journey
from tests.api.callers import ok, token
from tests.api.gateway import Caller, Reply
from tests.api.mlflow.calling import Mlflow
from tests.registry.scanning.states import quarantined

MODEL = "/v1/models/loans"
ONE = f"{MODEL}/versions/1"
ORIGIN = {
    "source": {"repository": "git@example.com:bank/loans.git", "commit": "9f2c1e7"},
    "datasets": [{"name": "loans"}],
    "runtime": {"python": "3.13"},
}
DESCRIBED = {"model_details": "Trees over the application form. " * 3, "intended_use": "Ranking applications. " * 3}
ASSESSED = {
    "evaluation_data": "Applications of October, held out. " * 3,
    "ethical_considerations": "Outcomes by group are measured. " * 3,
}
HOLDOUT = {"kind": "offline", "metrics": {"auc": 0.99}}


@dataclass(frozen=True)
class Bank:
    """The people around the model ``loans``. Ben may do everything that a maintainer may, and has two tokens."""

    registry: Services
    admin: Caller
    ben: Caller
    ben_again: Caller
    mira: Caller
    ada: Caller
    grace: Caller

    def stage(self, number: int = 1) -> str:
        return str(self.admin.get(f"{MODEL}/versions/{number}").document["stage"])

    def failing(self, to_stage: str, number: int = 1) -> set[str]:
        """The gates of a move that do not hold."""
        found = ok(self.admin.get(f"{MODEL}/versions/{number}/transitions/{to_stage}"))
        return {gate["gate"] for gate in found["gates"] if not gate["holds"]}

    def react(self) -> None:
        """Let the promoter hear of the model's last event."""
        promotion.judge_event(self.registry, self.admin.get(f"{MODEL}/events").document["items"][0])


@pytest.fixture
def bank(admin: Caller, registry: Services) -> Bank:
    journey.model(admin, "loans")
    ok(admin.put(f"{MODEL}/scheme", {"scheme": "regulated"}))
    ok(admin.put(f"{MODEL}/tier", {"tier": "high"}))

    def person(name: str, role: Role, of: str | None = None) -> Caller:
        grants = [{"role": role.value, "models": "loans"}]
        return token(admin, name, grants, person=of or name)[1]

    everybody = Bank(
        registry,
        admin,
        ben=person("ben", Role.MAINTAINER),
        ben_again=person("nightly", Role.CONTRIBUTOR, of="ben"),
        mira=person("mira", Role.MAINTAINER),
        ada=person("ada", Role.MAINTAINER),
        grace=person("grace", Role.REVIEWER),
    )
    journey.ready(everybody.ben, registry, "loans", provenance=ORIGIN, metrics={"auc": 0.99})
    return everybody


def refused(reply: Reply) -> None:
    assert (reply.status, reply.code) == (403, "separation_of_duties"), reply.text


def reports(by: Caller, where: str = ONE) -> list[Reply]:
    """Everything that ``regulated`` wants reported, as one person reports it."""
    checks = [by.put(f"{where}/checks/{name}", {"passed": True}) for name in ("scan", "validation", "fairness")]
    return [*checks, by.put(f"{where}/evaluations/holdout", HOLDOUT)]


def test_who_registered_a_version_cannot_vouch_for_it_by_any_token(bank: Bank) -> None:
    for caller in (bank.ben, bank.ben_again):
        for reply in reports(caller):
            refused(reply)
    assert "a token of ben" in bank.ben_again.put(f"{ONE}/checks/scan", {"passed": True}).document["detail"]
    assert ok(bank.admin.get(f"{ONE}/checks"))["items"] == ok(bank.admin.get(f"{ONE}/evaluations"))["items"] == []
    assert bank.failing("validation") == {"scan"}


def test_who_registered_a_version_releases_it_from_quarantine_by_no_token(bank: Bank) -> None:
    release = {"reason": "in a hurry", "expires_at": later(bank.registry.clock(), timedelta(days=1))}
    quarantined(bank.registry, 1, "loans")
    over_all = [{"role": "admin", "models": "loans"}]
    for name in ("ben-as-admin", "mira-as-admin"):
        _, caller = token(bank.admin, name, over_all, person=name.partition("-")[0])
        reply = caller.put(f"{ONE}/scan/release", release)
        if name == "ben-as-admin":
            refused(reply)
            assert "a token of ben" in reply.document["detail"]
        else:
            ok(reply)


def test_opening_a_check_does_not_let_its_opener_report_it(bank: Bank) -> None:
    ok(bank.ben.post(f"{ONE}/checks/scan/open", {"link": "https://ci.example.com/1"}))
    refused(bank.ben.put(f"{ONE}/checks/scan", {"passed": True}))
    refused(bank.ben_again.put(f"{ONE}/checks/scan", {"passed": True}))
    refused(bank.ben.delete(f"{ONE}/checks/scan"))
    bank.react()
    assert bank.stage() == "development"


def test_a_failure_that_somebody_else_reported_cannot_be_taken_back(bank: Bank) -> None:
    ok(bank.mira.put(f"{ONE}/checks/scan", {"passed": False}))
    ok(bank.mira.put(f"{ONE}/evaluations/holdout", HOLDOUT))
    refused(bank.ben.delete(f"{ONE}/checks/scan"))
    refused(bank.ben_again.delete(f"{ONE}/evaluations/holdout"))


def test_neither_a_call_nor_mlflow_nor_a_promotion_rule_moves_it_past_its_gates(bank: Bank) -> None:
    moved = bank.ben.post(f"{ONE}/transitions", {"to_stage": "validation"})
    assert (moved.status, moved.code) == (409, "gates_not_met")
    mlflow = Mlflow(Role.MAINTAINER, "loans", name="token:ben")
    mlflow.refused("POST", "model-versions/transition-stage", name="loans", version="1", stage="validation")
    rule = {"metric": "auc", "to_stage": "validation", "at_least": 0.5}
    ok(bank.ben.put(f"{MODEL}/promotion-rule", rule))
    bank.react()
    assert bank.stage() == "development"


def test_a_copy_has_the_authors_of_what_it_is_a_copy_of(bank: Bank) -> None:
    for copier in ("token:nightly", "token:mira"):
        number = Mlflow(Role.MAINTAINER, "loans", name=copier).version("loans", source="models:/loans/1")["version"]
        where = f"{MODEL}/versions/{number}"
        for caller in (bank.ben, bank.ben_again):
            for reply in reports(caller, where):
                refused(reply)
    # Mira registered the second copy, so she does not vouch for that one either.
    for reply in reports(bank.mira, where):
        refused(reply)


def test_the_words_of_the_author_are_no_assessment(bank: Bank) -> None:
    for reply in reports(bank.mira):
        ok(reply)
    bank.react()
    assert bank.stage() == "validation"
    ok(bank.ben.patch(f"{MODEL}/card", {"sections": {**DESCRIBED, **ASSESSED}}))
    assert bank.failing("production") == {"assessment"}
    (gate,) = [one for one in dry_run(bank)["gates"] if one["gate"] == "assessment"]
    assert "evaluation_data was written by ben, who registered the version" in gate["reason"]
    ok(bank.ada.patch(f"{MODEL}/card", {"sections": {name: f"{text} Seen." for name, text in ASSESSED.items()}}))
    assert bank.failing("production") == set()
    # The last word counts, also if it is the old one.
    ok(bank.ben_again.patch(f"{MODEL}/card", {"sections": {"evaluation_data": ASSESSED["evaluation_data"]}}))
    assert bank.failing("production") == {"assessment"}


def test_reports_from_before_the_rule_count_only_if_they_fulfil_it(bank: Bank) -> None:
    ok(bank.admin.put(f"{MODEL}/scheme", {"scheme": "regulated", "version": 1}))
    for reply in reports(bank.ben_again):
        ok(reply)
    ok(bank.mira.put(f"{ONE}/checks/validation", {"passed": True}))
    assert bank.failing("validation") == set()
    ok(bank.admin.put(f"{MODEL}/scheme", {"scheme": "regulated"}))
    (_, scan) = ok(bank.admin.get(f"{ONE}/transitions/validation"))["gates"]
    assert not scan["holds"] and "who registered the version" in scan["reason"]
    ok(bank.mira.put(f"{ONE}/checks/scan", {"passed": True}))
    bank.react()
    assert (bank.stage(), bank.failing("production")) == (
        "validation",
        {"documentation", "assessment", "fairness", "recent-evaluation"},
    )


def test_with_the_right_others_it_goes_to_production(bank: Bank) -> None:
    for reply in reports(bank.mira):
        ok(reply)
    bank.react()
    ok(bank.ben.patch(f"{MODEL}/card", {"sections": DESCRIBED}))
    ok(bank.ada.patch(f"{MODEL}/card", {"sections": ASSESSED}))
    asked = ok(bank.ben.post(f"{MODEL}/requests", {"version": 1, "to_stage": "production"}))["number"]
    for voter in (bank.ada, bank.grace):
        ok(voter.post(f"{MODEL}/requests/{asked}/approve", {}))
    bank.react()
    assert bank.stage() == "production"


def dry_run(bank: Bank) -> Any:
    return ok(bank.admin.get(f"{ONE}/transitions/production"))
