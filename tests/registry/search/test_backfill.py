"""The backfill makes up for what earlier releases left out of the indexes, and overwrites nothing that is newer."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.names import (
    INDEXES,
    LISTED_STAGE,
    SEARCH_INDEXES,
    VERSION_LISTING,
    VERSIONS_BY_NAME,
    VERSIONS_BY_STAGE,
)
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item, key_of
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.search.parser import parse_filter, parse_order
from chalicelib.domain.search.syntax import SearchQuery, Subject
from chalicelib.registry.models import models
from chalicelib.registry.search import best, search
from chalicelib.registry.search.backfill import Counts, backfill
from chalicelib.registry.versions import burials, versions
from tests.registry import derived
from tests.registry.build import MODEL, file, model, ready, registered, request
from tests.registry.faults import Calls, Meanwhile


def entries(registry: Services) -> list[Item]:
    return [item for item in derived.table(registry) if key_of(item).sort.startswith(keys.ENTRY_PREFIX)]


def drop(registry: Services, *gone: Item) -> None:
    registry.table.transact([registry.table.drop_write(key_of(item)) for item in gone])


def without_metrics(registry: Services) -> int:
    """As releases left versions that they made READY by copying; answers how many entries are gone."""
    gone = [item for item in entries(registry) if key_of(item).sort.startswith("INDEX#M#")]
    drop(registry, *gone)
    return len(gone)


def run(registry: Services, after: str | None = None) -> Counts:
    return sum((counts for _, counts in backfill(registry, after)), Counts())


def by_metric(registry: Services) -> list[int]:
    asked = SearchQuery(parse_filter("metrics.auc > 0.5", Subject.VERSIONS), ())
    return [one.number for one in search.search_versions(registry, asked, 10, None, lambda _: True).items]


def test_versions_without_metric_entries_are_found_by_their_metrics_afterwards(registry: Services) -> None:
    model(registry)
    for auc in (0.8, 0.9):
        ready(registry, metrics={"auc": auc, "loss": 0.1})
    assert without_metrics(registry) == 4
    assert by_metric(registry) == [] and best.best_versions(registry, MODEL, "auc", True, 10) == ()
    assert run(registry) == Counts(models=1, versions=2, written=4)
    assert sorted(by_metric(registry)) == [1, 2]
    assert [one.number for one in best.best_versions(registry, MODEL, "auc", True, 10)] == [2, 1]
    derived.check(registry)


def test_a_second_run_changes_nothing(registry: Services) -> None:
    model(registry)
    ready(registry, metrics={"auc": 0.8}, tags={"team": "risk"})
    without_metrics(registry)
    run(registry)
    calls = Calls(registry.client("dynamodb"))
    assert run(registry) == Counts(models=1, versions=1)
    assert not {"PutItem", "UpdateItem", "TransactWriteItems"} & {*calls.operations}


def test_wrong_entries_are_written_again_and_those_that_nothing_needs_are_removed(registry: Services) -> None:
    models.create_model(registry, request(), MODEL, ProfileChange(tags={"team": "risk"}))
    for _ in range(2):
        ready(registry, metrics={"auc": 0.8}, tags={"team": "risk"})
    versions.delete_version(registry, request(), MODEL, "2")
    wanted = {key_of(item): item for item in entries(registry)}
    stale = [
        {"PK": f"MODEL#{MODEL}", "SK": keys.tag_entry(MODEL, 1, "gone").sort, "term": "T#gone", "position": "x"},
        {"PK": f"MODEL#{MODEL}", "SK": keys.tag_entry(MODEL, 2, "team").sort, "term": "T#team", "position": "x"},
        {"PK": f"MODEL#{MODEL}", "SK": keys.metric_entry(MODEL, 1, "auc", 0.7).sort, "term": "M#auc", "position": "x"},
        {"PK": f"MODEL#{MODEL}", "SK": keys.model_tag_entry(MODEL, "gone").sort, "term": "MT#gone", "position": "x"},
    ]
    wrong = [{**item, "position": "wrong"} for item in wanted.values()]
    registry.table.put_all([*stale, *wrong])
    assert run(registry) == Counts(models=1, versions=1, written=3, removed=4)
    assert {key_of(item): item for item in entries(registry)} == wanted
    derived.check(registry)


def test_versions_and_models_older_than_the_search_enter_its_indexes(registry: Services) -> None:
    models.create_model(registry, request(), MODEL, ProfileChange(tags={"team": "risk"}))
    ready(registry, metrics={"auc": 0.8}, provenance={"run": {"id": "a"}})
    searched = {attribute for index in SEARCH_INDEXES for attribute in INDEXES[index]}
    for key in (keys.version(MODEL, 1), keys.head(f"model:{MODEL}")):
        stored = registry.table.get(key) or {}
        registry.table.put({name: value for name, value in stored.items() if name not in searched})
    drop(registry, *entries(registry))
    assert run(registry) == Counts(models=1, versions=1, written=2, placed=2)
    derived.check(registry)


def test_a_deleted_model_and_a_model_of_many_pages_are_gone_through(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.registry.search.backfill._PAGE", 2)
    models.delete_model(registry, request(), model(registry, "gone"))
    model(registry)
    for number in range(5):
        ready(registry, metrics={"auc": number / 7}, tags={"team": "risk"})
    drop(registry, *entries(registry))
    assert run(registry) == Counts(models=2, versions=5, written=10)
    derived.check(registry)


def test_a_run_that_was_interrupted_is_continued_after_the_last_model(registry: Services) -> None:
    names = [f"model-{number}" for number in range(12)]
    for name in names:
        ready(registry, model(registry, name), metrics={"auc": 0.8})
    without_metrics(registry)
    done = []
    for name, _ in backfill(registry):
        done.append(name)
        if len(done) == 5:
            break
    rest = [name for name, _ in backfill(registry, done[-1])]
    assert sorted([*done, *rest]) == sorted(names)
    derived.check(registry)


def annotate(registry: Services) -> Any:
    return versions.annotate_version(registry, request(), MODEL, "1", None, {"team": "fraud", "tier": "1"})


def describe(registry: Services) -> Any:
    return models.update_model(registry, request(), MODEL, ProfileChange(tags={"team": "fraud"}))


def delete(registry: Services) -> Any:
    return versions.delete_version(registry, request(), MODEL, "1")


@pytest.mark.parametrize("change", [annotate, describe, delete])
def test_a_change_between_reading_and_writing_is_not_overwritten(
    registry: Services, change: Callable[[Services], Any]
) -> None:
    models.create_model(registry, request(), MODEL, ProfileChange(tags={"team": "risk"}))
    ready(registry, metrics={"auc": 0.8}, tags={"team": "risk"})
    # Only what the change is of, so that the change comes between reading this and writing it.
    of_model = change is describe
    drop(registry, *(item for item in entries(registry) if str(item["term"]).startswith("MT#") == of_model))
    registry.sleep = lambda _: None
    with Meanwhile(registry, lambda: change(registry)) as meanwhile:
        run(registry)
    assert meanwhile.acted
    derived.check(registry)


def test_a_version_restored_while_its_stale_entries_are_removed_keeps_them(registry: Services) -> None:
    model(registry)
    ready(registry, metrics={"auc": 0.8}, tags={"team": "risk"})
    left = entries(registry)
    versions.delete_version(registry, request(), MODEL, "1")
    registry.table.put_all(left)
    registry.sleep = lambda _: None
    with Meanwhile(registry, lambda: burials.restore_version(registry, request(), MODEL, "1", None)) as meanwhile:
        run(registry)
    assert meanwhile.acted and by_metric(registry) == [1]
    derived.check(registry)


def test_reads_that_dynamodb_leaves_unprocessed_are_asked_again(registry: Services) -> None:
    model(registry)
    ready(registry, metrics={"auc": 0.8, "loss": 0.1})
    without_metrics(registry)
    left: list[Key] = []

    def leave_one(parsed: dict[str, Any], **_: Any) -> None:
        found = parsed["Responses"].get(registry.table.name, [])
        if found and not left:
            item = found.pop()
            key = {name: item[name] for name in ("PK", "SK")}
            left.append(Key(key["PK"]["S"], key["SK"]["S"]))
            parsed["UnprocessedKeys"] = {registry.table.name: {"Keys": [key], "ConsistentRead": True}}

    registry.client("dynamodb").meta.events.register("after-call.dynamodb.BatchGetItem", leave_one)
    assert run(registry).written == 2
    assert left
    derived.check(registry)


def unsharded(registry: Services) -> None:
    """As releases listed versions before there were shards."""
    for item in derived.table(registry):
        if key_of(item).sort.startswith(keys.VERSION_PREFIX):
            stage = str(item[LISTED_STAGE]).partition("#")[2]
            registry.table.put({**item, LISTED_STAGE: stage, VERSION_LISTING: "VERSION"})


@pytest.mark.parametrize("where", ["stage = 'development'", "name LIKE '%'", "stage IN ('development', 'production')"])
def test_versions_listed_before_there_were_shards_are_found_before_and_after_the_backfill(
    registry: Services, where: str
) -> None:
    for name in ("model-a", "model-b", "model-c"):
        ready(registry, model(registry, name))
    unsharded(registry)
    ready(registry, "model-b")
    asked = SearchQuery(parse_filter(where, Subject.VERSIONS), parse_order("name, version", Subject.VERSIONS))

    def found() -> list[tuple[str, int]]:
        page = search.search_versions(registry, asked, 10, None, lambda _: True)
        return [(one.model, one.number) for one in page.items]

    wanted = [("model-a", 1), ("model-b", 1), ("model-b", 2), ("model-c", 1)]
    assert found() == wanted
    assert run(registry).placed == 3
    assert found() == wanted
    derived.check(registry)


def test_registrations_of_different_models_are_spread_over_the_lists_of_versions(registry: Services) -> None:
    for number in range(12):
        registered(registry, file(), name=model(registry, f"model-{number}"))
    versions_of = [item for item in derived.table(registry) if key_of(item).sort.startswith(keys.VERSION_PREFIX)]
    for index in (VERSIONS_BY_STAGE, VERSIONS_BY_NAME):
        assert len({item[INDEXES[index][0]] for item in versions_of}) == keys.LISTING_SHARDS
