"""What logging changes of runs and logged models, and what it may not."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.mlflow.tracking import bounds, changes
from chalicelib.domain.mlflow.tracking.entities import (
    DatasetInput,
    LoggedModel,
    Metric,
    ModelStatus,
    Output,
    Run,
    RunStatus,
)

RUN = Run("r" * 32, "0", "swift-quay-1", "ada", "token:ada", RunStatus.RUNNING, 1, "mlflow-artifacts:/0/r/artifacts")
MODEL = LoggedModel("m-1", "0", "model", "token:ada", 1, 1, "mlflow-artifacts:/0/models/m-1/artifacts")

metrics = st.builds(
    Metric,
    key=st.sampled_from(["auc", "loss"]),
    value=st.one_of(st.floats(), st.sampled_from([0.5, math.nan, math.inf])),
    timestamp=st.integers(0, 3),
    step=st.integers(-2, 2),
)


@given(st.lists(metrics).flatmap(lambda points: st.tuples(st.just(points), st.permutations(points))))
def test_the_latest_metric_is_the_same_in_whatever_order_points_arrive(
    orders: tuple[list[Metric], list[Metric]],
) -> None:
    one, other = ({key: metric.rank for key, metric in changes.latest({}, order).items()} for order in orders)
    assert one == other


@given(st.lists(metrics))
def test_the_latest_metric_is_of_the_highest_step_then_time_then_value(points: list[Metric]) -> None:
    for key, latest in changes.latest({}, points).items():
        assert all(point.rank <= latest.rank for point in points if point.key == key)


@given(st.lists(metrics), st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz")))
def test_logging_twice_changes_nothing_the_second_time(points: list[Metric], params: dict[str, str]) -> None:
    once = changes.log(RUN, points, params, params)
    assert changes.log(once, points, params, params) is once


def test_a_parameter_keeps_its_first_value() -> None:
    logged = changes.log(RUN, (), {"depth": "3"}, {})
    assert changes.log(logged, (), {"depth": "3"}, {}) is logged
    with pytest.raises(InvalidInputError, match="already logged with value='3'"):
        changes.log(logged, (), {"depth": "4"}, {})


def test_a_run_s_name_and_the_tag_of_it_are_one() -> None:
    by_tag = changes.log(RUN, (), {}, {"mlflow.runName": "keen-gull-2"})
    assert by_tag.name == "keen-gull-2"
    by_name = changes.update(RUN, RunStatus.FINISHED, 9, "keen-gull-3")
    assert (by_name.tags["mlflow.runName"], by_name.status, by_name.ended_ms) == ("keen-gull-3", "FINISHED", 9)


def test_a_dataset_that_is_read_twice_is_one_input_and_the_run_keeps_only_what_is_short_of_it() -> None:
    dataset = DatasetInput("train", "d1", "local", source="{}", schema="s" * 100)
    read = changes.with_inputs(RUN, [dataset, dataset], ["m-1"])
    assert read.datasets == (replace(dataset, source=None, schema=None),)
    assert changes.with_inputs(read, [dataset], ["m-1"]) is read
    assert changes.with_full_datasets(read, [dataset]).datasets == (dataset,)


def test_an_output_at_a_step_is_one() -> None:
    once = changes.with_outputs(RUN, [Output("m-1", 0), Output("m-1", 0), Output("m-1", 1)])
    assert len(once.outputs) == 2
    assert changes.with_outputs(once, [Output("m-1", 1)]) is once


def test_inputs_and_outputs_are_bounded() -> None:
    many = [DatasetInput(f"d{number}", "x", "local") for number in range(bounds.MAX_DATASETS + 1)]
    with pytest.raises(InvalidInputError):
        changes.with_inputs(RUN, many, [])
    with pytest.raises(InvalidInputError):
        changes.with_outputs(RUN, [Output(f"m-{number}", 0) for number in range(bounds.MAX_MODELS + 1)])


def test_what_a_model_measures_is_kept_for_each_dataset() -> None:
    auc = Metric("auc", 0.8, 1, dataset_name="train", dataset_digest="d")
    other = replace(auc, dataset_name="test", value=0.7)
    newer = replace(auc, step=1, value=0.6)
    measured = changes.measure_model(MODEL, [auc, other, newer])
    assert {(one.dataset_name, one.value) for one in measured.metrics} == {("train", 0.6), ("test", 0.7)}
    assert changes.measure_model(measured, [auc]) is measured


def test_a_logged_model_becomes_ready_and_stays_so_when_that_is_repeated() -> None:
    ready = changes.finish_model(MODEL, ModelStatus.READY, 5)
    assert (ready.status, ready.updated_ms) == (ModelStatus.READY, 5)
    assert changes.finish_model(ready, ModelStatus.READY, 6) is ready
    with pytest.raises(InvalidInputError):
        changes.finish_model(MODEL, ModelStatus.UNSPECIFIED, 5)


@pytest.mark.parametrize("name", ["../x", "/x", "a//b", "a/../b", ".", "a#b", "a\nb", "x" * 251, "\U00020000" * 200])
def test_a_key_that_could_be_a_path_or_is_too_long_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError):
        bounds.key(name)


@given(st.floats())
def test_a_metric_s_value_comes_back_from_its_text(value: float) -> None:
    again = float(bounds.number_text(value))
    assert again == value or (math.isnan(again) and math.isnan(value))


def test_what_a_client_before_3_says_of_a_model_is_added_once() -> None:
    document = '{"artifact_path":"model","flavors":{},"utc_time_created":"x","run_id":"r"}'
    once = changes.with_flavours(RUN, "mlflow.log-model.history", document)
    assert changes.with_flavours(once, "mlflow.log-model.history", document) is once
    for wrong in ("{", "[]", "{}"):
        with pytest.raises(InvalidInputError):
            changes.with_flavours(RUN, "mlflow.log-model.history", wrong)
