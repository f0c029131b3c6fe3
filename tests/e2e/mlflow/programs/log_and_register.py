"""Trains, logs and registers a model in one call, as a data scientist does; then tags it and gives it an alias.

Arguments: the model's name. Settings come from MLflow's own environment variables alone.
"""

import json
import sys

import mlflow
from mlflow import MlflowClient
from mlflow.models import infer_signature
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

name = sys.argv[1]
features, labels = load_breast_cancer(return_X_y=True, as_frame=True)
model = LogisticRegression(max_iter=5000).fit(features, labels)
auc = roc_auc_score(labels, model.predict_proba(features)[:, 1])

mlflow.set_experiment(f"{name}-experiment")
with mlflow.start_run() as run:
    mlflow.log_params({"max_iter": 5000, "penalty": "l2"})
    for step in range(3):
        mlflow.log_metric("auc", auc - (2 - step) / 10, step=step)
    mlflow.set_tag("team", "risk")
    mlflow.log_input(mlflow.data.from_pandas(features.head(20), name="breast-cancer"), context="training")
    logged = mlflow.sklearn.log_model(
        model,
        name="model",
        # Of the run's metrics MLflow takes those of this step for the model's own.
        step=2,
        signature=infer_signature(features, model.predict(features)),
        registered_model_name=name,
    )

client = MlflowClient()
version = client.get_model_version(name, logged.registered_model_version)
client.set_registered_model_alias(name, "champion", version.version)
client.set_model_version_tag(name, version.version, "validated", "yes")
client.set_registered_model_tag(name, "task", "diagnosis")
client.update_registered_model(name, description="Tells benign from malignant.")
found = client.search_model_versions(f"name = '{name}' and tags.validated = 'yes'")
by_run = client.search_model_versions(f"run_id = '{run.info.run_id}'")
runs = mlflow.search_runs(experiment_names=[f"{name}-experiment"], output_format="list")
json.dump(
    {
        "run_id": run.info.run_id,
        "version": version.version,
        "status": version.status,
        "source": version.source,
        "found": [one.version for one in found],
        "by_run": [one.version for one in by_run],
        "runs": [one.info.run_id for one in runs],
        "metric": runs[0].data.metrics["auc"],
        "auc": auc,
        "history": [one.value for one in client.get_metric_history(run.info.run_id, "auc")],
        "models": [one.name for one in client.search_registered_models(f"name = '{name}'")],
        "predictions": model.predict(features.head(5)).tolist(),
    },
    sys.stdout,
)
