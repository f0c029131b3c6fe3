"""Index entries are written in the transaction of the change itself, so they always agree with what is stored."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.aws import keys
from chalicelib.aws.names import CHANGE_SHARD, TERM, TERMS
from chalicelib.aws.search import index_places
from chalicelib.aws.services import Services
from chalicelib.aws.table import key_of
from chalicelib.domain.errors import ConflictError, LimitExceededError, NotFoundError
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.search.entries import MAX_METRICS
from chalicelib.registry.models import models
from chalicelib.registry.promotion import stages
from chalicelib.registry.versions import burials, uploads, versions
from tests.registry.build import MODEL, model, pending, ready, request
from tests.registry.derived import check, table

MANY_TAGS = {f"tag{number}": "x" for number in range(50)}
MANY_METRICS = {f"metric{number:02}": number / 7 for number in range(MAX_METRICS + 10)}


TAGS = st.dictionaries(st.sampled_from(["team", "x" * 240, "tier"]), st.sampled_from(["a", "ü" * 2_000, "\x00\x01"]))
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("register"), TAGS, st.booleans()),
        st.tuples(st.just("annotate"), TAGS, st.integers(1, 3)),
        st.tuples(st.just("describe"), TAGS),
        st.tuples(st.just("move"), st.sampled_from(["staging", "production", "archived"]), st.integers(1, 3)),
        st.tuples(st.sampled_from(["delete", "restore"]), st.integers(1, 3)),
        st.tuples(st.just("drop")),
    ),
    max_size=12,
)


def perform(registry: Services, name: str, operation: tuple[Any, ...]) -> None:
    what, *given_ = operation
    run = {"run": {"id": "r" * 1_500}}
    match what:
        case "register":
            make = ready if given_[1] else pending
            make(registry, name, tags=given_[0], metrics={"auc": 0.5, "loss": -1}, provenance=run)
        case "annotate":
            versions.annotate_version(registry, request(), name, str(given_[1]), None, given_[0])
        case "describe":
            models.update_model(registry, request(), name, ProfileChange(tags=given_[0]))
        case "move":
            stages.transition(registry, request(), name, str(given_[1]), given_[0], None, None)
        case "delete":
            versions.delete_version(registry, request(), name, str(given_[0]))
        case "restore":
            burials.restore_version(registry, request(), name, str(given_[0]), None)
        case "drop":
            models.delete_model(registry, request(), name)
            model(registry, name)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=OPERATIONS)
def test_after_any_operations_the_entries_agree_with_what_is_stored(registry: Services, operations: list[Any]) -> None:
    name = registry.new_id()
    model(registry, name)
    for operation in operations:
        # An operation that a rule refuses changes nothing.
        with suppress(ConflictError, NotFoundError):
            perform(registry, name, operation)
    check(registry)


def test_an_entry_names_its_version_and_sorts_by_its_value(registry: Services) -> None:
    model(registry)
    for auc in (0.5, -2, 1e300, 0.0, -0.0, 2**53 + 1):
        ready(registry, metrics={"auc": auc})
    found, _ = registry.table.query_index(TERMS, keys.term_of_metric("auc"), 100)
    # Of equal values the newest version comes first.
    assert [keys.version_of(key_of(entry)) for entry in found] == [2, 5, 4, 1, 6, 3]
    assert {keys.model_of(key_of(entry)) for entry in found} == {MODEL}


def test_only_the_first_forty_metrics_are_indexed_and_only_once_the_version_is_ready(registry: Services) -> None:
    model(registry)
    version = pending(registry, metrics=MANY_METRICS)

    def indexed() -> list[str]:
        return [str(item[TERM]) for item in table(registry) if str(item.get(TERM)).startswith("M#")]

    assert indexed() == []
    uploads.finalise_version(registry, request(), MODEL, str(version.number))
    assert sorted(indexed()) == [f"M#{name}" for name in sorted(MANY_METRICS)[:MAX_METRICS]]


def test_a_version_with_the_most_tags_and_metrics_is_deleted_and_restored(registry: Services) -> None:
    model(registry)
    ready(registry, tags=MANY_TAGS, metrics=MANY_METRICS, label="1.0.0")
    versions.delete_version(registry, request("delete"), MODEL, "1")
    check(registry)
    burials.restore_version(registry, request("restore"), MODEL, "1", None)
    check(registry)


@pytest.mark.parametrize(
    "change",
    [
        lambda registry, tags: versions.annotate_version(registry, request(), MODEL, "1", None, tags),
        lambda registry, tags: models.update_model(registry, request(), MODEL, ProfileChange(tags=tags)),
    ],
)
def test_changing_more_tags_than_fit_one_transaction_is_refused(
    registry: Services, change: Callable[[Services, dict[str, str]], object]
) -> None:
    models.create_model(registry, request(), MODEL, ProfileChange(tags=MANY_TAGS))
    ready(registry, tags=MANY_TAGS)
    others = {f"other{number}": "x" for number in range(50)}
    with pytest.raises(LimitExceededError, match="Change fewer tags at a time"):
        change(registry, others)
    kept = dict(list(MANY_TAGS.items())[:25])
    change(registry, kept)
    change(registry, kept | dict(list(others.items())[:25]))
    check(registry)


def test_a_commit_that_changes_no_index_key_writes_no_index(registry: Services) -> None:
    """DynamoDB writes to an index only if an index key changed. A tag changes none of a version or model itself."""
    model(registry)
    before = ready(registry)
    after = versions.annotate_version(registry, request(), MODEL, "1", None, {"team": "risk"}).result
    assert index_places.version_places(before) == index_places.version_places(after)
    heads = [item for item in table(registry) if str(item.get(CHANGE_SHARD)).startswith("M")]
    assert len(heads) == 1
    assert index_places.version_places(replace(after, stage="staging")) != index_places.version_places(after)
