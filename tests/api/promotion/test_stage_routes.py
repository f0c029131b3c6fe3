"""Stages over HTTP."""

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller


@pytest.fixture(autouse=True)
def fraud(admin: Caller) -> None:
    journey.model(admin)


def test_entering_an_exclusive_stage_archives_its_holder_and_rolling_back_returns_it(
    admin: Caller, registry: Services
) -> None:
    for number in (1, 2):
        journey.ready(admin, registry)
        moved = admin.post(f"/v1/models/fraud/versions/{number}/transitions", {"to_stage": "production"})
        assert moved.document["stage"] == "production"
    assert admin.get("/v1/models/fraud/versions/1").document["stage"] == "archived"
    returned = admin.post("/v1/models/fraud/stages/production/rollback")
    assert (returned.document["number"], returned.document["stage"]) == (1, "production")
    history = admin.get("/v1/models/fraud/stages/production/history").document["items"]
    assert [move["version"] for move in history] == [1, 2, 1]
    assert history[0]["trigger"] == "rollback"
