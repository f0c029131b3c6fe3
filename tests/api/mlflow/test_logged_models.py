"""Logged models as MLflow's clients ask for them."""

from tests.api.mlflow.calling import Mlflow


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
