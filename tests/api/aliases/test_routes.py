"""Aliases over HTTP."""

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller

MODEL = "/v1/models/fraud"


@pytest.fixture(autouse=True)
def fraud(admin: Caller, registry: Services) -> None:
    journey.champion(admin, registry)


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


def test_moving_an_alias_that_moved_meanwhile_is_refused(admin: Caller) -> None:
    where = f"{MODEL}/aliases/champion"
    refused = admin.put(where, {"version": 2, "expected_version": None})
    assert (refused.status, refused.code) == (409, "alias_moved")
    assert admin.put(where, {"version": 2, "expected_version": 1}).document["version"] == 2
    assert admin.post(f"{where}/rollback", {"reason": "worse"}).document["version"] == 1
    assert [move["version"] for move in admin.get(f"{where}/history").document["items"]] == [1, 2, 1]
