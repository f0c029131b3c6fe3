"""Experiments as MLflow's clients ask for them."""

from tests.api.mlflow.calling import Mlflow


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


def test_an_experiment_is_renamed_tagged_deleted_and_restored(mlflow: Mlflow) -> None:
    mlflow.ask("POST", "experiments/create", name="e")
    assert mlflow.ask("POST", "experiments/update", experiment_id="1", new_name="f") == {}
    assert mlflow.ask("POST", "experiments/set-experiment-tag", experiment_id="1", key="a", value="b") == {}
    found = mlflow.ask("GET", "experiments/get-by-name", experiment_name="f")["experiment"]
    assert found["tags"] == [{"key": "a", "value": "b"}]
    assert mlflow.ask("POST", "experiments/delete-experiment-tag", experiment_id="1", key="a") == {}
    run = mlflow.ask("POST", "runs/create", experiment_id="1", start_time=1)["run"]["info"]
    assert mlflow.ask("POST", "experiments/delete", experiment_id="1") == {}
    assert mlflow.ask("GET", "experiments/get", experiment_id="1")["experiment"]["lifecycle_stage"] == "deleted"
    shown = {
        view: [
            one["name"]
            for one in mlflow.ask("POST", "experiments/search", view_type=view, max_results=9)["experiments"]
        ]
        for view in ("ACTIVE_ONLY", "DELETED_ONLY", "ALL")
    }
    assert shown == {"ACTIVE_ONLY": ["Default"], "DELETED_ONLY": ["f"], "ALL": ["f", "Default"]}
    assert mlflow.ask("POST", "runs/search", experiment_ids=["1"]) == {}
    assert mlflow.ask("POST", "experiments/restore", experiment_id="1") == {}
    assert mlflow.ask("POST", "runs/delete", run_id=run["run_id"]) == {}
    found = mlflow.ask("POST", "runs/search", experiment_ids=["1"], run_view_type="DELETED_ONLY")["runs"]
    assert [one["info"]["lifecycle_stage"] for one in found] == ["deleted"]
    assert mlflow.ask("POST", "runs/restore", run_id=run["run_id"]) == {}
    assert len(mlflow.ask("POST", "runs/search", experiment_ids=["1"])["runs"]) == 1
    refused = mlflow.refused("POST", "runs/search", experiment_ids=["1"], run_view_type="SOME")
    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")
