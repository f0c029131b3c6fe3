"""Runs as MLflow's clients ask for them."""

from typing import Any

import pytest

from chalicelib.domain.access.principal import Role
from tests.api.mlflow.calling import Mlflow


def begun(mlflow: Mlflow, **given: Any) -> str:
    run = mlflow.ask("POST", "runs/create", experiment_id="0", start_time=5, user_id="ada", **given)["run"]
    return str(run["info"]["run_id"])


def test_what_is_logged_of_a_run_is_read_back(mlflow: Mlflow) -> None:
    run_id = begun(mlflow, tags=[{"key": "mlflow.runName", "value": "keen-gull-1"}])
    mlflow.ask("POST", "runs/log-metric", run_id=run_id, key="auc", value=0.5, timestamp=1)
    mlflow.ask("POST", "runs/log-metric", run_id=run_id, key="auc", value="0.75", timestamp="2", step="1")
    mlflow.ask("POST", "runs/log-parameter", run_id=run_id, key="depth", value="3")
    mlflow.ask("POST", "runs/set-tag", run_id=run_id, key="team", value="risk")
    mlflow.ask("POST", "runs/set-tag", run_id=run_id, key="gone", value="")
    mlflow.ask("POST", "runs/delete-tag", run_id=run_id, key="gone")
    dataset = {"name": "train", "digest": "d1", "source_type": "local", "source": "{}", "schema": "{}"}
    tags = [{"key": "mlflow.data.context", "value": "training"}]
    mlflow.ask("POST", "runs/log-inputs", run_id=run_id, datasets=[{"dataset": dataset, "tags": tags}])
    mlflow.ask("POST", "runs/outputs", run_id=run_id, models=[{"model_id": "m-1", "step": 0}])
    info = mlflow.ask("POST", "runs/update", run_id=run_id, status="FINISHED", end_time=9)["run_info"]
    assert (info["status"], info["end_time"], info["run_uuid"]) == ("FINISHED", 9, run_id)
    run = mlflow.ask("GET", "runs/get", run_id=run_id, run_uuid=run_id)["run"]
    assert run["info"] == info
    assert run["data"] == {
        "metrics": [{"key": "auc", "value": 0.75, "timestamp": 2, "step": 1}],
        "params": [{"key": "depth", "value": "3"}],
        "tags": [{"key": "mlflow.runName", "value": "keen-gull-1"}, {"key": "team", "value": "risk"}],
    }
    assert run["inputs"] == {"dataset_inputs": [{"dataset": dataset, "tags": tags}]}
    assert run["outputs"] == {"model_outputs": [{"model_id": "m-1", "step": 0}]}


def test_a_batch_is_logged_and_a_history_read_in_pages(mlflow: Mlflow) -> None:
    run_id = begun(mlflow)
    points = [
        {"key": "loss", "value": value, "timestamp": step, "step": step} for step, value in enumerate([3, 2, "NaN"])
    ]
    mlflow.ask("POST", "runs/log-batch", run_id=run_id, metrics=points, params=[{"key": "p", "value": "1"}])
    query = {"run_id": run_id, "metric_key": "loss", "max_results": 2}
    first = mlflow.ask("GET", "metrics/get-history", **query)
    second = mlflow.ask("GET", "metrics/get-history", **query, page_token=first["next_page_token"])
    assert [one["value"] for one in (*first["metrics"], *second["metrics"])] == [3.0, 2.0, "NaN"]
    assert mlflow.refused("GET", "metrics/get-history", **{**query, "max_results": 0}).status == 400
    assert mlflow.ask("GET", "metrics/get-history", run_id=run_id, metric_key="other") == {}


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("runs/log-metric", {"key": "auc", "value": "high", "timestamp": 1}),
        ("runs/log-metric", {"key": "auc", "timestamp": 1}),
        ("runs/log-metric", {"key": "auc", "value": 1}),
        ("runs/log-metric", {"key": "../x", "value": 1, "timestamp": 1}),
        ("runs/log-metric", {"key": "auc", "value": True, "timestamp": 1}),
        ("runs/log-metric", {"key": "auc", "value": 1, "timestamp": -1}),
        ("runs/log-parameter", {"value": "1"}),
        ("runs/set-tag", {"key": "a//b", "value": "1"}),
        ("runs/update", {"status": "DONE"}),
        ("runs/log-batch", {"params": [{"value": "1"}]}),
        ("runs/log-batch", {"metrics": [{"key": "auc"}]}),
        ("runs/log-batch", {"metrics": "x"}),
        ("runs/log-inputs", {"datasets": [{}]}),
        ("runs/log-inputs", {"datasets": [{"dataset": {"name": "x"}}]}),
        ("runs/outputs", {"models": [{}]}),
        ("runs/log-model", {"model_json": "{"}),
    ],
)
def test_invalid_values_are_refused_without_a_server_error(mlflow: Mlflow, path: str, given: dict[str, Any]) -> None:
    refused = mlflow.refused("POST", path, run_id=begun(mlflow), **given)
    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")


def test_a_parameter_does_not_change(mlflow: Mlflow) -> None:
    run_id = begun(mlflow)
    for _ in range(2):
        mlflow.ask("POST", "runs/log-parameter", run_id=run_id, key="depth", value="3")
    refused = mlflow.refused("POST", "runs/log-parameter", run_id=run_id, key="depth", value="4")
    assert (refused.error_code, refused.message[:36]) == (
        "INVALID_PARAMETER_VALUE",
        "Changing param values is not allowed",
    )


def test_unknown_runs_and_logged_models_are_not_found(mlflow: Mlflow) -> None:
    for method, path, given in (
        ("GET", "runs/get", {"run_id": "x"}),
        ("POST", "runs/update", {"run_id": "x"}),
        ("POST", "runs/log-batch", {"run_id": "x"}),
        ("GET", "metrics/get-history", {"run_id": "x", "metric_key": "auc"}),
        ("GET", "logged-models/m-x", {}),
        ("PATCH", "logged-models/m-x", {"status": "LOGGED_MODEL_READY"}),
    ):
        refused = mlflow.refused(method, path, **given)
        assert (refused.status, refused.error_code) == (404, "RESOURCE_DOES_NOT_EXIST"), path


def test_runs_are_searched_in_pages_newest_first(mlflow: Mlflow) -> None:
    names = [f"r{number}" for number in range(3)]
    for start, name in enumerate(names, 1):
        mlflow.ask("POST", "runs/create", experiment_id="0", start_time=start, run_name=name)
    first = mlflow.ask("POST", "runs/search", experiment_ids=["0"], max_results=2)
    rest = mlflow.ask("POST", "runs/search", experiment_ids=["0"], max_results=2, page_token=first["next_page_token"])
    assert [one["info"]["run_name"] for one in (*first["runs"], *rest["runs"])] == ["r2", "r1", "r0"]
    picked = mlflow.ask(
        "POST", "runs/search", experiment_ids=["0"], filter="run_name IN ('r0', 'r1')", order_by=["start_time ASC"]
    )
    assert [one["info"]["run_name"] for one in picked["runs"]] == ["r0", "r1"]
    assert mlflow.ask("POST", "runs/search", experiment_ids=["0"], run_view_type="DELETED_ONLY") == {}
    assert mlflow.refused("POST", "runs/search", experiment_ids=["0"], filter="nonsense").status == 400


def test_a_run_can_be_read_and_changed_by_its_owner_but_not_by_others(mlflow: Mlflow) -> None:
    ada = Mlflow(Role.CONTRIBUTOR, "fraud*", "token:ada")
    bob = Mlflow(Role.CONTRIBUTOR, "churn*", "token:bob")
    run_id = begun(ada)
    for method, path, given in (
        ("GET", "runs/get", {}),
        ("POST", "runs/log-metric", {"key": "auc", "value": 1, "timestamp": 1}),
        ("POST", "runs/update", {"status": "KILLED"}),
    ):
        refused = bob.refused(method, path, run_id=run_id, **given)
        assert (refused.status, refused.error_code) == (403, "PERMISSION_DENIED")
        assert mlflow.ask(method, path, run_id=run_id, **given) is not None
    assert bob.ask("POST", "runs/search", experiment_ids=["0"]) == {}
    assert Mlflow(Role.VIEWER, "x").refused("POST", "runs/create", experiment_id="0").status == 403
