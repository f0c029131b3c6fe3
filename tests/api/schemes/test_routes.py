"""Schemes over HTTP."""

from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.schemes.presets import PRESETS
from tests.api import journey
from tests.api.gateway import Caller, granted
from tests.domain.schemes.documents import document

BODY = {key: value for key, value in document().items() if key != "name"}


def saved(admin: Caller, **changes: Any) -> dict[str, Any]:
    reply = admin.put("/v1/schemes/own", {**BODY, **changes})
    assert reply.status == 200, reply.text
    found: dict[str, Any] = reply.document
    return found


def test_a_scheme_is_saved_listed_and_read_in_any_of_its_versions(admin: Caller) -> None:
    assert saved(admin)["version"] == 1
    assert saved(admin, description="stricter")["version"] == 2
    now = admin.get("/v1/schemes/own")
    assert (now.document["version"], now.document["saved_by"]) == (2, "token:bootstrap")
    assert admin.get("/v1/schemes/own", query={"version": 1}).document["document"] == {**document(), "version": 1}
    names = [scheme["name"] for scheme in admin.get("/v1/schemes").document["items"]]
    assert names == [*PRESETS, "own"]


def test_a_stale_save_is_refused(admin: Caller) -> None:
    saved(admin)
    etag = admin.get("/v1/schemes/own").etag
    saved(admin, description="meanwhile")
    refused = admin.put("/v1/schemes/own", BODY, headers={"If-Match": etag})
    assert (refused.status, refused.code) == (412, "precondition_failed")


def test_a_save_that_is_repeated_is_replayed(admin: Caller) -> None:
    replies = [admin.put("/v1/schemes/own", BODY, key="once") for _ in range(2)]
    assert [reply.headers.get("Idempotent-Replayed") for reply in replies] == [None, "true"]
    assert replies[0].document == replies[1].document


def test_built_in_schemes_cannot_be_saved_and_unknown_ones_not_be_chosen(admin: Caller) -> None:
    assert admin.put("/v1/schemes/regulated", BODY).code == "builtin_scheme"
    assert admin.put("/v1/schemes/Own%20scheme", BODY).code == "invalid_name"
    assert admin.get("/v1/schemes/own", query={"version": 3}).code == "scheme_not_found"
    journey.model(admin)
    for body in ({"scheme": "own"}, {"scheme": "default", "version": 2}):
        refused = admin.put("/v1/models/fraud/scheme", body)
        assert (refused.status, refused.code) == (404, "scheme_not_found")
    assert admin.put("/v1/default-scheme", {"scheme": "own"}).code == "scheme_not_found"


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"stages": []}, ["/stages"]),
        ({"nonsense": 1}, ["/nonsense"]),
        ({"transitions": [{"from": "draft"}]}, ["/transitions/0/to"]),
        (
            {"transitions": [{**BODY["transitions"][0], "gates": [{"name": "x", "kind": "y"}]}]},
            ["/transitions/0/gates/0"],
        ),
        (
            {"initial": "nowhere", "transitions": [*BODY["transitions"], {"from": "live", "to": "live"}]},
            ["/initial", "/transitions/2/to"],
        ),
        (
            {
                "transitions": [
                    {
                        **BODY["transitions"][0],
                        "gates": [{"name": "cel", "kind": "condition", "expression": "metrics.auc >"}],
                    },
                    BODY["transitions"][1],
                ]
            },
            ["/transitions/0/gates/0/expression"],
        ),
    ],
)
def test_an_invalid_scheme_is_refused_with_the_place_of_every_fault(
    admin: Caller, changes: dict[str, Any], pointers: list[str]
) -> None:
    refused = admin.put("/v1/schemes/own", {**BODY, **changes})
    assert (refused.status, refused.code) == (400, "invalid_input")
    assert [problem["pointer"] for problem in refused.document["errors"]] == pointers
    journey.model(admin)
    assert admin.post("/v1/models/fraud/scheme/simulate", {**BODY, **changes}).code == "invalid_input"


def test_a_model_is_given_a_scheme_and_a_tier(admin: Caller, registry: Services) -> None:
    saved(admin)
    journey.model(admin)
    assert admin.get("/v1/models/fraud/scheme").document["name"] == "default"
    assigned = admin.put("/v1/models/fraud/scheme", {"scheme": "own"})
    assert assigned.document == {"tier": "low", "scheme": {"name": "own", "version": 1}}
    assert admin.put("/v1/models/fraud/tier", {"tier": "high"}).document["tier"] == "high"
    assert journey.ready(admin, registry).document["stage"] == "draft"
    refused = admin.put("/v1/models/fraud/scheme", {"scheme": "default"})
    assert (refused.status, refused.code) == (409, "scheme_incompatible")


def test_new_models_have_the_default_scheme(admin: Caller) -> None:
    saved(admin)
    assert admin.get("/v1/default-scheme").document["name"] == "default"
    assert admin.put("/v1/default-scheme", {"scheme": "own"}).document["name"] == "own"
    journey.model(admin)
    assert admin.get("/v1/models/fraud/scheme").document["name"] == "own"


def test_a_viewer_reads_schemes_and_only_a_maintainer_simulates_others(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)
    admin.post("/v1/models/fraud/versions/1/transitions", {"to_stage": "production"})
    viewer = granted(admin, "viewer", "fraud")
    assert viewer.get("/v1/schemes/regulated").status == 200
    assert viewer.put("/v1/schemes/own", BODY).status == 403
    # A simulation evaluates the caller's own conditions on the whole past of the model.
    assert viewer.post("/v1/models/fraud/scheme/simulate", BODY).status == 403
    tried = granted(admin, "maintainer", "fraud").post("/v1/models/fraud/scheme/simulate", BODY)
    assert (tried.status, tried.document["refused"], tried.document["complete"]) == (200, 1, True)
