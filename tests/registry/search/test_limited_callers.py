"""Searches by callers whose grants end at a classification: within the budget of every search, whatever is hidden."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.search.reads import MAX_CALLS
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal
from chalicelib.domain.classification import Classification, Level
from chalicelib.domain.search.parser import parse_filter, parse_order
from chalicelib.domain.search.syntax import SearchQuery, Subject
from chalicelib.registry.access.classified import Sight, knowing
from chalicelib.registry.search import search
from chalicelib.registry.search.best import leaderboard
from tests.registry.search.searching import Shelf, full_scan, state, version

MODELS = 250
HIDDEN = Classification(Level.RESTRICTED)
LIMITED = Principal("token:x", (Grant("viewer", "*", ("unclassified", "public")),))


@pytest.fixture
def shelf(registry: Services) -> Shelf:
    """Many models, of which every other one is hidden, each with two versions."""
    filled = Shelf(registry)
    for number in range(MODELS):
        made = state(f"model{number:03d}", tags={"team": "risk"})
        filled.put_model(replace(made, model=replace(made.model, classification=HIDDEN if number % 2 else None)))
        for of_model in (1, 2):
            metrics = {"auc": number * 37 % 101 + of_model / 10}
            filled.put_version(version(made.model.name, of_model, metrics=metrics, tags={"team": "risk"}))
    return filled


def each_page(read: Callable[[Any], search.SearchPage[Any]]) -> list[Any]:
    """The results of all pages, each of which was found within the budget."""
    found: list[Any] = []
    start = None
    while True:
        page = read(start)
        assert page.cost.calls <= MAX_CALLS
        found += page.items
        start = page.next_start
        if start is None:
            return found


@pytest.mark.parametrize("limit", [7, 100])
@pytest.mark.parametrize(
    ("where", "order"),
    [
        ("", ""),
        ("tags.team = 'risk'", "name"),
        ("metrics.auc > 20", "metrics.auc DESC"),
        ("version = 2", "updated_at"),
        ("name LIKE 'model1%'", "name"),
        ("name IN ('model001', 'model002')", ""),
    ],
)
def test_every_version_is_found_that_the_caller_may_read_and_no_other(
    registry: Services, shelf: Shelf, where: str, order: str, limit: int
) -> None:
    sight = Sight(knowing(registry, LIMITED))
    query = SearchQuery(parse_filter(where, Subject.VERSIONS), parse_order(order, Subject.VERSIONS), by_name=False)
    found = each_page(lambda start: search.search_versions(registry, query, limit, start, sight))
    expected = [
        one for one in full_scan(shelf, query, Subject.VERSIONS) if shelf.models[one.model].model.classification is None
    ]
    assert found == expected


def test_every_model_is_found_that_the_caller_may_read_and_no_other(registry: Services, shelf: Shelf) -> None:
    query = SearchQuery(None, ())
    sight = Sight(knowing(registry, LIMITED))
    found = each_page(lambda start: search.search_models(registry, query, 20, start, sight))
    assert [one.model.name for one in found] == [f"model{number:03d}" for number in range(0, MODELS, 2)]


def test_a_leaderboard_ranks_the_models_that_the_caller_may_read(registry: Services, shelf: Shelf) -> None:
    sight = Sight(knowing(registry, LIMITED))
    ranked = each_page(lambda start: leaderboard(registry, "auc", True, None, 30, start, sight))
    assert {one.model for one in ranked} == {f"model{number:03d}" for number in range(0, MODELS, 2)}
    assert [one.value for one in ranked] == sorted((one.value for one in ranked), reverse=True)


def test_the_heads_of_models_are_read_a_hundred_in_a_call(registry: Services, shelf: Shelf) -> None:
    query = SearchQuery(parse_filter("tags.team = 'risk'", Subject.VERSIONS), parse_order("name", Subject.VERSIONS))
    limited = search.search_versions(registry, query, 50, None, Sight(knowing(registry, LIMITED)))
    everything = search.search_versions(registry, query, 50, None, lambda _: True)
    assert limited.cost.calls <= everything.cost.calls + 6
    assert len(limited.items) == len(everything.items) == 50
