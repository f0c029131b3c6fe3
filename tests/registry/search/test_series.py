"""The values of metrics over a model's versions."""

import pytest

from chalicelib.aws import keys
from chalicelib.aws.names import CHANGED, CHANGED_MODEL
from chalicelib.aws.search.index_places import index_items
from chalicelib.aws.services import Services
from chalicelib.aws.table import key_of
from chalicelib.domain.errors import ModelNotFoundError
from chalicelib.domain.search.parser import parse_filter, parse_order
from chalicelib.domain.search.syntax import SearchQuery, Subject
from chalicelib.registry.search.backfill import backfill
from chalicelib.registry.search.search import search_versions
from chalicelib.registry.search.series import get_series
from chalicelib.registry.versions import burials, versions
from tests.registry.build import MODEL, model, pending, ready, request
from tests.registry.derived import check, table
from tests.registry.faults import Calls
from tests.registry.search.searching import version


def points(registry: Services, metric: str = "auc", limit: int = 100, name: str = MODEL) -> list[tuple[int, float]]:
    return list(get_series(registry, name, [metric], limit).metrics[metric])


def test_a_series_has_the_values_of_the_newest_versions_in_the_order_of_versions(registry: Services) -> None:
    model(registry)
    for auc in (0.9, 0.5, 0.7, 0.6):
        ready(registry, metrics={"auc": auc})
    assert points(registry) == [(1, 0.9), (2, 0.5), (3, 0.7), (4, 0.6)]
    assert points(registry, limit=2) == [(3, 0.7), (4, 0.6)]


def test_values_of_a_series_keep_every_digit(registry: Services) -> None:
    model(registry)
    values = [2**60 + 1, -0.1, 1e300, 5e-324, 0, 10]
    for value in values:
        ready(registry, metrics={"auc": value})
    shown = [value for _, value in points(registry)]
    assert shown == values
    assert [type(value) for value in shown] == [type(value) for value in values]


def test_a_series_has_only_versions_that_are_ready_have_the_metric_and_are_still_there(registry: Services) -> None:
    model(registry)
    for _ in range(2):
        ready(registry, metrics={"auc": 0.5})
    ready(registry, metrics={"loss": 1})
    pending(registry, metrics={"auc": 0.9})
    versions.delete_version(registry, request(), MODEL, "1")
    assert points(registry) == [(2, 0.5)]
    burials.restore_version(registry, request(), MODEL, "1", None)
    assert points(registry) == [(1, 0.5), (2, 0.5)]


def test_series_of_other_models_and_metrics_stay_apart(registry: Services) -> None:
    for name in ("fraud", "fraud 2"):
        model(registry, name)
    ready(registry, "fraud", metrics={"auc": 0.5, "auc 2": 0.6})
    ready(registry, "fraud 2", metrics={"auc": 0.7})
    assert points(registry, name="fraud") == [(1, 0.5)]
    assert points(registry, "auc 2", name="fraud") == [(1, 0.6)]
    assert points(registry, name="fraud 2") == [(1, 0.7)]


def test_a_series_costs_one_query_a_metric_and_reads_no_version(registry: Services) -> None:
    model(registry)
    for auc in (0.5, 0.6):
        ready(registry, metrics={"auc": auc, "loss": 1})
    calls = Calls(registry.client("dynamodb"))
    get_series(registry, MODEL, ["auc", "loss"], 10)
    assert calls.operations == ["BatchGetItem", "Query", "Query"]


def test_a_search_for_the_versions_of_a_model_by_change_finds_no_entry_of_a_series(registry: Services) -> None:
    model(registry)
    ready(registry, metrics={"auc": 0.5})
    where, order = parse_filter(f"name = '{MODEL}'", Subject.VERSIONS), parse_order("updated_at", Subject.VERSIONS)
    found = search_versions(registry, SearchQuery(where, order), 10, None, lambda _: True).items
    assert [version.number for version in found] == [1]


def test_the_backfill_puts_the_versions_of_before_into_series(registry: Services) -> None:
    model(registry)
    ready(registry, metrics={"auc": 0.5})
    for item in table(registry):
        if key_of(item).sort.startswith(keys.metric_entries("auc")):
            older = {name: value for name, value in item.items() if name not in (CHANGED, CHANGED_MODEL)}
            registry.table.put(older)
    assert points(registry) == []
    (done,) = (counts for _, counts in backfill(registry))
    assert done.written == 1
    assert points(registry) == [(1, 0.5)]
    check(registry)


def test_a_series_of_no_model_says_so_and_one_of_no_version_is_empty(registry: Services) -> None:
    with pytest.raises(ModelNotFoundError):
        get_series(registry, "none", ["auc"], 10)
    model(registry)
    assert points(registry) == []


def test_a_series_whose_names_are_long_is_whole_although_a_query_ends_at_a_megabyte(registry: Services) -> None:
    name, metric = "ü" * 256, "ä" * 250
    model(registry, name)
    made = [index_items(version(name, number, metrics={metric: number})) for number in range(1, 701)]
    for first in range(0, len(made), 100):
        registry.table.put_all([entry for entries in made[first : first + 100] for entry in entries.values()])
    calls = Calls(registry.client("dynamodb"))
    assert points(registry, metric, 600, name) == [(number, number) for number in range(101, 701)]
    assert calls.operations.count("Query") > 1
