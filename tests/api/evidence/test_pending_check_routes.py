"""Checks over HTTP that are awaited, and that only whom the scheme names may report: CI with its own identity."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.aws import names
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.instants import later
from tests.api import journey
from tests.api.gateway import Caller, granted
from tests.domain.schemes.documents import document
from tests.registry.access.issuer import AUDIENCE, SUB, Issuer, issuing

WHERE = "/v1/models/fraud/versions/1/checks"
LINK = "https://ci.example.com/runs/42"
REPORTER = "oidc:github:repo:acme/fraud:*"
DRY_RUN = "/v1/models/fraud/versions/1/transitions/live"
GATES = [
    {"name": "tests", "kind": "check", "check": "ci", "reporters": [REPORTER]},
    {"name": "holdout", "kind": "evaluation", "evaluation": "holdout", "reporters": [REPORTER]},
]


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    monkeypatch.setenv(names.OUTBOUND_ALLOW_VARIABLE, "127.0.0.0/8")
    reset_services()
    with issuing() as running:
        yield running


@pytest.fixture
def fraud(admin: Caller, registry: Services) -> None:
    """The model ``fraud`` with a READY version, whose move to ``live`` wants what CI reports."""
    moves = [{"from": "draft", "to": "live", "gates": GATES}, {"from": ["draft", "live"], "to": "gone"}]
    body = {field: value for field, value in document(transitions=moves).items() if field != "name"}
    assert admin.put("/v1/schemes/own", body).status == 200
    journey.model(admin)
    assert admin.put("/v1/models/fraud/scheme", {"scheme": "own"}).status == 200
    journey.ready(admin, registry)


def pipeline(admin: Caller, issuer: Issuer, **claims: str) -> Caller:
    """A workflow with the token that its issuer gave it."""
    terms = {
        "kind": "oidc",
        "issuer": issuer.url,
        "audience": AUDIENCE,
        "algorithms": ["RS256"],
        "conditions": {"repository_owner": ["acme"]},
        "grants": [{"role": "contributor", "models": "fraud"}],
    }
    assert admin.put("/v1/trust/github", terms).status == 200
    return Caller(issuer.token(repository_owner="acme", **claims))


def test_an_opened_check_is_pending_and_a_report_takes_its_place(admin: Caller, fraud: None) -> None:
    opened = admin.post(f"{WHERE}/bias/open", {"link": LINK, "due_in_minutes": 90})
    assert opened.status == 200, opened.text
    shown = opened.document
    assert (shown["state"], shown["valid"], shown["link"]) == ("pending", False, LINK)
    assert (shown["passed"], shown["reported_at"], shown["reported_by"]) == (False, None, None)
    assert shown["due_at"] == later(shown["opened_at"], timedelta(minutes=90))
    assert admin.get(WHERE).document["items"] == [shown]
    assert admin.put(f"{WHERE}/bias", {"passed": True}).document["state"] == "passed"
    assert [event["type"] for event in admin.get("/v1/models/fraud/events").document["items"]][:2] == [
        "check.reported",
        "check.opened",
    ]


def test_a_check_that_nobody_reports_expires(admin: Caller, fraud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    admin.post(f"{WHERE}/ci/open", {})
    now = services().clock()
    monkeypatch.setattr(services(), "clock", lambda: later(now, timedelta(days=1, seconds=5)))
    assert admin.get(WHERE).document["items"][0]["state"] == "expired"
    gate = admin.get(DRY_RUN).document["gates"][0]
    assert (gate["actual"], gate["awaited"]) == ("expired", None)
    assert gate["reason"].startswith("nobody reported the check ci")


def test_the_dry_run_shows_a_pending_check_with_who_is_expected(admin: Caller, fraud: None) -> None:
    opened = admin.post(f"{WHERE}/ci/open", {"link": LINK}).document
    dry_run = admin.get(DRY_RUN).document
    gate = dry_run["gates"][0]
    assert (dry_run["allowed"], gate["holds"], gate["actual"]) == (False, False, "pending")
    assert gate["awaited"] == {
        "since": opened["opened_at"],
        "until": opened["due_at"],
        "reporters": [REPORTER],
        "link": LINK,
    }


def test_ci_reports_with_its_own_identity_and_nobody_else_can(admin: Caller, fraud: None, issuer: Issuer) -> None:
    ci = pipeline(admin, issuer)
    admin.post(f"{WHERE}/ci/open", {})
    for caller in (admin, granted(admin, "contributor", "fraud", "eve"), pipeline(admin, issuer, sub="repo:acme/x:y")):
        refused = caller.put(f"{WHERE}/ci", {"passed": True})
        assert (refused.status, refused.code) == (403, "reporter_refused")
        assert REPORTER in refused.document["detail"]
    assert admin.get(WHERE).document["items"][0]["state"] == "pending"
    reported = ci.put(f"{WHERE}/ci", {"passed": True, "evidence": LINK})
    assert reported.status == 200, reported.text
    assert (reported.document["state"], reported.document["reported_by"]) == ("passed", f"oidc:github:{SUB}")


def test_an_evaluation_is_recorded_by_whom_the_scheme_names(admin: Caller, fraud: None, issuer: Issuer) -> None:
    where, measured = "/v1/models/fraud/versions/1/evaluations/holdout", {"kind": "offline", "metrics": {"auc": 0.9}}
    refused = admin.put(where, measured)
    assert (refused.status, refused.code) == (403, "reporter_refused")
    assert pipeline(admin, issuer).put(where, measured).status == 200


def test_a_report_from_before_the_scheme_named_anybody_does_not_satisfy_its_gate(
    admin: Caller, registry: Services
) -> None:
    journey.model(admin)
    journey.ready(admin, registry)
    assert admin.put(f"{WHERE}/ci", {"passed": True}).status == 200
    moves = [
        {"from": "development", "to": "live", "gates": GATES[:1]},
        {"from": ["development", "live"], "to": "gone"},
    ]
    stages = [{"name": "development"}, {"name": "live", "exclusive": True}, {"name": "gone"}]
    body = {**document(transitions=moves, stages=stages, initial="development")}
    del body["name"]
    assert admin.put("/v1/schemes/own", body).status == 200
    assert admin.put("/v1/models/fraud/scheme", {"scheme": "own"}).status == 200
    moved = admin.post("/v1/models/fraud/versions/1/transitions", {"to_stage": "live"})
    assert moved.code == "gates_not_met" and "was reported by token:bootstrap" in moved.document["detail"]


def test_a_late_report_counts_and_one_of_an_earlier_opening_can_be_told(
    admin: Caller, fraud: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = admin.post(f"{WHERE}/bias/open", {"due_in_minutes": 1})
    now = services().clock()
    monkeypatch.setattr(services(), "clock", lambda: later(now, timedelta(minutes=5)))
    second = admin.post(f"{WHERE}/bias/open", {})
    stale = admin.put(f"{WHERE}/bias", {"passed": True}, headers={"If-Match": first.etag})
    assert (stale.status, stale.code) == (412, "precondition_failed")
    assert admin.get(WHERE).document["items"][0]["state"] == "pending"
    monkeypatch.setattr(services(), "clock", lambda: later(now, timedelta(days=2)))
    late = admin.put(f"{WHERE}/bias", {"passed": True}, headers={"If-Match": second.etag})
    assert (late.status, late.document["state"]) == (200, "passed")


def test_opening_twice_with_one_key_opens_once(admin: Caller, fraud: None) -> None:
    key = {"Idempotency-Key": "run-42"}
    once = admin.post(f"{WHERE}/ci/open", {}, headers=key)
    again = admin.post(f"{WHERE}/ci/open", {}, headers=key)
    assert (once.status, again.document) == (200, once.document)
    extended = admin.post(f"{WHERE}/ci/open", {"due_in_minutes": 5}).document
    assert extended["opened_at"] == once.document["opened_at"] and extended["due_at"] < once.document["due_at"]
    types = [event["type"] for event in admin.get("/v1/models/fraud/events").document["items"]]
    assert (types.count("check.opened"), types.count("check.extended")) == (1, 1)


def test_who_may_not_report_may_not_open(admin: Caller, fraud: None) -> None:
    viewer = granted(admin, "viewer", "fraud")
    assert viewer.post(f"{WHERE}/ci/open", {}).code == "permission_denied"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"link": "ftp://ci.example.com"}, "/link"),
        ({"link": ""}, "/link"),
        ({"due_in_minutes": 0}, "/due_in_minutes"),
        ({"due_in_minutes": 43_201}, "/due_in_minutes"),
        ({"due_at": "2001-01-01T00:00:00Z"}, "/due_at"),
        ({"due_at": "2999-01-01T00:00:00Z"}, "/due_at"),
        ({"due_at": "soon"}, "/due_at"),
        ({"due_at": "2999-01-01T00:00:00Z", "due_in_minutes": 5}, "/due_at"),
        ({"passed": True}, "/passed"),
    ],
)
def test_a_malformed_opening_is_refused_with_the_place_of_the_fault(
    admin: Caller, fraud: None, body: dict[str, object], pointer: str
) -> None:
    refused = admin.post(f"{WHERE}/ci/open", body)
    assert refused.status == 400, refused.text
    assert [error["pointer"] for error in refused.document["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("gate", "pointer"),
    [
        ({"due_in_minutes": 5}, "/transitions/0/gates/0/check"),
        ({"open_on": "arrival", "due_in_minutes": 0}, "/transitions/0/gates/0/check/due_in_minutes"),
        ({"open_on": "never"}, "/transitions/0/gates/0/check/open_on"),
        ({"if_pending": "pass"}, "/transitions/0/gates/0/check/if_pending"),
        ({"reporters": [""]}, "/transitions/0/gates/0/check/reporters/0"),
        ({"reporters": ["x"] * 21}, "/transitions/0/gates/0/check/reporters"),
    ],
)
def test_a_scheme_whose_gate_says_nothing_sensible_is_refused(
    admin: Caller, gate: dict[str, object], pointer: str
) -> None:
    asked = {"name": "tests", "kind": "check", "check": "ci", **gate}
    moves = [{"from": "draft", "to": "live", "gates": [asked]}, {"from": ["draft", "live"], "to": "gone"}]
    body = {field: value for field, value in document(transitions=moves).items() if field != "name"}
    refused = admin.put("/v1/schemes/own", body)
    assert refused.status == 400
    assert [error["pointer"] for error in refused.document["errors"]] == [pointer]


def test_a_rule_asks_for_a_claim_of_the_token_and_for_a_role(admin: Caller, registry: Services, issuer: Issuer) -> None:
    rule = {
        "checks": ["ci"],
        "reporters": [
            {"principals": ["oidc:github:*"], "claims": {"repository_owner": ["acme"]}, "roles": ["contributor"]},
            {"principals": ["token:*"], "claims": {"repository_owner": ["acme"]}},
        ],
    }
    body = {field: value for field, value in document(evidence=[rule]).items() if field != "name"}
    assert admin.put("/v1/schemes/own", body).status == 200
    journey.model(admin)
    assert admin.put("/v1/models/fraud/scheme", {"scheme": "own"}).status == 200
    journey.ready(admin, registry)
    refused = admin.put(f"{WHERE}/ci", {"passed": True})
    assert (refused.status, refused.code) == (403, "reporter_refused")
    assert "the claim repository_owner acme" in refused.document["detail"]
    reported = pipeline(admin, issuer).put(f"{WHERE}/ci", {"passed": True})
    assert reported.status == 200, reported.text
    shown = reported.document
    assert (shown["person"], shown["roles"]) == (f"oidc:github:{SUB}", ["contributor"])
    assert shown["claims"] == {"repository_owner": ["acme"]}
    assert admin.delete(f"{WHERE}/ci").code == "reporter_refused"
    assert admin.put(f"{WHERE}/bias", {"passed": True}).document["claims"] == {}


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ({"independent": True}, "/evidence/0"),
        ({"checks": ["*"]}, "/evidence/0"),
        ({"checks": [""], "independent": True}, "/evidence/0/checks/0"),
        ({"checks": ["*"], "reporters": [{}]}, "/evidence/0/reporters/0"),
        ({"checks": ["*"], "reporters": [{"claims": {"a b": ["x"]}}]}, "/evidence/0/reporters/0/claims/a b"),
        ({"checks": ["*"], "reporters": [{"claims": {"sub": []}}]}, "/evidence/0/reporters/0/claims/sub"),
    ],
)
def test_a_rule_that_says_nothing_sensible_is_refused(admin: Caller, rule: dict[str, object], pointer: str) -> None:
    body = {field: value for field, value in document(evidence=[rule]).items() if field != "name"}
    refused = admin.put("/v1/schemes/own", body)
    assert refused.status == 400
    assert [error["pointer"].removesuffix("/[key]") for error in refused.document["errors"]] == [pointer]
