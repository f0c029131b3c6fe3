"""Searches, the best versions and the leaderboard over HTTP."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.aws.search.reads import MAX_ITEMS
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from chalicelib.domain.search.syntax import Subject
from chalicelib.registry.search.best import MAX_RANKED
from tests.api import journey
from tests.api.callers import token
from tests.api.gateway import Caller, granted
from tests.domain.search.expressions import SCRIBBLE, expressions, orders
from tests.registry.search.searching import Shelf, state, version

VERSIONS = "/v1/search/versions"
MODELS = "/v1/search/models"
LEADERBOARD = "/v1/leaderboard"
BEST = "/v1/models/fraud/best"


@pytest.fixture(autouse=True)
def made(admin: Caller, registry: Services) -> None:
    """Three versions of ``fraud`` and one of ``churn`` and of ``secret``."""
    for name, owner in (("fraud", "risk"), ("churn", "growth"), ("secret", "risk")):
        assert admin.post("/v1/models", {"name": name, "owner": owner}).status == 201
    for auc, task in ((0.9, "scoring"), (0.97, "scoring"), (0.95, "ranking")):
        journey.ready(admin, registry, metrics={"auc": auc}, tags={"task": task}, provenance={"run": {"id": f"r{auc}"}})
    journey.ready(admin, registry, "churn", metrics={"auc": 0.96}, tags={"task": "scoring"}, label="1.0.0")
    journey.ready(admin, registry, "secret", metrics={"auc": 0.99}, tags={"task": "scoring"})


def pages(caller: Caller, path: str, limit: int, **query: Any) -> list[dict[str, Any]]:
    """Every item of every page."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        reply = caller.get(path, query={**query, "limit": limit, **cursor})
        assert reply.status == 200, reply.text
        page = reply.document
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


def numbers(found: list[dict[str, Any]]) -> list[str]:
    return [f"{one['model']}/{one['number']}" for one in found]


def test_a_search_shows_a_version_as_its_own_page_does(admin: Caller) -> None:
    page = admin.get(VERSIONS, query={"filter": "run_id = 'r0.97'"}).document
    assert page == {
        "items": [admin.get("/v1/models/fraud/versions/2").document],
        "next_cursor": None,
        "stopped_by_budget": False,
    }
    assert page["items"][0]["revised_at"] <= page["items"][0]["updated_at"]


def test_a_search_shows_a_model_as_its_own_page_does(admin: Caller) -> None:
    (found,) = admin.get(MODELS, query={"filter": "owner = 'growth'"}).document["items"]
    assert found == admin.get("/v1/models/churn").document
    assert found["revised_at"]


def test_a_search_of_models_shows_what_serves_if_it_is_asked_to(admin: Caller) -> None:
    assert admin.put("/v1/models/fraud/aliases/champion", {"version": 2}).status == 200
    query = {"filter": "name = 'fraud'", "with": "holders", "explain": True}
    page = admin.get(MODELS, query=query).document
    (found,) = page["items"]
    holders = found.pop("holders")
    assert found == admin.get("/v1/models/fraud").document
    shown = admin.get("/v1/models/fraud/versions/2").document
    assert holders["champion"] == {name: shown[name] for name in holders["champion"]}
    assert holders["champion"]["metrics"] == {"auc": 0.97}
    assert (holders["challenger"], holders["serving"], holders["open_requests"]) == (None, None, 0)
    assert granted(admin, Role.VIEWER, "churn").get(MODELS, query=query).document["items"] == []
    assert admin.get(MODELS, query={"with": "everything"}).code == "invalid_input"


def fields(caller: Caller, **query: str) -> dict[str, dict[str, Any]]:
    reply = caller.get("/v1/search/fields", query=query)
    assert reply.status == 200, reply.text
    return {field["name"]: field for field in reply.document["items"]}


def test_the_fields_come_with_the_names_and_values_that_there_are(admin: Caller, registry: Services) -> None:
    metadata = {"eval": {"set": "a"}, "at": {"$time": "2026-01-01T00:00:00Z"}}
    journey.ready(admin, registry, parameters={"depth": 4}, metadata=metadata)
    found = fields(admin)
    assert found["metrics"]["keys"] == ["auc"] and found["tags"]["keys"] == ["task"]
    assert found["parameters"]["keys"] == ["depth"] and found["metadata"]["keys"] == ["at", "eval/set"]
    assert found["stage"]["values"] == ["development"]
    assert (found["label"]["keys"], found["label"]["values"], found["label"]["key"]) == ([], [], None)
    assert (found["created_at"]["kind"], found["tags"]["key"]) == ("time", "key")
    assert fields(admin, model="churn")["parameters"]["keys"] == []
    assert fields(admin, of="models")["owner"]["values"] == ["growth", "risk"]
    assert list(fields(admin, prefix="sta")) == ["stage", "status"]
    assert fields(admin, prefix="metrics.b")["metrics"]["keys"] == []
    assert admin.get("/v1/search/fields", query={"of": "runs"}).code == "invalid_input"


def test_fields_tell_nothing_of_hidden_models(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry, "secret", tags={"merger": "acme"}, metrics={"synergy": 1.0})
    reader = granted(admin, Role.VIEWER, "churn")
    for query in ({}, {"model": "secret"}, {"of": "models"}, {"of": "models", "model": "secret"}):
        shown = reader.get("/v1/search/fields", query=query).document
        assert "merger" not in str(shown) and "synergy" not in str(shown) and "risk" not in str(shown)
        assert shown["complete"] is True
    assert fields(reader)["metrics"]["keys"] == ["auc"]
    assert fields(reader, model="secret") == fields(reader, model="none")
    assert fields(admin, model="secret")["tags"]["keys"] == ["merger", "task"]


def test_a_search_without_a_filter_finds_everything(admin: Caller) -> None:
    assert len(admin.get(VERSIONS).document["items"]) == 5
    assert [one["name"] for one in admin.get(MODELS).document["items"]] == ["churn", "fraud", "secret"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_of_any_size_are_in_the_requested_order(admin: Caller, limit: int) -> None:
    query = {"filter": "tags.task = 'scoring'", "order_by": "metrics.auc DESC, version"}
    assert numbers(pages(admin, VERSIONS, limit, **query)) == ["secret/1", "fraud/2", "churn/1", "fraud/1"]
    assert [one["name"] for one in pages(admin, MODELS, limit, order_by="owner DESC, name")] == [
        *("fraud", "secret", "churn")
    ]


def test_nobody_finds_what_they_may_not_read(admin: Caller) -> None:
    reader = granted(admin, Role.VIEWER, "fraud")
    assert set(numbers(pages(reader, VERSIONS, 2))) == {"fraud/1", "fraud/2", "fraud/3"}
    assert [one["name"] for one in pages(reader, MODELS, 1, filter="owner = 'risk'")] == ["fraud"]
    assert numbers(pages(reader, LEADERBOARD, 1, metric="auc")) == ["fraud/2"]
    for path in (VERSIONS, MODELS, LEADERBOARD):
        for text in ("name = 'secret'", "name LIKE 'sec%'", "name = 'none'"):
            query = {"filter": text, "explain": True} | ({"metric": "auc"} if path == LEADERBOARD else {})
            page = reader.get(path, query=query).document
            assert (page["items"], page["next_cursor"], page["stopped_by_budget"]) == ([], None, False)
            assert page["cost"] is None, "it would reveal how many hidden items were read"
            assert admin.get(path, query=query).document["cost"] is not None
    assert reader.get("/v1/models/secret/best", query={"metric": "auc"}).status == 403


@pytest.mark.parametrize("path", [VERSIONS, MODELS, LEADERBOARD])
def test_searches_answer_alike_whether_or_not_hidden_models_exist(admin: Caller, registry: Services, path: str) -> None:
    """A cursor that leads to hidden entries only, or a page that they fill, would give their names away."""
    journey.model(admin, "merger-eu")
    journey.ready(admin, registry, "merger-eu", metrics={"auc": 0.5})
    _, reader = token(admin, "eu", [{"role": "viewer", "models": "*-eu"}])
    queries = [
        {"filter": where, "limit": limit, "explain": True, **({"metric": "auc"} if path == LEADERBOARD else {})}
        for where in ("", "name LIKE 'merger%'", "name LIKE 'merger-s%'", "name > 'm' AND name < 'n'")
        for limit in (1, 10)
    ]
    before = [reader.get(path, query=query).document for query in queries]
    journey.model(admin, "merger-secret")
    journey.ready(admin, registry, "merger-secret", metrics={"auc": 0.4})
    after = [reader.get(path, query=query).document for query in queries]
    assert after == before


def test_a_range_of_names_chooses_what_is_read_only_if_the_caller_may_read_all_of_it(admin: Caller) -> None:
    where = {"filter": "name LIKE 'fraud%'", "explain": True}
    _, narrow = token(admin, "narrow", [{"role": "viewer", "models": "fr*"}])
    _, scattered = token(admin, "scattered", [{"role": "viewer", "models": "*d"}])
    assert narrow.get(VERSIONS, query=where).document["plan"]["answered"] == ["name LIKE 'fraud%'"]
    page = scattered.get(VERSIONS, query=where).document
    assert (page["plan"]["answered"], len(page["items"])) == ([], 3)


def test_an_invalid_filter_is_refused_with_the_place_of_the_fault(admin: Caller) -> None:
    for path in (VERSIONS, MODELS):
        refused = admin.get(path, query={"filter": "name = 'a' AND nmae = 'b'"})
        assert (refused.status, refused.code) == (400, "invalid_filter")
        (fault,) = refused.document["errors"]
        assert fault["pointer"] == "?filter" and fault["message"].startswith("column 16: there is no field 'nmae'")
        excerpt, mark = refused.document["detail"].splitlines()[-2:]
        assert excerpt[mark.index("^") :].startswith("nmae")
    assert admin.get(LEADERBOARD, query={"metric": "auc", "filter": "owner ="}).code == "invalid_filter"
    order = admin.get(VERSIONS, query={"order_by": "name, alias"})
    assert (order.code, order.document["errors"][0]["pointer"]) == ("invalid_filter", "?order_by")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (VERSIONS, {"filter": "x" * 4001}),
        (VERSIONS, {"limit": 101}),
        (VERSIONS, {"explain": "perhaps"}),
        (LEADERBOARD, {}),
        (LEADERBOARD, {"metric": "auc", "direction": "up"}),
        (BEST, {"metric": ""}),
        (BEST, {"metric": "auc", "limit": 0}),
    ],
)
def test_parameters_out_of_bounds_are_refused(admin: Caller, path: str, query: dict[str, Any]) -> None:
    refused = admin.get(path, query=query)
    assert (refused.status, refused.code) == (400, "invalid_input")


def test_a_cursor_is_valid_for_the_same_search_only(admin: Caller) -> None:
    query = {"filter": "tags.task = 'scoring'", "order_by": "name", "limit": 1}
    cursor = admin.get(VERSIONS, query=query).document["next_cursor"]
    assert admin.get(VERSIONS, query={**query, "limit": 2, "cursor": cursor}).status == 200
    for change in ({"filter": "tags.task = 'ranking'"}, {"order_by": "name DESC"}):
        assert admin.get(VERSIONS, query={**query, **change, "cursor": cursor}).code == "invalid_cursor"


def test_an_explanation_says_what_was_read_and_what_it_cost(admin: Caller) -> None:
    query = {"filter": "metrics.auc > 0.92 AND tags.task != 'ranking'", "explain": True}
    page = admin.get(VERSIONS, query=query).document
    assert page["plan"] == {
        "index": "versions by metric",
        "answered": ["metrics.auc > 0.92"],
        "filtered": ["tags.task != 'ranking'"],
        "order": ["updated_at DESC", "name ASC", "version DESC"],
        "sorted": True,
        "too_many_in": None,
    }
    assert page["cost"]["items"] == 4 and page["cost"]["calls"] == 2 and page["cost"]["capacity_units"] > 0
    in_order = admin.get(VERSIONS, query={**query, "order_by": "metrics.auc"}).document
    assert in_order["plan"]["sorted"] is False
    assert admin.get(MODELS, query={"filter": "name = 'fraud'", "explain": True}).document["plan"]["index"] == "key"


def test_the_best_versions_of_a_model(admin: Caller) -> None:
    found = admin.get(BEST, query={"metric": "auc", "limit": 2}).document
    assert (found["model"], found["metric"]) == ("fraud", "auc")
    second = admin.get("/v1/models/fraud/versions/2").document
    assert found["items"][0] == {
        "model": "fraud",
        "number": 2,
        "label": None,
        "value": 0.97,
        "created_at": second["created_at"],
        "created_by": second["created_by"],
        "run_id": "r0.97",
    }
    assert numbers(found["items"]) == ["fraud/2", "fraud/3"]
    lowest = admin.get(BEST, query={"metric": "auc", "direction": "min"}).document["items"]
    assert numbers(lowest) == ["fraud/1", "fraud/3", "fraud/2"]
    assert admin.get(BEST, query={"metric": "f1"}).document["items"] == []
    assert admin.get("/v1/models/none/best", query={"metric": "auc"}).code == "model_not_found"


def test_of_equally_good_versions_the_newest_come_first(admin: Caller, registry: Services) -> None:
    for loss in (0.9, 0.5, 0.9, 0.5, 0.9):
        journey.ready(admin, registry, "churn", metrics={"loss": loss})
    for direction, numbers_in_order in (("max", [6, 4, 2, 5]), ("min", [5, 3, 6, 4])):
        for limit in (1, 2, 3, 4):
            query = {"metric": "loss", "direction": direction, "limit": limit}
            found = admin.get("/v1/models/churn/best", query=query).document["items"]
            assert [one["number"] for one in found] == numbers_in_order[:limit]
        (leader,) = admin.get(LEADERBOARD, query={"metric": "loss", "direction": direction}).document["items"]
        assert leader["number"] == numbers_in_order[0]


def test_a_version_that_is_not_ready_is_not_ranked(admin: Caller) -> None:
    journey.version(admin, "fraud", metrics={"auc": 1})
    assert numbers(admin.get(BEST, query={"metric": "auc", "limit": 1}).document["items"]) == ["fraud/2"]
    assert numbers(pages(admin, LEADERBOARD, 1, metric="auc", filter="name = 'fraud'")) == ["fraud/2"]


def test_a_deleted_version_is_neither_found_nor_ranked(admin: Caller) -> None:
    assert admin.delete("/v1/models/fraud/versions/2").status == 204
    assert admin.get(VERSIONS, query={"filter": "run_id = 'r0.97'"}).document["items"] == []
    assert numbers(admin.get(BEST, query={"metric": "auc"}).document["items"]) == ["fraud/3", "fraud/1"]
    assert numbers(pages(admin, LEADERBOARD, 100, metric="auc")) == ["secret/1", "churn/1", "fraud/3"]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_the_leaderboard_has_the_best_version_of_each_model(admin: Caller, limit: int) -> None:
    assert numbers(pages(admin, LEADERBOARD, limit, metric="auc")) == ["secret/1", "fraud/2", "churn/1"]
    lowest = pages(admin, LEADERBOARD, limit, metric="auc", direction="min")
    assert numbers(lowest) == ["fraud/1", "churn/1", "secret/1"]
    filtered = pages(admin, LEADERBOARD, limit, metric="auc", filter="tags.task = 'ranking' OR label IS NOT NULL")
    assert numbers(filtered) == ["churn/1", "fraud/3"]
    assert pages(admin, LEADERBOARD, limit, metric="f1") == []


def test_a_leaderboard_continues_page_by_page_and_ends_after_two_hundred_models(
    admin: Caller, registry: Services
) -> None:
    shelf = Shelf(registry)
    for model in range(MAX_RANKED + 10):
        name = f"{chr(0x10000) * 239}{model:03d}"
        shelf.put_model(state(name))
        for number in (1, 2):
            shelf.put_version(version(name, number, metrics={"auc": model + number / 10}))
    found = pages(admin, LEADERBOARD, 70, metric="auc")
    best_first = range(MAX_RANKED + 9, 9, -1)
    assert [(one["model"][-3:], one["number"]) for one in found] == [(f"{model:03d}", 2) for model in best_first]


def test_a_leaderboard_continues_after_it_has_spent_its_budget(admin: Caller, registry: Services) -> None:
    shelf = Shelf(registry)
    for number in range(1, MAX_ITEMS + 50):
        shelf.put_version(version("many", number, metrics={"auc": number}, label="rare" if number < 3 else None))
    shelf.put_version(version("few", 1, metrics={"auc": 0.5}, label="rare"))
    for name in ("few", "many"):
        shelf.put_model(state(name))
    query = {"metric": "auc", "filter": "label = 'rare'"}
    assert admin.get(LEADERBOARD, query=query).document["stopped_by_budget"] is True
    assert numbers(pages(admin, LEADERBOARD, 10, **query)) == ["many/2", "few/1"]


def test_values_keep_their_precision_and_their_kind(admin: Caller, registry: Services) -> None:
    journey.ready(admin, registry, metrics={"rows": 2**53 + 1, "loss": 1e-300})
    assert admin.get(BEST, query={"metric": "rows"}).document["items"][0]["value"] == 2**53 + 1
    assert admin.get(BEST, query={"metric": "loss"}).document["items"][0]["value"] == 1e-300


def test_a_cursor_to_the_longest_texts_can_be_used(admin: Caller, registry: Services) -> None:
    texts = {"a": "\x01" * 400, "b": "\x00" * 400, "task": "\x1f" * 400}
    for number in range(2):
        journey.ready(admin, registry, "churn", tags={**texts, "n": str(number)})
    query = {"order_by": "tags.a, tags.b, tags.task", "filter": "tags.n IS NOT NULL"}
    assert numbers(pages(admin, VERSIONS, 1, **query)) == ["churn/3", "churn/2"]


def test_a_page_that_spends_its_budget_says_so_and_the_search_continues(admin: Caller, registry: Services) -> None:
    shelf = Shelf(registry)
    for number in range(1, MAX_ITEMS + 100):
        shelf.put_version(version("many", number, label="rare" if number % 500 == 1 else None))
    query = {"filter": "label = 'rare'", "limit": 5}
    page = admin.get(VERSIONS, query=query).document
    assert page["stopped_by_budget"] and page["next_cursor"] and len(page["items"]) < 3
    assert numbers(pages(admin, VERSIONS, **query)) == ["many/1001", "many/501", "many/1"]
    too_broad = admin.get(VERSIONS, query={**query, "order_by": "author"})
    assert (too_broad.status, too_broad.code) == (400, "search_too_broad")


REFUSALS = ("invalid_filter", "invalid_input", "search_too_broad")


@pytest.mark.parametrize("subject", Subject)
def test_no_search_is_a_server_error(admin: Caller, subject: Subject) -> None:
    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(
        text=st.one_of(expressions(subject).map(str), SCRIBBLE),
        order=st.one_of(orders(subject).map(lambda some: ", ".join(map(str, some))), SCRIBBLE),
    )
    def search(text: str, order: str) -> None:
        reply = admin.get(f"/v1/search/{subject}", query={"filter": text, "order_by": order, "explain": True})
        assert reply.status == 200 or reply.code in REFUSALS, reply.text

    search()
