"""Overviews over HTTP."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.api.answer_size import MAX_BYTES, size, written
from chalicelib.api.overviews.presenters import model_overview_document
from chalicelib.aws.services import Services
from chalicelib.domain.promotion.transition_request import (
    MAX_OPEN,
    MAX_REVIEWERS,
    MAX_VOTES,
    State,
    TransitionRequest,
    Vote,
)
from chalicelib.registry.overviews.model_overview import get_model_overview
from tests.api import journey
from tests.api.callers import token
from tests.api.gateway import Caller
from tests.api.promotion.gated import gated_model, opened
from tests.domain.build import NOW
from tests.registry.build import model

MODEL = "/v1/models/fraud"
OVERVIEW = f"{MODEL}/overview"


def in_short(summary: Any, whole: Any) -> bool:
    """Whether every field of a summary is as in the whole."""
    if isinstance(summary, list):
        return len(summary) == len(whole) and all(map(in_short, summary, whole))
    if isinstance(summary, dict):
        return all(in_short(summary[name], whole[name]) for name in summary)
    return bool(summary == whole)


@pytest.fixture
def contested(admin: Caller, registry: Services) -> None:
    """A champion that serves and a challenger that is better."""
    journey.champion(admin, registry)
    assert admin.put(f"{MODEL}/challenger", {"version": 2}).status == 200


@pytest.mark.usefixtures("contested")
def test_a_model_is_shown_with_its_stages_and_who_stands_in_them(admin: Caller) -> None:
    assert admin.post(f"{MODEL}/versions/1/transitions", {"to_stage": "production"}).status == 200
    shown = admin.get(OVERVIEW)
    assert shown.document["model"] == admin.get(MODEL).document
    assert shown.etag == admin.get(MODEL).etag
    stages = {stage["name"]: stage for stage in shown.document["stages"]}
    assert list(stages) == [stage["name"] for stage in admin.get(f"{MODEL}/stages").document["items"]]
    assert (stages["production"]["count"], stages["production"]["version"]) == (1, 1)
    assert stages["production"]["exclusive"] is True
    assert [version["number"] for version in stages["development"]["versions"]] == [2]
    (version,) = stages["production"]["versions"]
    assert (version["metrics"], version["aliases"]) == ({"auc": 0.95, "rows": 10}, ["champion"])
    assert stages["staging"]["versions"] == []


@pytest.mark.usefixtures("contested")
def test_the_challenger_of_an_overview_differs_from_the_champion_as_in_their_comparison(admin: Caller) -> None:
    shown = admin.get(OVERVIEW).document
    assert (shown["champion"]["number"], shown["challenger"]["number"]) == (1, 2)
    comparison = admin.get(f"{MODEL}/challenger").document["comparison"]
    assert shown["differences"] == {section: comparison[section] for section in ("metrics", "parameters")}


def test_an_overview_has_the_open_requests_with_their_votes(admin: Caller, registry: Services) -> None:
    gated_model(admin, registry)
    assert admin.get(OVERVIEW).document["requests"] == []
    number = opened(admin)["number"]
    _, reviewer = token(admin, "cy", [{"role": "reviewer", "models": "*"}])
    assert reviewer.post(f"{MODEL}/requests/{number}/approve").status == 200
    (request,) = admin.get(OVERVIEW).document["requests"]
    assert in_short(request, admin.get(f"{MODEL}/requests/{number}").document)
    assert [vote["principal"] for vote in request["votes"]] == ["token:cy"]


def test_the_overview_of_an_empty_model_says_that_there_is_nothing_yet(admin: Caller) -> None:
    journey.model(admin)
    shown = admin.get(OVERVIEW).document
    assert (shown["champion"], shown["challenger"], shown["differences"]) == (None, None, None)
    assert [stage["count"] for stage in shown["stages"]] == [0, 0, 0, 0]
    assert (shown["card"]["revision"], shown["card"]["introduction"]) == (0, "")
    assert shown["locked"] == shown["requests"] == []


@pytest.mark.usefixtures("contested")
def test_a_version_is_shown_with_its_evidence_and_beside_the_champion(admin: Caller) -> None:
    where = f"{MODEL}/versions/2"
    assert admin.put(f"{where}/checks/ci", {"passed": True}).status == 200
    evaluation = {"kind": "system", "metrics": {"p99_ms": 12}}
    assert admin.put(f"{where}/evaluations/latency", evaluation).status == 200
    shown = admin.get(f"{where}/overview").document
    assert shown["version"] == admin.get(where).document
    assert shown["checks"] == admin.get(f"{where}/checks").document["items"]
    assert shown["evaluations"] == admin.get(f"{where}/evaluations").document["items"]
    assert (shown["compared_to"]["pointer"], shown["compared_to"]["version"]["number"]) == ("alias:champion", 1)
    assert shown["differences"]["metrics"][0] == {"name": "auc", "values": [0.95, 0.97], "differences": [0, 0.02]}
    assert shown["differences"]["parameters"] == [{"name": "depth", "values": [4, 6]}]
    assert admin.get(f"{MODEL}/versions/@challenger/overview").document == shown


@pytest.mark.usefixtures("contested")
def test_the_champion_is_compared_to_nothing(admin: Caller) -> None:
    shown = admin.get(f"{MODEL}/versions/1/overview").document
    assert (shown["compared_to"], shown["differences"]) == (None, None)


def test_a_version_is_shown_with_its_own_open_requests(admin: Caller, registry: Services) -> None:
    gated_model(admin, registry)
    journey.ready(admin, registry, metrics={"auc": 0.5})
    number = opened(admin)["number"]
    (request,) = admin.get(f"{MODEL}/versions/1/overview").document["requests"]
    assert in_short(request, admin.get(f"{MODEL}/requests/{number}").document)
    assert admin.get(f"{MODEL}/versions/2/overview").document["requests"] == []


def test_overviews_say_which_way_metrics_are_better(admin: Caller, registry: Services) -> None:
    gated_model(admin, registry)
    assert admin.get(OVERVIEW).document["directions"] == {"auc": "up"}
    assert admin.patch(MODEL, {"metadata": {"metric_directions": {"latency": "down"}}}).status == 200
    told = {"auc": "up", "latency": "down"}
    assert admin.get(OVERVIEW).document["directions"] == told
    assert admin.get(f"{MODEL}/versions/1/overview").document["directions"] == told


@pytest.mark.parametrize("code", ["version_not_found", "alias_not_found", "invalid_name"])
def test_an_overview_of_no_version_says_what_is_missing(admin: Caller, code: str) -> None:
    journey.model(admin)
    ref = {"version_not_found": "9", "alias_not_found": "@champion", "invalid_name": "first"}[code]
    assert admin.get(f"{MODEL}/versions/{ref}/overview").code == code


def test_an_overview_is_for_who_may_read_the_model(admin: Caller) -> None:
    journey.model(admin)
    _, other = token(admin, "other", [{"role": "viewer", "models": "risk"}])
    assert (other.get(OVERVIEW).status, other.get(OVERVIEW).code) == (
        other.get(MODEL).status,
        other.get(MODEL).code,
    )
    assert other.get(f"{MODEL}/versions/1/overview").status == other.get(f"{MODEL}/versions/1").status
    assert admin.get("/v1/models/none/versions/1/overview").code == "model_not_found"
    assert admin.get("/v1/models/none/overview").code == "model_not_found"


def test_the_longest_votes_of_fifty_requests_fit_into_an_overview(registry: Services) -> None:
    vote = Vote("p" * 256, True, NOW, "r" * 1_000, ("reviewer",) * 5, ("g" * 100,) * 10, "b" * 64)
    asked = TransitionRequest(
        model="fraud",
        number=1,
        version=1,
        from_stage="draft",
        to_stage="live",
        author="a",
        requested_by="token:ada",
        requested_at=NOW,
        reason="r" * 1_000,
        due_at=None,
        reviewers=("p" * 256,) * MAX_REVIEWERS,
        state=State.OPEN,
        votes=(vote,) * MAX_VOTES,
    )
    model(registry)
    overview = replace(get_model_overview(registry, "fraud"), requests=(asked,) * MAX_OPEN)
    assert size(written(model_overview_document(overview))) < MAX_BYTES
