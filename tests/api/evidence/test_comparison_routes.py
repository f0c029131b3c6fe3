"""Comparisons of versions over HTTP."""

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted

MODEL = "/v1/models/fraud"


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    journey.champion(admin, registry)


def test_a_comparison_has_both_versions_side_by_side(admin: Caller) -> None:
    admin.put(f"{MODEL}/versions/2/checks/ci", {"passed": True})
    for number, p99 in ((1, 20), (2, 15.5)):
        body = {
            "kind": "system",
            "metrics": {"p99_ms": p99},
            "slices": [{"group": {"region": "eu"}, "metrics": {"p99_ms": p99}}],
        }
        admin.put(f"{MODEL}/versions/{number}/evaluations/latency", body)
    compared = granted(admin, "viewer").get(f"{MODEL}/compare", query={"versions": "@champion,2"})
    assert compared.status == 200, compared.text
    report = compared.document
    assert [(version["number"], version["aliases"]) for version in report["versions"]] == [(1, ["champion"]), (2, [])]
    assert report["metrics"] == [
        {"name": "auc", "values": [0.95, 0.97], "differences": [0.0, 0.02]},
        {"name": "rows", "values": [10, None], "differences": [0, None]},
    ]
    assert report["parameters"] == [{"name": "depth", "values": [4, 6]}]
    assert report["checks"] == [{"name": "ci", "values": [None, "passed"]}]
    latency = report["evaluations"][0]
    assert (latency["name"], latency["kinds"]) == ("latency", ["system", "system"])
    unknown = {
        "verdict": "insufficient",
        "reason": "it is not known how certain the values are: give n with successes or sd, or an interval",
    }
    assert latency["metrics"] == [
        {"name": "p99_ms", "values": [20, 15.5], "differences": [0, -4.5], "verdicts": [None, unknown]}
    ]
    assert latency["slices"] == [{"group": {"region": "eu"}, "metrics": latency["metrics"]}]
    assert report["files"] == []


@pytest.mark.parametrize(
    ("versions", "code"),
    [
        ("1", "invalid_input"),
        ("1,2,1,2,1,2", "invalid_input"),
        ("", "invalid_input"),
        ("1,two", "invalid_name"),
        ("1,", "invalid_name"),
        ("1,9", "version_not_found"),
        ("1,@nobody", "alias_not_found"),
    ],
)
def test_only_two_to_five_existing_versions_can_be_compared(admin: Caller, versions: str, code: str) -> None:
    assert admin.get(f"{MODEL}/compare", query={"versions": versions}).code == code


def test_a_comparison_within_a_model_that_does_not_exist_is_refused(admin: Caller) -> None:
    assert admin.get("/v1/models/none/compare", query={"versions": "1,2"}).status == 404
    assert admin.get("/v1/models/none/compare", query={"versions": "1,@a"}).code == "model_not_found"


def test_a_pending_version_can_be_compared(admin: Caller) -> None:
    journey.version(admin)
    report = admin.get(f"{MODEL}/compare", query={"versions": "1, 3"}).document
    assert [version["status"] for version in report["versions"]] == ["READY", "PENDING"]


def test_a_comparison_says_which_way_metrics_are_better(admin: Caller) -> None:
    known = {"metric_directions": {"auc": "up"}}
    assert admin.get(f"{MODEL}/compare", query={"versions": "1,2"}).document["directions"] == {}
    assert admin.patch(MODEL, {"metadata": known}).status == 200
    for versions in ("1,2", "@champion,2"):
        assert admin.get(f"{MODEL}/compare", query={"versions": versions}).document["directions"] == {"auc": "up"}
    assert admin.put(f"{MODEL}/challenger", {"version": 2}).status == 200
    assert admin.get(f"{MODEL}/challenger").document["comparison"]["directions"] == {"auc": "up"}


def test_the_challenger_is_judged_beside_the_champion_by_metric_and_by_slice(admin: Caller) -> None:
    for number, right in ((1, 900), (2, 950)):
        recall = {"value": right / 1000, "n": 1000, "successes": right, "direction": "up"}
        body = {
            "kind": "offline",
            "metrics": {"recall": recall},
            "slices": [{"group": {"region": "eu"}, "metrics": {"recall": recall}}],
            "dataset": {"name": "holdout", "digest": "d1"},
        }
        assert admin.put(f"{MODEL}/versions/{number}/evaluations/holdout", body).status == 200
    admin.put(f"{MODEL}/challenger", {"version": 2})
    (holdout,) = admin.get(f"{MODEL}/challenger").document["comparison"]["evaluations"]
    first, verdict = holdout["metrics"][0]["verdicts"]
    assert (first, verdict["verdict"]) == (None, "better")
    assert 0.02 < verdict["interval"]["low"] < verdict["difference"] < verdict["interval"]["high"] < 0.08
    assert verdict["interval"]["method"] == "newcombe"
    assert 0 < verdict["p"] == verdict["adjusted_p"] < 0.001
    assert holdout["slices"][0]["metrics"][0]["verdicts"][1]["verdict"] == "better"
    other = {"kind": "offline", "metrics": {"recall": 0.9}, "dataset": {"name": "holdout", "digest": "d2"}}
    admin.put(f"{MODEL}/versions/1/evaluations/holdout", other)
    (holdout,) = admin.get(f"{MODEL}/challenger").document["comparison"]["evaluations"]
    assert holdout["metrics"][0]["verdicts"][1]["verdict"] == "insufficient"
    other["metrics"] = {"recall": recall | {"value": 0.9, "successes": 900}}
    admin.put(f"{MODEL}/versions/1/evaluations/holdout", other)
    (holdout,) = admin.get(f"{MODEL}/challenger").document["comparison"]["evaluations"]
    assert holdout["metrics"][0]["verdicts"][1] == {
        "verdict": "measured on different data",
        "reason": "the digests of the two datasets differ",
    }
