"""MLflow's searches as its clients see them. The grammar has its own tests in the domain."""

from typing import Any

import pytest

from chalicelib.api.mlflow import searching
from chalicelib.domain.access.principal import Role
from tests.api.mlflow.calling import Mlflow

PROMPT = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]
MODELS, VERSIONS = "registered-models/search", "model-versions/search"


def names(answer: dict[str, Any]) -> list[str]:
    return [one["name"] for one in answer.get("registered_models", [])]


def numbers(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["name"], one["version"]) for one in answer.get("model_versions", [])]


@pytest.fixture
def filled(mlflow: Mlflow) -> Mlflow:
    """Two models with versions, one without, and a prompt with one."""
    for name in ("b", "a", "c"):
        mlflow.model(name, tags=[{"key": "team", "value": name}])
    mlflow.model("prompt", tags=PROMPT)
    mlflow.version("prompt", source="dummy-source", tags=PROMPT)
    for name in ("a", "b", "a"):
        mlflow.version(name, run_id=f"run of {name}", tags=[{"key": "team", "value": name}])
    return mlflow


def test_models_come_by_name_without_prompts_and_with_their_newest_versions(filled: Mlflow) -> None:
    filled.ask("POST", "registered-models/alias", name="a", alias="champion", version="1")
    found = filled.ask("GET", MODELS)
    assert names(found) == ["a", "b", "c"]
    assert found["registered_models"][0] == filled.get("a")
    assert names(filled.ask("GET", MODELS, filter="tags.`mlflow.prompt.is_prompt` = 'true'")) == ["prompt"]
    assert names(filled.ask("GET", MODELS, filter="tags.team != 'a' AND name ILIKE 'B%'")) == ["b"]
    assert filled.ask("GET", MODELS, filter="name = 'none'") == {}


def test_versions_come_last_updated_first_and_show_their_aliases(filled: Mlflow) -> None:
    filled.ask("POST", "registered-models/alias", name="a", alias="champion", version="1")
    found = filled.ask("GET", VERSIONS)
    assert numbers(found) == [("a", "2"), ("b", "1"), ("a", "1")]
    assert found["model_versions"][2]["aliases"] == ["champion"]
    assert found["model_versions"][2] == filled.get_version(1, "a")
    given = {"filter": "run_id = 'run of a'", "order_by": ["version_number ASC"]}
    assert numbers(filled.ask("GET", VERSIONS, **given)) == [("a", "1"), ("a", "2")]


def test_pages_continue_where_the_last_one_ended(filled: Mlflow) -> None:
    first = filled.ask("GET", VERSIONS, max_results=2, order_by=["name DESC", "version_number"])
    assert numbers(first) == [("b", "1"), ("a", "1")]
    # A version that is registered meanwhile does not shift the pages.
    filled.version("b")
    given = {"order_by": ["name DESC", "version_number"], "page_token": first["next_page_token"]}
    second = filled.ask("GET", VERSIONS, max_results=50, **given)
    assert numbers(second) == [("a", "2")]
    assert "next_page_token" not in second


@pytest.mark.parametrize("path", [MODELS, VERSIONS])
def test_a_page_token_is_valid_only_for_its_own_search_and_caller(filled: Mlflow, path: str) -> None:
    token = filled.ask("GET", path, max_results=1)["next_page_token"]
    refusals = [
        filled.refused("GET", path, page_token="!"),
        filled.refused("GET", path, page_token=token[:-4]),
        filled.refused("GET", path, page_token=token, filter="name = 'a'"),
        Mlflow(name="token:bo").refused("GET", path, page_token=token),
    ]
    assert {(one.status, one.error_code) for one in refusals} == {(400, "INVALID_PARAMETER_VALUE")}
    assert all(one.message.startswith("Invalid page token, could not base64-decode") for one in refusals)


@pytest.mark.parametrize(
    ("path", "limit"), [(MODELS, 1001), (MODELS, 0), (MODELS, -1), (VERSIONS, 200_001), (VERSIONS, 0), (VERSIONS, "x")]
)
def test_pages_have_bounds(mlflow: Mlflow, path: str, limit: object) -> None:
    refused = mlflow.refused("GET", path, max_results=limit)
    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("path", [MODELS, VERSIONS])
def test_the_size_of_a_page_is_judged_before_its_token_and_filter(mlflow: Mlflow, path: str) -> None:
    refused = mlflow.refused("GET", path, max_results=10**15, page_token="!", filter="!")
    assert "'max_results'" in refused.message


def test_a_caller_finds_what_it_may_read(filled: Mlflow) -> None:
    other = Mlflow(Role.VIEWER, "b*")
    assert names(other.ask("GET", MODELS)) == ["b"]
    assert numbers(other.ask("GET", VERSIONS)) == [("b", "1")]
    assert numbers(other.ask("GET", VERSIONS, filter="name = 'a'")) == []


def test_an_invalid_filter_or_order_is_refused_with_the_place_of_the_fault(mlflow: Mlflow) -> None:
    refused = mlflow.refused("GET", VERSIONS, filter="name = 'a' AND colour = 'red'")
    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")
    assert "column 16" in refused.message and "Invalid attribute key 'colour'" in refused.message
    refused = mlflow.refused("GET", MODELS, order_by=["name", "name DESC"])
    assert "duplicate" in refused.message


def test_a_page_too_large_to_answer_is_shortened(filled: Mlflow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MAX_BYTES", 1_050)
    given: dict[str, Any] = {}
    found: list[tuple[str, str]] = []
    pages = 0
    while pages == 0 or "page_token" in given:
        page = filled.ask("GET", VERSIONS, **given)
        found, pages = [*found, *numbers(page)], pages + 1
        given = {"page_token": page["next_page_token"]} if "next_page_token" in page else {}
    assert found == [("a", "2"), ("b", "1"), ("a", "1")]
    assert pages > 1
