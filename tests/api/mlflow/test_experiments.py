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
