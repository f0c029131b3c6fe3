"""A model with the newest version of each stage, whatever moved, in two reads."""

from dataclasses import replace

import pytest

from chalicelib.aws.models import items as model_items
from chalicelib.aws.services import Services
from chalicelib.domain.errors import LimitExceededError, VersionNotFoundError
from chalicelib.domain.models.newest import MAX_KEPT
from chalicelib.registry.models import models
from chalicelib.registry.promotion import stages
from chalicelib.registry.schemes import saving
from chalicelib.registry.versions import latest, versions
from tests.registry.build import MODEL, model, pending, ready, request
from tests.registry.faults import Calls


@pytest.fixture
def standard(registry: Services) -> Services:
    """A model with MLflow's four stages."""
    saving.set_default(registry, request(), "standard")
    model(registry)
    return registry


def newest(registry: Services) -> dict[str, int]:
    return {version.stage: version.number for version in latest.get_latest(registry, MODEL).versions}


def move(registry: Services, number: int, stage: str) -> None:
    stages.transition(registry, request(), MODEL, number, stage, None, None)


def test_each_stage_shows_its_newest_version_and_not_the_one_that_entered_last(standard: Services) -> None:
    for _ in range(3):
        ready(standard)
    move(standard, 3, "Staging")
    move(standard, 1, "Staging")
    assert newest(standard) == {"None": 2, "Staging": 3}
    move(standard, 3, "None")
    assert newest(standard) == {"None": 3, "Staging": 1}


def test_it_costs_one_read_without_versions_and_two_with(standard: Services) -> None:
    calls = Calls(standard.client("dynamodb"))
    latest.get_latest(standard, MODEL)
    assert calls.operations == ["BatchGetItem"]
    ready(standard)
    calls.operations.clear()
    latest.get_latest(standard, MODEL)
    assert calls.operations == ["BatchGetItem"] * 2


def test_a_stage_that_more_than_the_kept_newest_have_left_is_looked_up(standard: Services) -> None:
    for _ in range(MAX_KEPT + 3):
        ready(standard)
    for number in range(4, MAX_KEPT + 4):
        move(standard, number, "Archived")
    assert models.get_model(standard, MODEL).model.newest_in("None").numbers == ()
    assert newest(standard) == {"None": 3, "Archived": MAX_KEPT + 3}
    head = models.model_head(standard, MODEL)
    assert latest.standing_in(standard, head, "None") == (3, 2, 1)
    assert len(latest.standing_in(standard, head, "Archived")) == MAX_KEPT


def test_a_version_that_waits_for_its_files_is_latest_nowhere(standard: Services) -> None:
    pending(standard)
    assert newest(standard) == {}
    with pytest.raises(VersionNotFoundError, match="READY"):
        latest.newest_version(standard, MODEL)
    ready(standard)
    ready(standard)
    move(standard, 3, "Staging")
    pending(standard)
    calls = Calls(standard.client("dynamodb"))
    assert newest(standard) == {"None": 2, "Staging": 3}
    assert calls.operations == ["BatchGetItem"] * 3
    assert latest.newest_version(standard, MODEL)[1].number == 3
    versions.delete_version(standard, request(), MODEL, 2)
    assert newest(standard) == {"Staging": 3}


def test_below_more_waiting_versions_than_the_head_keeps_the_latest_is_looked_up(standard: Services) -> None:
    ready(standard)
    for _ in range(MAX_KEPT + 1):
        pending(standard)
    assert newest(standard) == {"None": 1}


def test_a_version_that_moves_between_the_reads_is_shown_where_it_stands(standard: Services) -> None:
    ready(standard)
    moved: list[int] = []

    def race(**_: object) -> None:
        # After the head was read.
        if len(moved) == 1:
            moved.append(2)
            move(standard, 1, "Staging")
        moved.append(1)

    standard.client("dynamodb").meta.events.register("before-call.dynamodb.BatchGetItem", race)
    assert newest(standard) == {"Staging": 1}


def test_a_head_from_before_the_newest_were_kept_is_looked_up(standard: Services) -> None:
    for _ in range(2):
        ready(standard)
    versions.delete_version(standard, request(), MODEL, 2)
    head = models.model_head(standard, MODEL)
    assert head.newest
    standard.table.put(model_items.model_item(replace(head, newest={})))
    assert newest(standard) == {"None": 1}


def test_the_highest_version_of_none_is_none(standard: Services) -> None:
    with pytest.raises(VersionNotFoundError):
        latest.newest_version(standard, MODEL)
    ready(standard)
    assert latest.newest_version(standard, MODEL)[1].number == 1


def test_more_than_one_call_can_move_is_refused(standard: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        ready(standard)
    monkeypatch.setattr(latest, "MAX_STANDING", 1)
    with pytest.raises(LimitExceededError, match="2 versions"):
        latest.standing_in(standard, models.model_head(standard, MODEL), "None")
