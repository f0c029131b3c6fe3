"""Past positions of aliases and stages over HTTP."""

import pytest

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted

MODEL = "/v1/models/fraud"


@pytest.fixture
def ready(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)


@pytest.mark.usefixtures("ready")
def test_past_positions_of_aliases_and_stages_can_be_read(admin: Caller) -> None:
    moved = admin.put(f"{MODEL}/aliases/champion", {"version": 1, "reason": "first"}).document
    as_of = admin.get(f"{MODEL}/aliases/champion/as-of", query={"time": moved["updated_at"]}).document
    assert (as_of["pointer"], as_of["version"], as_of["move"]["reason"]) == ("alias:champion", 1, "first")
    earlier = admin.get(f"{MODEL}/aliases/champion/as-of", query={"time": "2000-01-01T00:00:00Z"}).document
    assert (earlier["version"], earlier["move"]) == (None, None)
    assert admin.get(f"{MODEL}/stages/production/as-of", query={"time": moved["updated_at"]}).status == 200
    unknown = admin.get(f"{MODEL}/stages/prodution/as-of", query={"time": moved["updated_at"]})
    assert unknown.document["code"] == "stage_not_found"


@pytest.mark.parametrize("time", ["yesterday", "2026-11-23", "2026-11-23T09:30:00", "0001-01-01T00:00:00+14:00"])
@pytest.mark.usefixtures("ready")
def test_a_time_without_a_zone_is_refused(admin: Caller, time: str) -> None:
    assert admin.get(f"{MODEL}/aliases/champion/as-of", query={"time": time}).status == 400


@pytest.mark.usefixtures("ready")
def test_all_pointers_and_all_models_can_be_asked_of_a_time(admin: Caller) -> None:
    admin.put(f"{MODEL}/aliases/champion", {"version": 1, "reason": "first"})
    moved = admin.post(f"{MODEL}/versions/1/transitions", {"to_stage": "production", "reason": "ready"}).document
    time = {"time": moved["stage_since"]}
    stage, alias = admin.get(f"{MODEL}/as-of", query=time).document["items"]
    assert stage == admin.get(f"{MODEL}/stages/production/as-of", query=time).document
    assert alias == admin.get(f"{MODEL}/aliases/champion/as-of", query=time).document
    first = admin.get(f"{MODEL}/as-of", query={**time, "limit": 1}).document
    rest = admin.get(f"{MODEL}/as-of", query={**time, "limit": 1, "cursor": first["next_cursor"]}).document
    assert [*first["items"], *rest["items"]] == [stage, alias]
    asked = {**time, "stage": "production"}
    assert admin.get("/v1/as-of", query=asked).document == {"items": [{"model": "fraud", **stage}], "next_cursor": None}
    assert granted(admin, "viewer", "other*").get("/v1/as-of", query=asked).document["items"] == []
    assert granted(admin, "viewer", "other*", "bob").get(f"{MODEL}/as-of", query=time).status == 403
    assert admin.get("/v1/models/none/as-of", query=time).code == "model_not_found"
    for query in (time, {"stage": "production"}, {**asked, "stage": "a b"}, {**asked, "time": "2026-11-23"}):
        assert admin.get("/v1/as-of", query=query).code == "invalid_input"
