"""Search, with the SDK and on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from moorage import Client, Grant, InvalidRequestError, NotFoundError, RankedVersion
from moorage.cli import exits
from moorage.cli.main import main

from tests.client.conftest import Connect
from tests.client.lines import Forward, Line

Run = Callable[..., Result]


@pytest.fixture
def run(connect: Connect) -> Run:
    def invoke(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, arguments, obj=connect)
        assert result.exit_code == code, result.output
        return result

    return invoke


@pytest.fixture(autouse=True)
def made(client: Client, build: Path, api: Line) -> None:
    client.models.create("fraud", owner="risk")
    client.register("fraud", build, label="1.0.0", metrics={"auc": 0.9, "loss": 0.2}, tags={"task": "scoring"})
    client.register("fraud", build, metrics={"auc": 0.97, "loss": 0.3}, provenance={"run": {"id": "run-42"}})
    client.register("churn", build, metrics={"auc": 0.95, "rows": 2**53 + 1}, tags={"task": "[scoring]:smile:"})
    api.calm()


def test_versions_are_found_page_after_page_as_they_are_asked_for(client: Client, api: Line) -> None:
    api.disturb(of_one, searching, times=100)
    found = client.search.versions("metrics.auc > 0", order_by="metrics.auc DESC")
    assert api.sent("GET", "/search/versions") == []
    first = next(found)
    assert (first.model, first.number, first.metrics["auc"], first.revised_at is None) == ("fraud", 2, 0.97, False)
    assert len(api.sent("GET", "/search/versions")) == 1
    assert [(one.model, one.number) for one in found] == [("churn", 1), ("fraud", 1)]
    assert len(api.sent("GET", "/search/versions")) == 3


def searching(request: httpx.Request) -> bool:
    return request.url.path.endswith("/search/versions")


def of_one(request: httpx.Request, forward: Forward) -> httpx.Response:
    """The request for pages of one."""
    query = dict(request.url.params) | {"limit": "1"}
    return forward(httpx.Request("GET", request.url.copy_with(params=query), headers=request.headers))


def test_a_search_goes_on_after_a_page_that_stopped_at_its_budget(client: Client, api: Line) -> None:
    cursors = []

    def stopped(request: httpx.Request, forward: Forward) -> httpx.Response:
        cursors.append(request.url.params.get("cursor"))
        if len(cursors) == 1:
            page: dict[str, Any] = {"items": [], "next_cursor": "further", "stopped_by_budget": True}
            return httpx.Response(200, json=page)
        return forward(httpx.Request("GET", request.url.copy_remove_param("cursor"), headers=request.headers))

    api.disturb(stopped, searching, times=2)
    assert [one.number for one in client.search.versions("run_id = 'run-42'")] == [2]
    assert cursors == [None, "further"]


def test_models_are_found_with_the_versions_that_matter_most(client: Client, run: Run) -> None:
    client.aliases.set("fraud", "champion", 1)
    fraud, churn = client.search.models(order_by="name DESC", with_holders=True)
    assert fraud.holders is not None and churn.holders is not None and churn.holders.champion is None
    champion = fraud.holders.champion
    assert champion is not None
    assert (champion.number, champion.label, champion.metrics) == (1, "1.0.0", {"auc": 0.9, "loss": 0.2})
    assert fraud.holders.open_requests == 0
    assert all(one.holders is None for one in client.search.models())
    shown = run("search", "models", "--holders").stdout
    assert "challenger" in shown and "1.0.0" in shown


def test_the_names_that_a_filter_may_use_can_be_asked_for(client: Client, run: Run) -> None:
    (metrics,) = client.search.fields(prefix="metrics.")
    assert (metrics.name, metrics.kind, metrics.keys) == ("metrics", "number", ("auc", "loss", "rows"))
    assert [field.keys for field in client.search.fields(model="churn", prefix="metrics.r")] == [("rows",)]
    (owner,) = client.search.fields("models", prefix="owner")
    assert owner.values == ("risk",) and "=" in owner.comparators
    shown = run("search", "fields", "tags", "--model", "fraud").stdout
    assert "tags.<key>" in shown and "task" in shown
    assert {one["name"] for one in json.loads(run("search", "fields", "--of", "models", "--json").stdout)} >= {"owner"}


def test_a_limit_ends_a_search(client: Client) -> None:
    assert len(list(client.search.versions(limit=2))) == 2
    assert [one.name for one in client.search.models(order_by="name DESC", limit=1)] == ["fraud"]


def test_models_are_found_with_all_that_is_known_of_them(client: Client) -> None:
    (found,) = client.search.models("owner = 'risk'")
    assert (found.name, found.last_version, found.revised_at) == ("fraud", 2, client.models.get("fraud").revised_at)


def test_the_best_versions_and_the_leaderboard_are_decoded(client: Client) -> None:
    best, second = client.models.best("fraud", "auc")
    assert isinstance(best, RankedVersion)
    assert (best.model, best.number, best.value, best.run_id, second.label) == ("fraud", 2, 0.97, "run-42", "1.0.0")
    assert best.created_at == client.versions.get("fraud", 2).created_at
    lowest = client.models.best("fraud", "loss", higher_is_better=False, limit=1)
    assert [(one.number, one.value) for one in lowest] == [(1, 0.2)]
    board = client.search.leaderboard("auc")
    assert [(one.model, one.number) for one in board] == [("fraud", 2), ("churn", 1)]
    labelled = client.search.leaderboard("auc", "label IS NOT NULL", higher_is_better=False)
    assert [(one.model, one.number) for one in labelled] == [("fraud", 1)]
    assert client.models.best("churn", "rows")[0].value == 2**53 + 1
    with pytest.raises(NotFoundError):
        client.models.best("none", "auc")


def test_an_explanation_says_how_and_at_what_cost(client: Client) -> None:
    made = client.search.explain_versions(
        "metrics.auc > 0.9 AND tags.task IS NOT NULL", order_by="metrics.auc", limit=1
    )
    assert (made.plan.index, made.plan.answered, made.plan.filtered) == (
        "versions by metric",
        ("metrics.auc > 0.9",),
        ("tags.task IS NOT NULL",),
    )
    assert made.plan.order[0] == "metrics.auc ASC" and not made.plan.sorted
    assert (made.found, made.more, made.stopped_by_budget) == (1, True, False)
    assert made.cost is not None
    assert made.cost.calls == 2 and made.cost.capacity_units > 0
    assert client.search.explain_models("name = 'fraud'").plan.index == "key"


def test_a_filter_that_is_not_understood_is_an_error_with_its_place(client: Client) -> None:
    with pytest.raises(InvalidRequestError, match="column 6") as refused:
        next(client.search.versions("name ~ 'fraud'"))
    assert refused.value.code == "invalid_filter" and refused.value.errors[0].pointer == "?filter"


def test_the_command_line_points_at_what_it_does_not_understand(run: Run) -> None:
    for arguments in (
        ("search", "versions", "name = 'fraud' AND nmae = 'x'"),
        ("search", "models", "name = 'fraud' AND nmae = 'x'"),
        ("leaderboard", "auc", "--filter", "name = 'fraud' AND nmae = 'x'"),
    ):
        refused = run(*arguments, code=exits.INVALID)
        assert refused.stdout == ""
        lines = refused.stderr.splitlines()
        mark = next(at for at, line in enumerate(lines) if line.strip() == "^")
        assert lines[mark - 1] == "name = 'fraud' AND nmae = 'x'"
        assert lines[mark].index("^") == lines[mark - 1].index("nmae")
        assert "there is no field 'nmae'" in lines[0]


def test_the_mark_is_under_the_place_whatever_the_text(run: Run) -> None:
    text = "name = '[bold]:smile:' AND owner == 'x'"
    lines = run("search", "models", text, code=exits.INVALID).stderr.splitlines()
    mark = next(at for at, line in enumerate(lines) if line.strip() == "^")
    assert lines[mark - 1] == text
    assert lines[mark].index("^") == text.index("==") + 1


def test_the_tables_of_searches(run: Run) -> None:
    header, *rows = run("search", "versions", "tags.task IS NOT NULL", "--order-by", "name").stdout.splitlines()
    assert header.split() == ["model", "version", "label", "stage", "aliases", "metrics", "tags", "created"]
    assert [row.split()[:4] for row in rows] == [
        ["churn", "1", "-", "development"],
        ["fraud", "1", "1.0.0", "development"],
    ]
    assert "task=[scoring]:smile:" in rows[0] and "auc=0.9, loss=0.2" in rows[1]
    header, row = run("search", "models", "owner = 'risk'").stdout.splitlines()
    assert header.split()[:3] == ["name", "owner", "versions"] and row.split()[:3] == ["fraud", "risk", "2"]
    assert "nothing found" in run("search", "models", "owner = 'nobody'").stdout
    header, first, _ = run("best", "fraud", "auc").stdout.splitlines()
    assert header.split() == ["rank", "model", "version", "label", "auc", "run", "by", "created"]
    assert first.split()[:6] == ["1", "fraud", "2", "-", "0.97", "run-42"]
    rows = run("leaderboard", "auc", "--lower-is-better").stdout.splitlines()[1:]
    assert [row.split()[:3] for row in rows] == [["1", "fraud", "1"], ["2", "churn", "1"]]


def test_every_search_can_answer_in_json(run: Run) -> None:
    def document(*arguments: str) -> Any:
        return json.loads(run(*arguments, "--json").stdout)

    assert len(document("search", "versions")) == 3
    assert [one["number"] for one in document("search", "versions", "name = 'fraud'", "--limit", "1")] == [2]
    assert [one["name"] for one in document("search", "models", "--order-by", "name DESC")] == ["fraud", "churn"]
    assert document("best", "churn", "rows")[0]["value"] == 2**53 + 1
    assert [one["model"] for one in document("leaderboard", "auc", "--limit", "1")] == ["fraud"]
    explained = document("search", "versions", "run_id = 'run-42'", "--explain")
    assert (explained["plan"]["index"], explained["found"]) == ("versions by run", 1)


def test_an_explanation_is_told_in_words(run: Run) -> None:
    printed = run("search", "versions", "metrics.auc > 0.9 AND label IS NULL", "--explain").stdout
    facts = [line.strip().split(maxsplit=1) for line in printed.splitlines()]
    assert ["index", "versions by metric"] in facts
    assert "answered by it" in printed and "metrics.auc > 0.9" in printed
    assert "filtered after" in printed and "label IS NULL" in printed
    assert "sorting the results" in printed and "capacity units" in printed
    assert "on the first page; there is more" in run("search", "models", "--limit", "1", "--explain").stdout


def test_who_may_not_read_every_model_is_not_told_the_cost(client: Client, connect: Connect) -> None:
    token = client.tokens.create("reader", [Grant("viewer", "fraud")]).token
    with connect(token=token) as reader:
        made = reader.search.explain_versions("run_id = 'run-42'")
        assert (made.plan.index, made.found, made.cost) == ("versions by run", 1, None)
    shown = CliRunner().invoke(main, ["search", "models", "--explain"], obj=lambda url, _: connect(url, token)).stdout
    assert "models by name" in shown and "cost" not in shown


def test_an_explanation_says_when_the_budget_ended_the_page(run: Run, api: Line) -> None:
    def stopped(request: httpx.Request, forward: Forward) -> httpx.Response:
        page = forward(request).json()
        return httpx.Response(200, json={**page, "stopped_by_budget": True, "next_cursor": "further"})

    api.disturb(stopped, searching)
    assert "within the budget of a page" in run("search", "versions", "--explain").stdout
