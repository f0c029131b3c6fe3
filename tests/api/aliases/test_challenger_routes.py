"""The champion and its challenger over HTTP: compared, promoted, retired."""

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller

MODEL = "/v1/models/fraud"
WHERE = f"{MODEL}/challenger"


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    journey.champion(admin, registry)


def test_the_challenger_is_shown_beside_the_champion(admin: Caller) -> None:
    assert admin.put(WHERE, {"version": 2}).document["alias"] == "challenger"
    shown = admin.get(WHERE).document
    assert (shown["champion"], shown["challenger"]) == (1, 2)
    assert shown["comparison"]["metrics"][0]["differences"] == [0, 0.02]


def test_a_model_without_a_challenger_says_so(admin: Caller) -> None:
    nobody = {"model": "fraud", "champion": 1, "challenger": None, "comparison": None}
    assert (admin.get(WHERE).status, admin.get(WHERE).document) == (200, nobody)
    assert admin.get("/v1/models/none/challenger").code == "model_not_found"


def test_a_challenger_without_a_champion_has_no_comparison(admin: Caller) -> None:
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
    assert admin.get(WHERE).document["challenger"] is None
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
