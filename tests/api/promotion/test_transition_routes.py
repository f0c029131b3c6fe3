"""Direct moves, dry runs and overrides over HTTP."""

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted
from tests.api.promotion.gated import gated_model, opened


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    gated_model(admin, registry)


def test_a_direct_move_that_needs_approvals_says_what_to_do(admin: Caller) -> None:
    refused = admin.post("/v1/models/fraud/versions/1/transitions", {"to_stage": "live"})
    assert (refused.status, refused.code) == (409, "approvals_missing")
    assert "open a transition request" in refused.document["detail"]


def test_a_direct_move_that_a_request_asks_for_names_that_request(admin: Caller) -> None:
    opened(admin)
    refused = admin.post("/v1/models/fraud/versions/1/transitions", {"to_stage": "live"})
    assert (refused.status, refused.code) == (409, "approvals_missing")
    assert "by request 1, which asks for it" in refused.document["detail"]
    assert [fault["pointer"] for fault in refused.document["errors"]] == ["/requests/1"]


def test_a_dry_run_is_complete(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry, metrics={"auc": 0.5})
    found = admin.get("/v1/models/fraud/versions/2/transitions/live").document
    assert (found["allowed"], found["request"], len(found["blockers"])) == (False, None, 2)
    (gate,) = found["gates"]
    assert (gate["gate"], gate["holds"], gate["actual"], gate["needed"]) == ("auc", False, 0.5, "auc at least 0.9")
    assert found["approvals"] == [
        {"needed": "1 approval from role reviewer", "count": 1, "approved_by": [], "met": False}
    ]
    assert admin.get("/v1/models/fraud/versions/2/transitions/nowhere").code == "stage_not_found"
    refused = admin.post("/v1/models/fraud/versions/2/transitions", {"to_stage": "live"})
    assert refused.code == "gates_not_met"
    assert [problem["pointer"] for problem in refused.document["errors"]] == ["/gates/auc"]


def test_the_dry_runs_of_all_next_stages_are_those_of_each(admin: Caller) -> None:
    number = opened(admin)["number"]
    where = "/v1/models/fraud/versions/1/transitions"
    items = admin.get(where).document["items"]
    assert [item["to_stage"] for item in items] == ["live", "gone"]
    assert [item["request"] for item in items] == [number, None]
    for item in items:
        alone = admin.get(f"{where}/{item['to_stage']}").document
        assert {field: value for field, value in item.items() if field in alone} == alone


def test_a_dry_run_says_whether_its_caller_makes_the_move_or_asks_for_it(admin: Caller) -> None:
    where = "/v1/models/fraud/versions/1/transitions"

    def ways(caller: Caller) -> dict[str, str | None]:
        return {item["to_stage"]: item["way"] for item in caller.get(where).document["items"]}

    assert ways(granted(admin, "maintainer")) == {"live": "request", "gone": "call"}
    assert ways(granted(admin, "contributor", name="dev")) == {"live": "request", "gone": "request"}
    assert ways(granted(admin, "viewer", name="reader")) == {"live": None, "gone": None}


def test_a_dry_run_says_that_the_registry_makes_a_move_by_itself(admin: Caller) -> None:
    where = "/v1/models/fraud/versions/1/transitions"
    assert [item["automatic"] for item in admin.get(where).document["items"]] == [False, False]
    assert (
        admin.put("/v1/models/fraud/promotion-rule", {"metric": "auc", "to_stage": "live", "at_least": 2}).status == 200
    )
    live, gone = admin.get(where).document["items"]
    assert (live["automatic"], gone["automatic"]) == (True, False)


def test_dry_runs_of_what_is_not_there_say_so(admin: Caller) -> None:
    assert admin.get("/v1/models/fraud/versions/9/transitions").code == "version_not_found"
    assert admin.get("/v1/models/none/versions/1/transitions").code == "model_not_found"
    assert admin.get("/v1/models/fraud/versions/@champion/transitions").code == "alias_not_found"
    assert granted(admin, "viewer", "risk").get("/v1/models/fraud/versions/1/transitions").status in (403, 404)


def test_breaking_glass_needs_an_administrator_and_a_reason(admin: Caller) -> None:
    where = "/v1/models/fraud/versions/1/override"
    assert granted(admin, "maintainer").post(where, {"to_stage": "live", "reason": "outage"}).status == 403
    assert admin.post(where, {"to_stage": "live"}).document["errors"][0]["pointer"] == "/reason"
    assert admin.post(where, {"to_stage": "live", "reason": "outage"}).document["stage"] == "live"
    event = admin.get("/v1/models/fraud/events").document["items"][0]
    assert (event["trigger"], event["details"]["overridden"]) == ("override", ["1 approval from role reviewer"])
