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


def test_breaking_glass_needs_an_administrator_and_a_reason(admin: Caller) -> None:
    where = "/v1/models/fraud/versions/1/override"
    assert granted(admin, "maintainer").post(where, {"to_stage": "live", "reason": "outage"}).status == 403
    assert admin.post(where, {"to_stage": "live"}).document["errors"][0]["pointer"] == "/reason"
    assert admin.post(where, {"to_stage": "live", "reason": "outage"}).document["stage"] == "live"
    event = admin.get("/v1/models/fraud/events").document["items"][0]
    assert (event["trigger"], event["details"]["overridden"]) == ("override", ["1 approval from role reviewer"])
