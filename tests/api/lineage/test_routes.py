"""Lineage over HTTP: what is shown of it, and to whom."""

from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from tests.api import journey
from tests.api.gateway import Function

ADMIN = Function(Principal("token:ada", (Grant(Role.ADMIN, "*"),)))
READER = Function(Principal("token:rea", (Grant(Role.VIEWER, "fr*"),)))
DATASETS = [{"name": "clicks", "digest": "d1"}]


@pytest.fixture(autouse=True)
def family(registry: Services) -> None:
    """``fraud/1``, in production, is fine-tuned from ``base/1``, which is trained on clicks."""
    for name in ("base", "fraud"):
        journey.model(ADMIN, name)
    journey.ready(ADMIN, registry, "base", provenance={"datasets": DATASETS})
    bases = [{"model": "base", "version": 1, "relation": "finetune"}]
    journey.ready(ADMIN, registry, "fraud", provenance={"base_models": bases}, parameters={"seed": 7})
    moved = ADMIN.post("/v1/models/fraud/versions/1/transitions", {"to_stage": "production"})
    assert moved.status == 200, moved.text


def lineage(caller: Function = ADMIN, path: str = "/v1/models/fraud/versions/1/lineage", **query: Any) -> Any:
    reply = caller.get(path, query=query)
    assert reply.status == 200, reply.text
    return reply.document


def test_a_versions_lineage_has_its_nodes_and_the_edges_between_them() -> None:
    found = lineage(direction="up")
    assert found["start"].items() >= {"kind": "version", "model": "fraud", "version": 1, "hidden": False}.items()
    base, clicks = found["items"]
    assert base.items() >= {"kind": "version", "model": "base", "version": 1, "depth": 1, "direction": "up"}.items()
    assert clicks.items() >= {"kind": "dataset", "name": "clicks", "digest": "d1", "depth": 2}.items()
    first, second = found["edges"]
    assert (first["node"], first["origin"]) == (found["start"]["id"], base["id"])
    assert (first["type"], first["relation"], first["source"]) == ("based_on", "finetune", "registered")
    assert (second["node"], second["origin"], second["type"]) == (base["id"], clicks["id"], "trained_on")
    assert (found["truncated"], found["next_cursor"]) == ([], None)


def test_a_page_goes_on_at_its_cursor() -> None:
    first = lineage(direction="up", limit=1)
    second = lineage(direction="up", limit=1, cursor=first["next_cursor"])
    assert [one["kind"] for one in (*first["items"], *second["items"])] == ["version", "dataset"]


def test_lineage_goes_as_deep_and_in_the_direction_that_is_asked_for() -> None:
    assert [one["kind"] for one in lineage(depth=1)["items"]] == ["version"]
    assert lineage(direction="down")["items"] == []
    below = lineage(path="/v1/models/base/versions/1/lineage", direction="down")
    assert [(one["model"], one["direction"]) for one in below["items"]] == [("fraud", "down")]


def test_a_version_that_the_caller_may_not_read_is_only_known_by_its_kind() -> None:
    found = lineage(READER)
    (hidden,) = found["items"]
    assert hidden == {"id": hidden["id"], "kind": "version", "hidden": True, "direction": "up", "depth": 1}
    assert hidden["id"] != lineage()["items"][0]["id"]
    (edge,) = found["edges"]
    assert (edge["origin"], edge["since"], edge["relation"]) == (hidden["id"], None, None)
    assert READER.get("/v1/models/base/versions/1/lineage").status == 403


def test_the_lineage_of_a_dataset_begins_at_its_name_or_at_a_state_of_it() -> None:
    for state in ({}, {"digest": "d1"}):
        found = lineage(path="/v1/lineage", name="clicks", **state)
        assert [one["model"] for one in found["items"]] == ["base", "fraud"]
        # The edge begins at the dataset as it was asked for.
        base, fraud = found["items"]
        edges = [(edge["origin"], edge["node"]) for edge in found["edges"]]
        assert edges == [(found["start"]["id"], base["id"]), (base["id"], fraud["id"])]
    assert lineage(path="/v1/lineage", name="clicks", version="7")["items"] == []
    assert lineage(path="/v1/lineage", name="clicks", kind="run")["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"name": "clicks", "commit": "abc"},
        {"name": "git", "kind": "commit"},
        {"name": "git", "kind": "version"},
        {"name": "clicks", "depth": "11"},
        {"name": "clicks", "direction": "sideways"},
    ],
)
def test_a_node_that_cannot_be_is_refused(query: dict[str, str]) -> None:
    assert ADMIN.get("/v1/lineage", query=query).status == 400


def test_what_descends_from_a_dataset_is_listed_with_the_way() -> None:
    (found,) = lineage(path="/v1/lineage/descendants", dataset="clicks")["items"]
    assert (found["model"], found["version"], found["stage"]) == ("fraud", 1, "production")
    assert [node["kind"] for node in found["path"]] == ["version", "version", "dataset"]
    assert lineage(path="/v1/lineage/descendants", digest="other")["items"] == []
    (way,) = [one["path"] for one in lineage(READER, "/v1/lineage/descendants", dataset="clicks")["items"]]
    assert [(node["kind"], node["hidden"]) for node in way] == [
        ("version", False),
        ("version", True),
        ("dataset", False),
    ]


def test_descendants_are_looked_for_in_a_stage_or_at_an_alias() -> None:
    assert lineage(path="/v1/lineage/descendants", dataset="clicks", alias="champion")["items"] == []
    assert ADMIN.put("/v1/models/base/aliases/champion", {"version": 1}).status == 200
    (found,) = lineage(path="/v1/lineage/descendants", dataset="clicks", alias="champion")["items"]
    assert (found["model"], found["aliases"]) == ("base", ["champion"])
    both, impossible = {"stage": "production", "alias": "champion"}, {"alias": "a" * 1100}
    for query in ({}, {"dataset": "clicks", **both}, {"dataset": "clicks", **impossible}):
        assert ADMIN.get("/v1/lineage/descendants", query=query).status == 400


def test_what_is_recorded_to_make_a_version_again_is_shown() -> None:
    found = lineage(path="/v1/models/fraud/versions/1/reproducibility")
    assert not found["complete"]
    by_name = {one["name"]: one for one in found["ingredients"]}
    assert by_name["seed"] == {"name": "seed", "answer": "recorded", "found": "seed = 7", "advice": None}
    assert by_name["code"]["answer"] == "missing"


def test_prov_names_entities_and_how_they_derive() -> None:
    found = lineage(path="/v1/models/fraud/versions/1/lineage/prov")
    assert {one["moorage:kind"] for one in found["entity"].values()} == {"version", "dataset"}
    derived = [(one["prov:generatedEntity"], one["prov:usedEntity"]) for one in found["wasDerivedFrom"].values()]
    assert len(derived) == 2
    assert {name for pair in derived for name in pair} == found["entity"].keys()
    assert len(lineage(READER, "/v1/models/fraud/versions/1/lineage/prov")["entity"]) == 1


@pytest.mark.parametrize(
    "base",
    [
        {},
        {"model": "base"},
        {"version": 1},
        {"name": "bert", "model": "base", "version": 1},
        {"name": "bert", "relation": "cousin"},
    ],
)
def test_a_base_model_is_a_version_or_has_a_name(base: dict[str, Any]) -> None:
    body = {"files": [journey.FILE], "provenance": {"base_models": [base]}}
    assert ADMIN.post("/v1/models/fraud/versions", body).status == 400
