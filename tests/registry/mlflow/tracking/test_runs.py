"""Runs keep what is logged, once, however often and by however many it is logged."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.aws.services import Services
from chalicelib.domain.errors import (
    BodyTooLargeError,
    ExperimentNotFoundError,
    InvalidInputError,
    PermissionDeniedError,
    RunNotFoundError,
)
from chalicelib.domain.mlflow.tracking import search
from chalicelib.domain.mlflow.tracking.entities import DatasetInput, Output, RunStatus, View
from chalicelib.registry.mlflow.tracking import experiments, logged_models, runs, searching
from tests.registry.faults import When, failing
from tests.registry.mlflow.tracking.build import ADA, BOB, MAINTAINER, NOBODY, READER, logged_model, metric, run


def test_a_run_begins_in_its_experiment_with_a_name(registry: Services) -> None:
    begun = run(registry)
    assert runs.get_run(registry, ADA, begun.id) == begun
    assert begun.tags["mlflow.runName"] == begun.name
    assert begun.artifact_uri == f"mlflow-artifacts:/0/{begun.id}/artifacts"
    assert (begun.status, begun.owner) == (RunStatus.RUNNING, "token:ada")
    with pytest.raises(InvalidInputError):
        runs.create_run(registry, ADA, "0", "one", "ada", 5, {"mlflow.runName": "other"})
    with pytest.raises(ExperimentNotFoundError):
        runs.create_run(registry, ADA, "9", "", "ada", 5, {})


def test_a_metric_keeps_its_history_and_its_latest_value(registry: Services) -> None:
    begun = run(registry)
    points = [
        metric(value=0.5, step=-1),
        metric(value=0.9, step=2),
        metric(value=0.7, step=1),
        metric("loss", math.nan),
    ]
    runs.log(registry, ADA, begun.id, metrics=points)
    runs.log(registry, ADA, begun.id, metrics=points[2:3])
    history, more = runs.metric_history(registry, ADA, begun.id, "auc", 10, None)
    assert ([one.step for one in history], more) == ([-1, 1, 2], None)
    found = runs.get_run(registry, ADA, begun.id)
    assert found.metrics["auc"].value == 0.9
    assert math.isnan(found.metrics["loss"].value)


def test_a_history_is_read_in_pages(registry: Services) -> None:
    begun = run(registry)
    runs.log(registry, ADA, begun.id, metrics=[metric(step=step) for step in range(250)])
    steps: list[int] = []
    after: str | None = None
    while True:
        page, after = runs.metric_history(registry, ADA, begun.id, "auc", 100, after)
        steps += [one.step for one in page]
        if after is None:
            break
    assert steps == list(range(250))


def test_a_metric_whose_name_begins_like_another_has_its_own_history(registry: Services) -> None:
    begun = run(registry)
    runs.log(registry, ADA, begun.id, metrics=[metric("a"), metric("a/b"), metric("ab")])
    history, _ = runs.metric_history(registry, ADA, begun.id, "a", 10, None)
    assert [one.key for one in history] == ["a"]


def test_logging_is_bounded(registry: Services) -> None:
    begun = run(registry)
    with pytest.raises(InvalidInputError, match="at most 1000 metrics"):
        runs.log(registry, ADA, begun.id, metrics=[metric(step=step) for step in range(1_001)])
    with pytest.raises(InvalidInputError, match="at most 100 params"):
        runs.log(registry, ADA, begun.id, params=[(f"p{number}", "1") for number in range(101)])
    with pytest.raises(InvalidInputError, match="Duplicate parameter"):
        runs.log(registry, ADA, begun.id, params=[("p", "1"), ("p", "2")])
    runs.log(registry, ADA, begun.id, tags=[(f"t{number}", "x" * 8_000) for number in range(43)])
    with pytest.raises(BodyTooLargeError):
        runs.log(registry, ADA, begun.id, tags=[("u", "x" * 8_000)])


def test_a_writer_that_comes_between_loses_nothing(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = run(registry)
    between = iter(range(5))

    put = registry.table.put

    def put_after_another(*arguments: Any) -> bool:
        number = next(between, None)
        if number is not None:
            monkeypatch.setattr(registry.table, "put", put)
            runs.log(registry, ADA, begun.id, tags=[(f"other-{number}", "v")])
            monkeypatch.setattr(registry.table, "put", put_after_another)
        return put(*arguments)

    monkeypatch.setattr(registry, "sleep", lambda _: None)
    monkeypatch.setattr(registry.table, "put", put_after_another)
    runs.log(registry, ADA, begun.id, tags=[("mine", "v")])
    expected = {"mine", *(f"other-{number}" for number in range(5))}
    assert expected <= set(runs.get_run(registry, ADA, begun.id).tags)


def test_datasets_are_kept_in_full_and_found_with_the_run(registry: Services) -> None:
    begun = run(registry)
    dataset = DatasetInput("train", "d1", "local", {"mlflow.data.context": "training"}, "{}", "{}", "{}")
    runs.log_inputs(registry, ADA, begun.id, [dataset], ["m-1"])
    runs.log_inputs(registry, ADA, begun.id, [dataset], ["m-1"])
    found = runs.get_run(registry, ADA, begun.id)
    assert (found.datasets, found.inputs) == ((dataset,), ("m-1",))
    large = DatasetInput("wide", "d2", "local", source="{}", schema="x" * 100_000, profile="{}")
    runs.log_inputs(registry, ADA, begun.id, [large], [])
    assert runs.get_run(registry, ADA, begun.id).datasets[1].schema is None


def test_a_tag_is_deleted_once(registry: Services) -> None:
    begun = run(registry, team="risk")
    runs.delete_tag(registry, ADA, begun.id, "team")
    assert "team" not in runs.get_run(registry, ADA, begun.id).tags
    with pytest.raises(RunNotFoundError, match="No tag with name"):
        runs.delete_tag(registry, ADA, begun.id, "team")


def test_what_a_run_measures_of_a_model_is_the_model_s_too(registry: Services) -> None:
    begun, model = run(registry), logged_model(registry)
    runs.log(registry, ADA, begun.id, metrics=[metric(model_id=model.id), metric("loss", model_id="m-unknown")])
    runs.log_outputs(registry, ADA, begun.id, [Output(model.id, 0)])
    assert [one.key for one in logged_models.get_logged_model(registry, ADA, model.id).metrics] == ["auc"]
    found = runs.get_run(registry, ADA, begun.id)
    assert runs.output_named(registry, found, "model") == logged_models.get_logged_model(registry, ADA, model.id)
    assert runs.output_named(registry, found, "other") is None


WRITES: dict[str, Callable[[Services, str], object]] = {
    "log": lambda registry, run_id: runs.log(
        registry, ADA, run_id, [metric(step=step) for step in range(150)], [("p", "1")], [("t", "v")]
    ),
    "update": lambda registry, run_id: runs.update_run(registry, ADA, run_id, RunStatus.FINISHED, 9, "named"),
    "inputs": lambda registry, run_id: runs.log_inputs(registry, ADA, run_id, [DatasetInput("d", "x", "local")], []),
    "outputs": lambda registry, run_id: runs.log_outputs(registry, ADA, run_id, [Output("m-1", 0)]),
}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_write_that_is_cut_off_anywhere_is_made_whole_by_repeating_it(
    registry: Services, name: str, when: When
) -> None:
    whole = run(registry)
    WRITES[name](registry, whole.id)
    wanted = runs.get_run(registry, ADA, whole.id)
    for nth in range(1, 20):
        begun = run(registry)
        with failing(registry, nth, when) as fault:
            try:
                WRITES[name](registry, begun.id)
            except ReadTimeoutError:
                WRITES[name](registry, begun.id)
        found = runs.get_run(registry, ADA, begun.id)
        assert (found.metrics, found.params, found.datasets, found.outputs, found.status) == (
            wanted.metrics,
            wanted.params,
            wanted.datasets,
            wanted.outputs,
            wanted.status,
        )
        history, _ = runs.metric_history(registry, ADA, begun.id, "auc", 1_000, None)
        assert len(history) == (150 if name == "log" else 0)
        if not fault.struck:
            return
    pytest.fail("the write makes too many calls")


def test_a_run_is_its_owner_s_and_others_need_a_grant_on_every_model(registry: Services) -> None:
    begun = run(registry)
    for stranger in (BOB, NOBODY):
        with pytest.raises(PermissionDeniedError):
            runs.get_run(registry, stranger, begun.id)
        with pytest.raises(PermissionDeniedError):
            runs.metric_history(registry, stranger, begun.id, "auc", 10, None)
    for reader in (BOB, NOBODY, READER):
        with pytest.raises(PermissionDeniedError):
            runs.log(registry, reader, begun.id, tags=[("t", "v")])
        with pytest.raises(PermissionDeniedError):
            runs.log_inputs(registry, reader, begun.id, [], ["m-1"])
    assert runs.get_run(registry, READER, begun.id) == begun
    assert runs.log(registry, MAINTAINER, begun.id, tags=[("t", "v")]).tags["t"] == "v"
    with pytest.raises(PermissionDeniedError):
        runs.create_run(registry, READER, "0", "", "rea", 5, {})


def test_an_owner_who_may_register_nothing_any_more_writes_nothing(registry: Services) -> None:
    begun = run(registry)
    dismissed = NOBODY.__class__(ADA.name, ())
    with pytest.raises(PermissionDeniedError):
        runs.log(registry, dismissed, begun.id, tags=[("t", "v")])
    with pytest.raises(PermissionDeniedError):
        runs.get_run(registry, dismissed, begun.id)


def test_a_search_shows_the_readable_runs_that_the_filter_picks_newest_first(registry: Services) -> None:
    mine = [runs.create_run(registry, ADA, "0", f"r{number}", "ada", number + 1, {}) for number in range(3)]
    runs.create_run(registry, BOB, "0", "bob's", "bob", 9, {})
    runs.log(registry, ADA, mine[1].id, metrics=[metric(value=0.5)], tags=[("team", "risk")])

    def found(text: str = "", *orders: str) -> list[str]:
        picked = searching.search_runs(registry, ADA, ["0", "0"], search.parsed(text), search.ordered(orders))
        return [one.name for one in picked]

    assert found() == ["r2", "r1", "r0"]
    assert found("metrics.auc >= 0.5 AND tags.team = 'risk'") == ["r1"]
    assert found("", "attributes.run_name ASC") == ["r0", "r1", "r2"]
    assert found("", "attributes.run_name DESC") == ["r2", "r1", "r0"]


def test_a_search_looks_at_the_newest_runs_of_many_experiments_together(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MAX_READ", 4)
    monkeypatch.setattr(searching, "_LEAST_SHARE", 3)
    many = [experiments.create_experiment(registry, ADA, f"e{number}", "", {}).id for number in range(60)]
    for number, experiment in enumerate([many[0], many[59], many[7], many[59], many[59], many[59]]):
        runs.create_run(registry, ADA, experiment, f"r{number}", "ada", number + 1, {})
    found = searching.search_runs(registry, ADA, many, (), ())
    assert [one.name for one in found] == ["r5", "r4", "r3", "r2"]
    with pytest.raises(InvalidInputError, match="At most 500 experiments"):
        searching.search_runs(registry, ADA, [str(number) for number in range(501)], (), ())


def test_a_deleted_run_is_found_on_request_takes_nothing_more_and_can_be_restored(registry: Services) -> None:
    begun = run(registry)
    for _ in range(2):
        assert runs.delete_run(registry, ADA, begun.id).deleted
    assert searching.search_runs(registry, ADA, ["0"], (), ()) == []
    for view in (View.DELETED, View.ALL):
        assert [one.id for one in searching.search_runs(registry, ADA, ["0"], (), (), view)] == [begun.id]
    assert runs.get_run(registry, ADA, begun.id).deleted
    for change in (
        lambda: runs.log(registry, ADA, begun.id, params=[("a", "b")]),
        lambda: runs.update_run(registry, ADA, begun.id, None, 5, None),
        lambda: runs.log_inputs(registry, ADA, begun.id, [], ["m"]),
    ):
        with pytest.raises(InvalidInputError, match="must be in the 'active' state"):
            change()
    with pytest.raises(PermissionDeniedError):
        runs.restore_run(registry, BOB, begun.id)
    for _ in range(2):
        assert not runs.restore_run(registry, ADA, begun.id).deleted
    assert [one.id for one in searching.search_runs(registry, ADA, ["0"], (), ())] == [begun.id]


def test_a_run_that_there_is_not_is_not_found(registry: Services) -> None:
    for ask in (
        lambda: runs.get_run(registry, ADA, "x"),
        lambda: runs.log(registry, ADA, "x", tags=[("t", "v")]),
        lambda: runs.metric_history(registry, ADA, "x", "auc", 1, None),
    ):
        with pytest.raises(RunNotFoundError):
            ask()
