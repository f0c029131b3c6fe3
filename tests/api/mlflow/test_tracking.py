"""Experiments, runs and logged models as MLflow's clients ask for them."""

from typing import Any

import pytest

from chalicelib.domain.access.principal import Role
from tests.api.mlflow.calling import Mlflow


def begun(mlflow: Mlflow, **given: Any) -> str:
    run = mlflow.ask("POST", "runs/create", experiment_id="0", start_time=5, user_id="ada", **given)["run"]
    return str(run["info"]["run_id"])


def test_an_experiment_is_made_once_and_found(mlflow: Mlflow) -> None:
    assert mlflow.refused("GET", "experiments/get-by-name", experiment_name="e").error_code == "RESOURCE_DOES_NOT_EXIST"
    made = mlflow.ask("POST", "experiments/create", name="e", tags=[{"key": "k", "value": "v"}])
    assert made == {"experiment_id": "1"}
    refused = mlflow.refused("POST", "experiments/create", name="e")
    assert (refused.status, refused.error_code) == (400, "RESOURCE_ALREADY_EXISTS")
    found = mlflow.ask("GET", "experiments/get-by-name", experiment_name="e")["experiment"]
    assert found["artifact_location"] == "mlflow-artifacts:/1"
    assert (found["lifecycle_stage"], found["tags"]) == ("active", [{"key": "k", "value": "v"}])
    assert mlflow.ask("GET", "experiments/get", experiment_id="1")["experiment"] == found
    assert mlflow.refused("GET", "experiments/get", experiment_id="2").status == 404


def test_experiments_are_listed_in_pages_and_by_a_filter(mlflow: Mlflow) -> None:
    mlflow.ask("POST", "experiments/create", name="e")
    first = mlflow.ask("POST", "experiments/search", max_results=1)
    second = mlflow.ask("POST", "experiments/search", max_results=1, page_token=first["next_page_token"])
    assert [one["name"] for one in (*first["experiments"], *second["experiments"])] == ["e", "Default"]
    assert "next_page_token" not in second
    picked = mlflow.ask("POST", "experiments/search", filter="name LIKE 'e%'", max_results=10)
    assert [one["name"] for one in picked["experiments"]] == ["e"]
    assert mlflow.ask("POST", "experiments/search", view_type="DELETED_ONLY", max_results=10) == {}
    for wrong in ({"max_results": 0}, {"max_results": 1, "page_token": "x"}, {"max_results": 1, "filter": "name"}):
        assert mlflow.refused("POST", "experiments/search", **wrong).error_code == "INVALID_PARAMETER_VALUE"


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
    asked = {"run_id": run_id, "metric_key": "loss", "max_results": 2}
    first = mlflow.ask("GET", "metrics/get-history", **asked)
    second = mlflow.ask("GET", "metrics/get-history", **asked, page_token=first["next_page_token"])
    assert [one["value"] for one in (*first["metrics"], *second["metrics"])] == [3.0, 2.0, "NaN"]
    assert mlflow.refused("GET", "metrics/get-history", **{**asked, "max_results": 0}).status == 400
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
def test_what_cannot_be_logged_is_refused_and_not_an_error_of_the_server(
    mlflow: Mlflow, path: str, given: dict[str, Any]
) -> None:
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


def test_what_there_is_not_is_not_found(mlflow: Mlflow) -> None:
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


def test_a_logged_model_is_made_tagged_finished_found_and_deleted(mlflow: Mlflow) -> None:
    given = {"experiment_id": "0", "name": "model", "source_run_id": "r", "params": [{"key": "p", "value": "1"}]}
    info = mlflow.ask("POST", "logged-models", **given, tags=[{"key": "a", "value": "1"}])["model"]["info"]
    path = f"logged-models/{info['model_id']}"
    assert info["status"] == "LOGGED_MODEL_PENDING"
    assert info["artifact_uri"] == f"mlflow-artifacts:/0/models/{info['model_id']}/artifacts"
    finished = mlflow.ask("PATCH", path, model_id=info["model_id"], status="LOGGED_MODEL_READY")["model"]
    assert finished["info"]["status"] == "LOGGED_MODEL_READY"
    assert mlflow.ask("PATCH", path, status=3)["model"]["info"]["status"] == "LOGGED_MODEL_UPLOAD_FAILED"
    assert mlflow.ask("PATCH", f"{path}/tags", tags=[{"key": "b/c", "value": "2"}]) == {}
    assert mlflow.ask("DELETE", f"{path}/tags/b/c") == {}
    assert mlflow.ask("POST", f"{path}/params", params=[{"key": "q", "value": "2"}]) == {}
    found = mlflow.ask("GET", path)["model"]
    assert found["info"]["tags"] == [{"key": "a", "value": "1"}]
    assert found["data"]["params"] == [{"key": "p", "value": "1"}, {"key": "q", "value": "2"}]
    searched = mlflow.ask("POST", "logged-models/search", experiment_ids=["0"], filter="name = 'model'")
    assert searched == {"models": [found]}
    ordered = [{"field_name": "creation_time", "ascending": False}]
    assert mlflow.ask("POST", "logged-models/search", experiment_ids=["0"], order_by=ordered) == {"models": [found]}
    assert mlflow.ask("DELETE", path) == {}
    assert mlflow.refused("GET", path).status == 404
    for wrong in ({}, {"status": "READY?"}, {"status": 9}):
        assert mlflow.refused("PATCH", path, **wrong).status in (400, 404)
    assert mlflow.refused("POST", "logged-models/search", filter="name = 'model'").status == 400


def test_what_one_logs_is_not_another_s_to_read_or_change(mlflow: Mlflow) -> None:
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
