"""Filters of runs and logged models."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.mlflow.tracking import search
from chalicelib.domain.mlflow.tracking.entities import Experiment, LoggedModel, Metric, Run, RunStatus

RUN = Run(
    "a" * 32,
    "0",
    "swift-quay-1",
    "ada",
    "token:ada",
    RunStatus.FINISHED,
    1_000,
    "mlflow-artifacts:/0",
    tags={"team": "risk", "a key": "it's"},
    params={"depth": "3"},
    metrics={"auc": Metric("auc", 0.9, 1)},
)
MODEL = LoggedModel("m-1", "0", "model", "token:ada", 5, 6, "mlflow-artifacts:/0")


def picks(text: str) -> bool:
    return all(condition.holds(search.of_run(RUN)) for condition in search.parsed(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "attributes.status = 'FINISHED'",
        'status = "FINISHED" and metrics.auc > 0.8',
        "metrics.`auc` <= 0.9 AND params.depth = '3'",
        "tags.team LIKE 'ri%' AND tags.team ILIKE 'RI_K'",
        "tags.`a key` = 'it\\'s'",
        "params.depth IN ('2', '3') AND tags.team NOT IN ('fraud')",
        "attributes.start_time >= 1000 AND run_id != 'x'",
        "metrics.auc != 1e3",
    ],
)
def test_a_filter_picks_what_it_says(text: str) -> None:
    assert picks(text)


@pytest.mark.parametrize(
    "text",
    [
        "attributes.status = 'RUNNING'",
        "metrics.auc > 0.95",
        "metrics.unknown < 1",
        "tags.unknown != 'x'",
        "tags.team LIKE 'RI%'",
        "params.depth NOT IN ('3')",
        "metrics.auc = 0.9 AND params.depth = '4'",
    ],
)
def test_a_filter_leaves_out_what_it_does_not_say(text: str) -> None:
    assert not picks(text)


@pytest.mark.parametrize(
    "text",
    [
        "status = FINISHED",
        "status",
        "status =",
        "metrics.auc > 'high'",
        "metrics.auc LIKE '1'",
        "tags.team > 'a'",
        "status = 'a' OR status = 'b'",
        "params.depth IN ()",
        "params.depth IN ('3'",
        "params.depth IN 3",
        "status = 'a' status = 'b'",
        "status ~ 'x'",
        "'",
        "x" * 5_000,
        " AND ".join(["status = 'a'"] * 60),
    ],
)
def test_a_filter_that_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        picks(text)


def test_an_attribute_that_there_is_not_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="Valid keys"):
        picks("attributes.owner = 'x'")
    (condition,) = search.parsed("run_id = 'x'")
    with pytest.raises(InvalidInputError, match="Valid keys"):
        condition.holds(search.of_model(MODEL))
    with pytest.raises(InvalidInputError, match="Valid keys"):
        condition.holds(search.of_experiment(Experiment("1", "x", "y", 0, "z")))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InvalidInputError):
        assert picks(text) in (True, False)


def test_logged_models_are_found_by_name_and_time() -> None:
    (by_name, by_time) = search.parsed("name = 'model' AND creation_timestamp < 6")
    assert by_name.holds(search.of_model(MODEL)) and by_time.holds(search.of_model(MODEL))


def test_an_order_puts_what_lacks_the_field_last_either_way() -> None:
    runs = [RUN, replace(RUN, metrics={"auc": Metric("auc", 0.5, 1)}), replace(RUN, metrics={})]
    for clause, expected in (("metrics.auc ASC", [1, 0, 2]), ("metrics.`auc` desc", [0, 1, 2])):
        (order,) = search.ordered([clause])
        assert sorted(range(3), key=lambda at: search.sort_key(order, search.of_run(runs[at]))) == expected
    with pytest.raises(InvalidInputError):
        search.ordered([" "])
