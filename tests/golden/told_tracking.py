"""The story of MLflow's clients: what they log, and the versions that they register from it."""

import pytest

from chalicelib.registry.audit import audit
from chalicelib.registry.versions.intake import take_in_event
from tests.golden.story import Story
from tests.registry.mlflow.logged import FEW_FILES, MLMODEL, little_at_once

PLACE = f"elsewhere/models/m-{'5' * 32}/artifacts"


def tracked(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """An experiment, runs and logged models, and versions registered from them."""
    little_at_once(monkeypatch)
    experiment = story.mlflow(
        "POST", "mlflow/experiments/create", name="fraud detection", tags=[{"key": "team", "value": "risk"}]
    )["experiment_id"]
    run = _run(story, experiment)
    model = _logged_model(story, experiment, run)
    _measured(story, run, model)
    story.mlflow("POST", "mlflow/runs/update", run_id=run, status="FINISHED", end_time=1_770_000_000_000)
    story.mlflow("POST", "mlflow/runs/create", experiment_id="0", start_time=1, run_name="begun")
    _registered(story, model, run)
    many = _many_params(story, experiment)
    story.ids |= {"experiment": experiment, "run": run, "logged_model": model, "run_of_many_params": many}
    # A client that tracks elsewhere uploads here without telling the registry of the model first.
    story.upload(f"{PLACE}/MLmodel", MLMODEL.encode(), by="eve")


def _run(story: Story, experiment: str) -> str:
    tags = [{"key": "mlflow.user", "value": "ada"}]
    begun = {"experiment_id": experiment, "run_name": "first", "user_id": "ada", "start_time": 1_769_990_000_000}
    run: str = story.mlflow("POST", "mlflow/runs/create", **begun, tags=tags)["run"]["info"]["run_id"]
    return run


def _many_params(story: Story, experiment: str) -> str:
    """A run whose parameters do not all lie in its item."""
    run: str = story.mlflow("POST", "mlflow/runs/create", experiment_id=experiment, start_time=2)["run"]["info"][
        "run_id"
    ]
    params = [{"key": f"layer-{number}", "value": f"{number} " * 2_000} for number in range(10, 30)]
    story.mlflow("POST", "mlflow/runs/log-batch", run_id=run, params=params)
    return run


def _logged_model(story: Story, experiment: str, run: str) -> str:
    params = [{"key": "depth", "value": "6"}]
    described = {"name": "booster", "source_run_id": run, "model_type": "sklearn", "params": params}
    made = story.mlflow("POST", "mlflow/logged-models", experiment_id=experiment, **described)["model"]["info"]
    story.upload(f"{made['artifact_uri'].removeprefix('mlflow-artifacts:/')}/MLmodel", MLMODEL.encode())
    model: str = made["model_id"]
    story.mlflow("PATCH", f"mlflow/logged-models/{model}", status="LOGGED_MODEL_READY")
    story.mlflow("PATCH", f"mlflow/logged-models/{model}/tags", tags=[{"key": "kind", "value": "tree"}])
    dropped = story.mlflow("POST", "mlflow/logged-models", experiment_id=experiment)["model"]["info"]["model_id"]
    story.mlflow("DELETE", f"mlflow/logged-models/{dropped}")
    return model


def _measured(story: Story, run: str, model: str) -> None:
    data = {"name": "holdout", "digest": "d2"}
    of_model = {"model_id": model, "dataset_name": data["name"], "dataset_digest": data["digest"]}
    auc = [
        {"key": "auc", "value": 0.7 + step / 10, "timestamp": 1_769_990_001_000, "step": step} for step in (-1, 0, 1)
    ]
    more = [
        {"key": "auc/holdout", "value": 0.88, "timestamp": 1_769_990_002_000, **of_model},
        {"key": "loss", "value": "NaN", "timestamp": 1_769_990_002_000},
    ]
    story.mlflow(
        "POST",
        "mlflow/runs/log-batch",
        run_id=run,
        metrics=auc + more,
        params=[{"key": "depth", "value": "6"}],
        tags=[{"key": "team", "value": "risk"}],
    )
    read = {**data, "source_type": "s3", "source": '{"uri": "s3://data/x"}', "schema": '{"columns": []}'}
    context = [{"key": "mlflow.data.context", "value": "training"}]
    story.mlflow(
        "POST",
        "mlflow/runs/log-inputs",
        run_id=run,
        datasets=[{"dataset": read, "tags": context}],
        models=[{"model_id": model}],
    )
    story.mlflow("POST", "mlflow/runs/outputs", run_id=run, models=[{"model_id": model, "step": 1}])


def _registered(story: Story, model: str, run: str) -> None:
    """Versions in each state of copying: done, failed, waiting. One has its files elsewhere."""
    story.mlflow("POST", "mlflow/registered-models/create", name="logged", description="As MLflow does it.")
    given = {"name": "logged", "source": f"models:/{model}"}
    tags = [{"key": "from", "value": "mlflow"}]
    story.mlflow("POST", "mlflow/model-versions/create", **given, model_id=model, run_id=run, tags=tags)
    many = _of_many_files(story)
    story.mlflow("POST", "mlflow/model-versions/create", name="logged", source=f"models:/{many}")
    _lost(story, many)
    story.mlflow("POST", "mlflow/model-versions/create", name="logged", source="s3://elsewhere/model")
    for version in ("3", "1"):
        story.mlflow("POST", "mlflow/registered-models/alias", name="logged", alias="best", version=version)
    story.mlflow("POST", "mlflow/model-versions/create", name="logged", source=f"models:/{many}")


def _of_many_files(story: Story) -> str:
    """A logged model with too many files to copy within the request."""
    made = story.mlflow("POST", "mlflow/logged-models", experiment_id="0", name="many")["model"]["info"]
    for number in range(FEW_FILES + 2):
        story.upload(f"{made['artifact_uri'].removeprefix('mlflow-artifacts:/')}/data/{number}", b"x")
    model: str = made["model_id"]
    return model


def _lost(story: Story, model: str) -> None:
    """Delete a source file of the waiting version, then let the copying fail."""
    client, bucket = story.registry.client("s3"), story.registry.settings.bucket
    stored = client.list_object_versions(Bucket=bucket, Prefix="mlflow/")["Versions"]
    lost = next(one for one in stored if model in one["Key"])
    client.delete_object(Bucket=bucket, Key=lost["Key"], VersionId=lost["VersionId"])
    (event,) = audit.list_events(story.registry, "model:logged", "newest", 1, None).items
    take_in_event(story.registry, event)
