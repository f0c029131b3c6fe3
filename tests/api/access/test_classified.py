"""Callers whose grants end at a classification: what they are asked for, and when a change of it counts."""

from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from tests.api import journey
from tests.api.gateway import Caller, Function, granted
from tests.registry.faults import Calls, Meanwhile

MODEL = "/v1/models/fraud"
LIMIT = ["unclassified", "internal"]
LIMITED = Function(Principal("token:lim", (Grant(Role.MAINTAINER, "*", tuple(LIMIT)),)))


@pytest.fixture
def champion(admin: Caller, registry: Services) -> Services:
    journey.champion(admin, registry)
    return registry


def classify(admin: Caller, **body: Any) -> None:
    assert admin.put(f"{MODEL}/classification", {**body, "reason": "audited"}).status == 200


def test_a_classification_counts_for_everything_that_is_read_after_it(admin: Caller, champion: Services) -> None:
    files = f"{MODEL}/versions/@champion/artifacts"
    for body, status in (
        ({"classification": "internal"}, 200),
        ({"classification": "internal", "personal_data": True}, 404),
        ({"classification": "confidential"}, 404),
        ({"classification": None}, 200),
    ):
        classify(admin, **body)
        assert [LIMITED.get(path).status for path in (MODEL, files)] == [status, status]
        listed = [one["name"] for one in LIMITED.get("/v1/models").document["items"]]
        assert listed == (["fraud"] if status == 200 else [])


def test_a_change_that_was_allowed_before_is_not_committed_on_another_classification(
    admin: Caller, champion: Services
) -> None:
    with Meanwhile(champion, lambda: classify(admin, classification="restricted")):
        refused = LIMITED.patch(MODEL, {"description": "Mine."})
    assert (refused.status, refused.code) == (404, "model_not_found")
    assert admin.get(MODEL).document["description"] == ""


def test_a_repeated_request_is_no_way_to_what_was_hidden_since(admin: Caller, champion: Services) -> None:
    first = LIMITED.patch(MODEL, {"description": "Mine."}, key="k")
    assert first.status == 200
    classify(admin, classification="restricted")
    assert LIMITED.patch(MODEL, {"description": "Mine."}, key="k").status == 404


def test_a_caller_may_classify_a_model_out_of_its_own_sight(champion: Services) -> None:
    raised = LIMITED.put(f"{MODEL}/classification", {"classification": "restricted"})
    assert (raised.status, raised.document["classification"]) == (200, "restricted")
    assert LIMITED.put(f"{MODEL}/classification", {"classification": None}).status == 404


@pytest.mark.parametrize(
    "path", ["/v1/models/fraud/versions/@champion/artifacts", "/hf/moorage/fraud/resolve/champion/model.bin"]
)
def test_a_download_by_alias_stays_one_call(champion: Services, path: str) -> None:
    calls = Calls(champion.client("dynamodb"))
    assert LIMITED.get(path).status in (200, 302)
    assert calls.operations == ["BatchGetItem"]


def test_who_has_another_grant_without_a_limit_reads_nothing_more(champion: Services) -> None:
    grants = (Grant(Role.VIEWER, "*", ("public",)), Grant(Role.CONSUMER, "fr*"))
    both = Function(Principal("token:both", grants))
    calls = Calls(champion.client("dynamodb"))
    assert both.get(f"{MODEL}/versions/@champion/artifacts").status == 200
    assert calls.operations == ["GetItem"]


def test_a_limited_grant_of_a_token_is_shown_and_holds(admin: Caller, champion: Services) -> None:
    created = admin.post(
        "/v1/tokens", {"name": "lim", "grants": [{"role": "viewer", "models": "*", "classifications": LIMIT[::-1]}]}
    )
    someone = Caller(created.document["token"])
    (shown,) = someone.get("/v1/whoami").document["grants"]
    assert shown["classifications"] == LIMIT
    assert someone.get(MODEL).status == 200
    classify(admin, classification="restricted")
    assert someone.get(MODEL).status == 404


@pytest.mark.parametrize("wrong", [[], ["secret"], "public", ["public"] * 7])
def test_a_grant_names_classifications_that_there_are(admin: Caller, wrong: object) -> None:
    grants = [{"role": "viewer", "models": "*", "classifications": wrong}]
    refused = admin.put("/v1/grants", {"subject": "group:x", "grants": grants})
    assert (refused.status, refused.code) == (400, "invalid_input")


def test_who_may_do_something_leaves_out_grants_that_do_not_reach_the_model(admin: Caller, champion: Services) -> None:
    grants = [{"role": "reviewer", "models": "*", "classifications": LIMIT}]
    assert admin.put("/v1/grants", {"subject": "group:risk", "grants": grants}).status == 200
    granted(admin, "reviewer")

    def who(model: str) -> list[str]:
        found = admin.get("/v1/access", query={"action": "approve", "model": model}).document
        found["items"] += admin.get(
            "/v1/access", query={"action": "approve", "model": model, "cursor": found["next_cursor"]}
        ).document["items"]
        return sorted(path["principal"] for path in found["items"])

    assert who("fraud") == ["group:risk", "token:bootstrap", "token:someone"]
    assert who("*") == ["token:bootstrap", "token:someone"]
    classify(admin, classification="restricted")
    assert who("fraud") == ["token:bootstrap", "token:someone"]
