"""A page of models with what serves of each costs two more reads, however many models and versions there are."""

from typing import Any

from chalicelib.aws.services import Services
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.search.parser import parse_order
from chalicelib.domain.search.syntax import SearchQuery, Subject
from chalicelib.registry.aliases import aliases
from chalicelib.registry.promotion import requests, scheme_assignment, stages
from chalicelib.registry.schemes import saving
from chalicelib.registry.search.holders import Holders, with_holders
from chalicelib.registry.search.search import SearchPage, search_models
from chalicelib.registry.versions import versions
from tests.domain.schemes.documents import document
from tests.registry.build import model, ready, request
from tests.registry.faults import Calls

OWN = document(name="own")


def page(registry: Services) -> SearchPage[ModelState]:
    query = SearchQuery(None, parse_order("name", Subject.MODELS))
    return search_models(registry, query, 100, None, lambda _: True)


def held(registry: Services) -> dict[str, Holders]:
    return with_holders(registry, page(registry))[1]


def numbers(holders: Holders) -> tuple[Any, ...]:
    found = (holders.champion, holders.challenger, holders.serving)
    return (*(None if version is None else version.number for version in found), holders.open_requests)


def test_each_model_has_its_champion_challenger_and_the_version_in_service(registry: Services) -> None:
    for name in ("fraud", "churn", "empty"):
        model(registry, name)
    for name, count in (("fraud", 3), ("churn", 1)):
        for _ in range(count):
            ready(registry, name)
    for alias, number in (("champion", 1), ("challenger", 2)):
        aliases.set_alias(registry, request(), "fraud", alias, number, None, None)
    stages.transition(registry, request(), "fraud", "3", "production", None, None)
    requests.open_request(registry, request(), "churn", "1", "staging", None, None, [])
    found = held(registry)
    assert {name: numbers(holders) for name, holders in found.items()} == {
        "fraud": (1, 2, 3, 0),
        "churn": (None, None, None, 1),
        "empty": (None, None, None, 0),
    }
    assert found["fraud"].serving == versions.get_version(registry, "fraud", "3")


def test_the_scheme_of_each_model_says_which_stage_serves(registry: Services) -> None:
    saving.save_scheme(registry, request(), OWN)
    for name in ("fraud", "churn"):
        model(registry, name)
        scheme_assignment.assign_scheme(registry, request(), name, "own", None)
        ready(registry, name)
        stages.transition(registry, request(), name, "1", "live", None, None)
    model(registry, "other")
    ready(registry, "other")
    stages.transition(registry, request(), "other", "1", "production", None, None)
    assert {name: holders.serving and holders.serving.stage for name, holders in held(registry).items()} == {
        "fraud": "live",
        "churn": "live",
        "other": "production",
    }


def test_more_models_and_versions_cost_no_more_calls(registry: Services) -> None:
    for number in range(3):
        ready(registry, model(registry, f"model-{number}"))
    for number in range(2):
        stages.transition(registry, request(), f"model-{number}", "1", "production", None, None)
        for _ in range(3 * number):
            ready(registry, f"model-{number}")
    found = page(registry)
    calls = Calls(registry.client("dynamodb"))
    counted, _ = with_holders(registry, found)
    assert calls.operations == ["BatchGetItem"] * 2
    assert (counted.cost.calls, counted.cost.items) == (found.cost.calls + 2, found.cost.items + 2)


def test_a_version_deleted_after_the_model_was_read_is_left_out(registry: Services) -> None:
    model(registry)
    ready(registry)
    aliases.set_alias(registry, request(), "fraud", "champion", 1, None, None)
    before = page(registry)
    aliases.delete_alias(registry, request(), "fraud", "champion")
    versions.delete_version(registry, request(), "fraud", "1")
    assert with_holders(registry, before)[1]["fraud"].champion is None
