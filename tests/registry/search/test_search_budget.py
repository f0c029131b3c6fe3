"""The cost of searches: one page if an index answers, never more than the budget, no reads of hidden models."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.aws.search.reads import MAX_CALLS, MAX_ITEMS
from chalicelib.aws.services import Services
from chalicelib.domain.errors import SearchTooBroadError
from chalicelib.domain.instants import Instant
from chalicelib.domain.search.parser import parse_filter, parse_order
from chalicelib.domain.search.syntax import SearchQuery, Subject
from chalicelib.domain.versions.version import Version
from chalicelib.registry.search import search
from chalicelib.registry.search.best import leaderboard
from chalicelib.registry.search.search import SearchPage
from tests.registry.faults import Calls
from tests.registry.search.searching import Shelf, full_scan, state, version

pytestmark = pytest.mark.exhaustive

V, M = Subject.VERSIONS, Subject.MODELS
MANY = 2_100
PAGE = 300


def everything(_: str) -> bool:
    return True


def query(where: str = "", order: str = "", subject: Subject = V) -> SearchQuery:
    return SearchQuery(parse_filter(where, subject), parse_order(order, subject))


def filled(registry: Services, many: int) -> Shelf:
    """``many`` versions of three models, one in fifty of them in production, one in a hundred of the team ``rare``."""
    shelf = Shelf(registry)
    for number in range(many):
        at = Instant(f"2026-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.000Z")
        shelf.put_version(
            version(
                f"model{number % 3}",
                number // 3 + 1,
                tags={"team": "rare" if number % 100 == 7 else "risk"},
                metrics={"auc": number % 977 / 977},
                stage="production" if number % 50 == 3 else "development",
                provenance={"run": {"id": f"run{number}"}},
                created_at=at,
                revised_at=at,
            )
        )
    return shelf


SEARCHES = [
    ("", ""),
    ("", "updated_at"),
    ("", "created_at DESC"),
    ("", "name DESC"),
    ("", "metrics.auc DESC"),
    ("", "label"),
    ("", "version"),
    ("name = 'model1'", ""),
    ("name = 'model1'", "version DESC"),
    ("name = 'model1'", "metrics.auc DESC"),
    ("name = 'model1'", "created_at"),
    ("name LIKE 'model%'", ""),
    ("name LIKE '%1'", "name"),
    ("name IN ('model0', 'model2', 'none')", "version"),
    ("tags.team = 'risk'", ""),
    ("tags.team = 'rare'", "metrics.auc"),
    ("tags.team != 'risk'", "tags.team"),
    ("tags.team ILIKE 'RARE'", ""),
    ("metrics.auc > 0.999", ""),
    ("metrics.auc > 0.5 AND stage = 'production'", "metrics.auc DESC"),
    ("stage = 'production' OR run_id = 'run5'", ""),
    ("NOT stage = 'development'", "created_at"),
    ("run_id IN ('run1', 'run100', 'none')", ""),
    ("label = '1.0.0'", ""),
    ("description CONTAINS 'nothing'", "name"),
    ("updated_at < '2026-01-01T00:00:10Z'", ""),
    ("status = 'PENDING'", "status"),
]


class Watched:
    """Counts the calls and items of one search on the wire, independently of the search."""

    def __init__(self, registry: Services) -> None:
        client = registry.client("dynamodb")
        self._calls = Calls(client)
        self._items = 0
        client.meta.events.register("after-call.dynamodb.*", self._count)

    def _count(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name == "BatchGetItem":
            self._items += sum(map(len, parsed["Responses"].values()))
        elif model.name == "Query":
            self._items += sum("body" in item and item["SK"]["S"].startswith("VERSION#") for item in parsed["Items"])

    def taken(self) -> tuple[int, int]:
        counted = len(self._calls.operations), self._items
        self._calls.operations.clear()
        self._items = 0
        return counted


def each_page(registry: Services, asked: SearchQuery, limit: int, watched: Watched) -> Iterator[SearchPage[Any]]:
    start = None
    while True:
        watched.taken()
        page = search.search_versions(registry, asked, limit, start, everything)
        calls, items = watched.taken()
        assert calls == page.cost.calls <= MAX_CALLS
        assert items == page.cost.items <= MAX_ITEMS
        yield page
        assert page.next_start is None or page.next_start != start
        start = page.next_start
        if start is None:
            return


def test_no_search_exceeds_the_budget_and_its_pages_are_what_a_full_scan_finds(registry: Services) -> None:
    shelf, watched = filled(registry, MANY), Watched(registry)
    stopped = set()
    for where, order in SEARCHES:
        asked = query(where, order)
        expected = full_scan(shelf, asked, V)
        try:
            pages = list(each_page(registry, asked, PAGE, watched))
        except SearchTooBroadError as refused:
            assert order in ("label", "version", "status")
            assert "too much to sort" in refused.detail  # noqa: PT017
            continue
        assert [one for page in pages for one in page.items] == expected, (where, order)
        # A page that is not full says why, unless it is the last.
        assert all(page.stopped_by_budget == (len(page.items) < PAGE) for page in pages[:-1])
        stopped |= {where for page in pages if page.stopped_by_budget}
    assert "label = '1.0.0'" in stopped
    assert "name = 'model1'" not in stopped


ANSWERED = [
    ("", ""),
    ("", "metrics.auc DESC"),
    ("name = 'model1'", ""),
    ("name = 'model1'", "version DESC"),
    ("name = 'model1'", "metrics.auc DESC"),
    ("tags.team = 'risk'", "name"),
    ("stage = 'development'", "name"),
    ("metrics.auc > 0.1", "metrics.auc"),
    ("run_id = 'run5'", ""),
    ("name = 'model1' AND version = 7", ""),
]


def test_a_search_that_an_index_answers_reads_a_page_at_any_size(registry: Services) -> None:
    def costs(many: int) -> list[tuple[int, int]]:
        filled(registry, many)
        watched = Watched(registry)
        found = []
        for where, order in ANSWERED:
            page = search.search_versions(registry, query(where, order), 20, None, everything)
            assert page.cost.items <= 22
            found.append(watched.taken())
        return found

    assert costs(300) == costs(1_500)


@pytest.mark.parametrize("order", ["", "updated_at", "created_at DESC"])
def test_a_page_of_many_candidates_reads_little_more_than_it_shows(registry: Services, order: str) -> None:
    shelf, watched = filled(registry, 900), Watched(registry)
    asked = query("tags.team = 'risk' AND NOT stage = 'production'", order)
    expected = full_scan(shelf, asked, V)
    pages = list(each_page(registry, asked, 100, watched))
    assert [one for page in pages for one in page.items] == expected
    assert max(page.cost.items for page in pages[:-2]) <= 130
    # Near the end few are left, and in an index the others lie between them.
    assert all(page.cost.items <= len(shelf.versions) for page in pages)


def test_candidates_that_lie_far_apart_in_the_order_are_sorted(registry: Services) -> None:
    shelf = Shelf(registry)
    for number in range(2_000):
        at = Instant(f"2026-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.000Z")
        team = "risk" if number < 200 else "ops"
        shelf.put_version(version("fraud", number + 1, tags={"team": team}, created_at=at, revised_at=at))
    asked = query("tags.team = 'risk'")
    page = search.search_versions(registry, asked, 10, None, everything)
    assert list(page.items) == full_scan(shelf, asked, V)[:10]
    assert not page.stopped_by_budget and page.cost.items <= 200 and page.cost.calls <= MAX_CALLS


def test_a_thousand_versions_that_are_equal_in_the_order_are_paged_through(registry: Services) -> None:
    shelf = Shelf(registry)
    for number in range(1, 1_101):
        shelf.put_version(version(f"model{number % 2}", number))
    watched = Watched(registry)
    for order in ("updated_at DESC", "created_at DESC"):
        found = [one for page in each_page(registry, query("", order), 90, watched) for one in page.items]
        assert found == full_scan(shelf, query("", order), V)


def test_more_than_can_be_sorted_is_refused_if_no_index_has_the_order(registry: Services) -> None:
    filled(registry, MAX_ITEMS + 2)
    with pytest.raises(
        SearchTooBroadError, match=r"the order label ASC, name ASC, version DESC, .* at most 1000 versions, .* 32 reads"
    ):
        search.search_versions(registry, query("", "label"), 10, None, everything)
    narrow = search.search_versions(registry, query("name = 'model0'", "stage"), 10, None, everything)
    assert narrow.plan.sorts
    assert len(narrow.items) == 10


@pytest.mark.parametrize("order", ["version", "updated_at DESC", "metrics.auc DESC", "name"])
def test_a_page_as_large_as_the_budget_is_within_it(registry: Services, order: str) -> None:
    shelf, watched = filled(registry, 3 * (MAX_ITEMS + 50)), Watched(registry)
    asked = query("name = 'model1'", order)
    found = [one for page in each_page(registry, asked, MAX_ITEMS, watched) for one in page.items]
    assert found == full_scan(shelf, asked, V)


def test_models_that_the_caller_may_not_read_are_not_read(registry: Services) -> None:
    shelf, watched = filled(registry, 60), Watched(registry)
    for one in ("model0", "model1", "model2"):
        shelf.put_model(state(one, tags={"team": "risk"}))

    def sees(name: str) -> bool:
        return name == "model1"

    for where, order in [("", ""), ("tags.team = 'risk'", ""), ("tags.team = 'risk'", "name"), ("", "stage")]:
        page = search.search_versions(registry, query(where, order), 100, None, sees)
        assert page.items
        assert {one.model for one in page.items} == {"model1"}
        assert page.cost.items <= 20
        models = search.search_models(registry, query(where if order else "", "", M), 100, None, sees)
        assert [one.model.name for one in models.items] == ["model1"]
        assert models.cost.items == 2
    watched.taken()
    hidden = search.search_versions(registry, query("name IN ('model0', 'model2')"), 10, None, sees)
    assert (hidden.items, hidden.next_start, watched.taken()) == ((), None, (0, 0))


@pytest.mark.parametrize(("models", "limit"), [(5, 10), (12, 3), (40, 10)])
@pytest.mark.parametrize("where", ["", "tags.team = 'risk'", "version != 3", "version = 2"])
def test_a_leaderboard_has_the_best_version_of_each_model(
    registry: Services, models: int, limit: int, where: str
) -> None:
    shelf, watched = Shelf(registry), Watched(registry)
    for number in range(200):
        name = f"model{number % models}"
        if name not in shelf.models:
            shelf.put_model(state(name))
        team = "risk" if number % 3 else "ops"
        shelf.put_version(
            version(name, number // models + 1, metrics={"auc": number * 37 % 101}, tags={"team": team}, label="1.0.0")
        )
    asked = query(where, "metrics.auc DESC")

    def sees(name: str) -> bool:
        return name != "model2"

    best: dict[str, Version] = {}
    for one in full_scan(shelf, asked, V):
        if sees(one.model):
            best.setdefault(one.model, one)
    watched.taken()
    found, start = [], None
    while True:
        page = leaderboard(registry, "auc", True, asked.where, limit, start, sees)
        assert not page.stopped_by_budget
        assert watched.taken()[0] <= MAX_CALLS
        found += [(one.model, one.number) for one in page.items]
        start = page.next_start
        if start is None:
            break
    assert found == [(one.model, one.number) for one in best.values()]


def test_a_leaderboard_continues_if_a_few_models_have_more_versions_than_the_budget(registry: Services) -> None:
    shelf = Shelf(registry)
    for name in ("large", "small"):
        shelf.put_model(state(name))
    for number in range(1, 1_500):
        shelf.put_version(version("large", number, metrics={"auc": number}))
    shelf.put_version(version("small", 1, metrics={"auc": -1}, label="1.0.0"))
    where = parse_filter("label = '1.0.0'", V)
    found, stops, start = [], 0, None
    while True:
        page = leaderboard(registry, "auc", True, where, 10, start, everything)
        found += [(one.model, one.number) for one in page.items]
        stops += page.stopped_by_budget
        start = page.next_start
        if start is None:
            break
    assert (found, stops) == ([("small", 1)], 2)


def test_a_leaderboard_of_named_models_reads_only_those(registry: Services) -> None:
    shelf, watched = Shelf(registry), Watched(registry)
    for number in range(60):
        shelf.put_model(state(f"m{number}"))
        for one in range(1, 4):
            shelf.put_version(version(f"m{number}", one, metrics={"auc": one * number}))
    for text, expected in {"name = 'm7'": ["m7"], "name IN ('m3', 'm50', 'none')": ["m50", "m3"]}.items():
        watched.taken()
        page = leaderboard(registry, "auc", True, parse_filter(text, V), 10, None, everything)
        assert [(one.model, one.number) for one in page.items] == [(name, 3) for name in expected]
        assert page.next_start is None
        assert watched.taken()[0] <= 6


def test_a_leaderboard_of_few_models_skips_the_many_versions_of_one(registry: Services) -> None:
    shelf = Shelf(registry)
    for name in ("large", "small"):
        shelf.put_model(state(name))
    for number in range(1, 3_000):
        shelf.put_version(version("large", number, metrics={"auc": number}))
    shelf.put_version(version("small", 1, metrics={"auc": -1}))
    page = leaderboard(registry, "auc", True, None, 10, None, everything)
    assert [(one.model, one.number) for one in page.items] == [("large", 2_999), ("small", 1)]
    assert page.cost.items == 2


def test_an_entry_that_is_older_than_its_version_is_not_a_result(registry: Services) -> None:
    """An index may be behind the table. The version is found at its right position only."""
    shelf = Shelf(registry)
    shelf.put_version(version("fraud", 1, tags={"team": "risk"}, metrics={"auc": 0.9}))
    stale = replace(shelf.versions["fraud", 1], description=version("fraud", 1, tags={"team": "ops"}).description)
    del shelf.versions["fraud", 1]
    shelf.put_version(stale)
    for where, order in [("tags.team = 'risk'", ""), ("", "tags.team DESC"), ("metrics.auc > 0", "metrics.auc")]:
        found = search.search_versions(registry, query(where, order), 10, None, everything).items
        assert list(found) == full_scan(shelf, query(where, order), V)
