"""The champion and its challenger over HTTP, compared, promoted, retired; and comparisons of any versions."""

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted

MODEL = "/v1/models/fraud"
WHERE = f"{MODEL}/challenger"


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    """Two versions, of which the first is champion."""
    journey.model(admin)
    journey.ready(admin, registry, metrics={"auc": 0.95, "rows": 10}, parameters={"depth": 4})
    journey.ready(admin, registry, metrics={"auc": 0.97}, parameters={"depth": 6})
    admin.put(f"{MODEL}/aliases/champion", {"version": 1})


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
    assert latency["metrics"] == [{"name": "p99_ms", "values": [20, 15.5], "differences": [0, -4.5]}]
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
def test_a_comparison_of_what_is_no_two_to_five_versions_is_refused(admin: Caller, versions: str, code: str) -> None:
    assert admin.get(f"{MODEL}/compare", query={"versions": versions}).code == code


def test_a_comparison_within_a_model_that_does_not_exist_is_refused(admin: Caller) -> None:
    assert admin.get("/v1/models/none/compare", query={"versions": "1,2"}).status == 404
    assert admin.get("/v1/models/none/compare", query={"versions": "1,@a"}).code == "model_not_found"


def test_a_pending_version_can_be_compared(admin: Caller) -> None:
    journey.version(admin)
    report = admin.get(f"{MODEL}/compare", query={"versions": "1, 3"}).document
    assert [version["status"] for version in report["versions"]] == ["READY", "PENDING"]


def test_the_challenger_is_shown_beside_the_champion(admin: Caller) -> None:
    assert admin.get(WHERE).code == "alias_not_found"
    assert admin.put(WHERE, {"version": 2}).document["alias"] == "challenger"
    shown = admin.get(WHERE).document
    assert (shown["champion"], shown["challenger"]) == (1, 2)
    assert shown["comparison"]["metrics"][0]["differences"] == [0, 0.02]


def test_a_challenger_without_a_champion_has_nobody_to_be_compared_with(admin: Caller) -> None:
    admin.delete(f"{MODEL}/aliases/champion")
    admin.put(WHERE, {"version": 2})
    assert admin.get(WHERE).document == {"model": "fraud", "champion": None, "challenger": 2, "comparison": None}
    assert admin.post(f"{WHERE}/promote").document["version"] == 2


def test_promoting_is_one_event_that_serves_the_challenger_and_can_be_rolled_back(admin: Caller) -> None:
    admin.put(WHERE, {"version": 2})
    promoted = admin.post(f"{WHERE}/promote", {"expected_version": 2, "reason": "two points better"})
    assert promoted.status == 200, promoted.text
    assert (promoted.document["alias"], promoted.document["version"]) == ("champion", 2)
    assert promoted.document == admin.get(f"{MODEL}/aliases/champion").document
    event = admin.get(f"{MODEL}/events").document["items"][0]
    assert (event["type"], event["alias"], event["version"]) == ("challenger.promoted", "champion", 2)
    assert event["before"] == {"champion": 1, "challenger": 2}
    assert event["reason"] == "two points better"
    assert admin.get(WHERE).code == "alias_not_found"
    served = admin.get(f"{MODEL}/versions/@champion")
    assert (served.document["number"], served.document["aliases"]) == (2, ["champion"])
    assert admin.get(f"{MODEL}/versions/1").document["aliases"] == []
    champions = admin.get(f"{MODEL}/aliases/champion/history").document["items"]
    assert [(move["version"], move["previous_version"]) for move in champions] == [(2, 1), (1, None)]
    challengers = admin.get(f"{MODEL}/aliases/challenger/history").document["items"]
    assert [(move["version"], move["previous_version"]) for move in challengers] == [(None, 2), (2, None)]
    assert admin.post(f"{MODEL}/aliases/champion/rollback").document["version"] == 1
    assert admin.get(f"{MODEL}/events/verify").document["intact"] is True


def test_promoting_a_challenger_that_moved_meanwhile_is_refused(admin: Caller) -> None:
    seen = admin.put(WHERE, {"version": 1})
    admin.put(WHERE, {"version": 2})
    assert admin.post(f"{WHERE}/promote", {"expected_version": 1}).code == "alias_moved"
    stale = {"If-Match": seen.etag}
    assert admin.post(f"{WHERE}/promote", headers=stale).code == "precondition_failed"
    assert admin.post(f"{WHERE}/retire", headers=stale).code == "precondition_failed"


def test_a_challenger_that_is_champion_already_is_dropped_and_the_champion_stays(admin: Caller) -> None:
    before = admin.get(f"{MODEL}/aliases/champion").document
    admin.put(WHERE, {"version": 1})
    assert admin.post(f"{WHERE}/promote").document == before
    assert admin.get(f"{MODEL}/versions/1").document["aliases"] == ["champion"]
    assert len(admin.get(f"{MODEL}/aliases/champion/history").document["items"]) == 1


def test_a_retired_challenger_leaves_the_champion(admin: Caller) -> None:
    admin.put(WHERE, {"version": 2})
    assert admin.post(f"{WHERE}/retire", {"reason": "slower"}).status == 204
    assert admin.get(f"{MODEL}").document["aliases"] == {"champion": 1}
    event = admin.get(f"{MODEL}/events").document["items"][0]
    assert (event["type"], event["reason"]) == ("challenger.retired", "slower")
    assert admin.post(f"{WHERE}/retire").code == "alias_not_found"
    assert admin.post(f"{WHERE}/promote").code == "alias_not_found"


def test_an_alias_shows_its_protection_and_its_etag_changes_with_it(admin: Caller) -> None:
    before = admin.get(f"{MODEL}/aliases/champion")
    made = admin.put(f"{MODEL}/aliases/champion/protection", {"protected": True})
    assert made.document == {"alias": "champion", "model": "fraud", "protected": True}
    after = admin.get(f"{MODEL}/aliases/champion", headers={"If-None-Match": before.etag})
    assert (before.document["protected"], after.document["protected"]) == (False, True)
    assert admin.get(MODEL).document["protected_aliases"] == ["champion"]
    assert admin.put(f"{MODEL}/aliases/champion", {"version": 2}).document["protected"] is True
    assert [alias["protected"] for alias in admin.get(f"{MODEL}/aliases").document["items"]] == [True]
    admin.put(f"{MODEL}/aliases/champion/protection", {"protected": False})
    assert admin.get(f"{MODEL}/aliases/champion").document["protected"] is False


def test_an_alias_can_be_protected_before_it_exists(admin: Caller) -> None:
    admin.put(f"{MODEL}/aliases/shadow/protection", {"protected": True})
    assert admin.put(f"{MODEL}/aliases/shadow", {"version": 1}).document["protected"] is True
    assert admin.get(f"{MODEL}/aliases/shadow").document["protected"] is True
