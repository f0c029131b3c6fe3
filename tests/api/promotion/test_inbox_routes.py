"""The inbox over HTTP."""

from datetime import timedelta

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from tests.api import journey
from tests.api.gateway import Caller, granted
from tests.api.promotion.gated import REQUESTS, gated_model, opened

INBOX = "/v1/inbox"


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    gated_model(admin, registry)


def inbox(caller: Caller, whose: str | None = None) -> list[dict[str, object]]:
    reply = caller.get(INBOX, query=None if whose is None else {"for": whose})
    assert reply.status == 200, reply.text
    items: list[dict[str, object]] = reply.document["items"]
    return items


def test_a_reviewer_finds_what_waits_for_a_vote_with_all_that_is_missing(admin: Caller, registry: Services) -> None:
    cy = granted(admin, "reviewer", "fraud", "cy")
    journey.ready(admin, registry, metrics={"auc": 0.5}, label="2.0.0")
    due = later(registry.clock(), timedelta(days=1))
    opened(admin, version=2, due_at=due)
    (waiting,) = inbox(cy)
    assert waiting["request"] == admin.get(f"{REQUESTS}/1").document
    assert (waiting["label"], waiting["waiting_for"]) == ("2.0.0", ["me", "approvals", "gates"])
    assert [(one["count"], one["met"]) for one in waiting["approvals"]] == [(1, False)]
    standing = admin.get(f"{REQUESTS}/1/standing").document
    assert waiting["blockers"] == standing["blockers"] and len(standing["blockers"]) == 2
    assert cy.post(f"{REQUESTS}/1/approve").status == 200
    assert inbox(cy) == []
    assert [one["waiting_for"] for one in inbox(cy, "all")] == [["gates"]]


def test_each_caller_has_an_inbox_of_their_own(admin: Caller) -> None:
    bob, cy = (granted(admin, role, "fraud", name) for role, name in (("contributor", "bob"), ("reviewer", "cy")))
    assert bob.post(REQUESTS, {"version": 1, "to_stage": "live"}).status == 201
    counts = {
        (name, whose): len(inbox(caller, whose))
        for name, caller in {"bob": bob, "cy": cy, "other": granted(admin, "admin", "other*", "eve")}.items()
        for whose in ("me", "mine", "all")
    }
    assert counts == {
        ("bob", "me"): 0,
        ("bob", "mine"): 1,
        ("bob", "all"): 1,
        ("cy", "me"): 1,
        ("cy", "mine"): 0,
        ("cy", "all"): 1,
        ("other", "me"): 0,
        ("other", "mine"): 0,
        ("other", "all"): 0,
    }


def test_a_request_that_names_reviewers_waits_for_them_only(admin: Caller) -> None:
    cy, dan = (granted(admin, "reviewer", "fraud", name) for name in ("cy", "dan"))
    opened(admin, reviewers=["token:cy"])
    assert (len(inbox(cy)), len(inbox(dan)), len(inbox(dan, "all"))) == (1, 0, 1)


def test_a_cursor_leads_on_for_its_own_caller_and_question_only(admin: Caller, registry: Services) -> None:
    for _ in range(2):
        journey.ready(admin, registry, metrics={"auc": 0.95})
    numbers = [opened(admin, version=version)["number"] for version in (1, 2, 3)]
    found, query = [], {"for": "all", "limit": 1}
    while True:
        page = admin.get(INBOX, query=query).document
        found += [one["request"]["number"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query = {**query, "cursor": page["next_cursor"]}
    assert found == numbers
    assert admin.get(INBOX, query={**query, "for": "mine"}).code == "invalid_cursor"
    assert granted(admin, "viewer").get(INBOX, query=query).code == "invalid_cursor"


@pytest.mark.parametrize("query", [{"for": "you"}, {"whose": "me"}, {"limit": 0}])
def test_an_unknown_question_is_refused_with_the_place_of_the_fault(admin: Caller, query: dict[str, object]) -> None:
    refused = admin.get(INBOX, query=query)
    assert (refused.status, refused.code) == (400, "invalid_input")
    assert [problem["pointer"] for problem in refused.document["errors"]] == [f"?{name}" for name in query]
