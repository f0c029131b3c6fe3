"""Keeps its runs in a local database and its models in the registry. Arguments: the registry's URL, the model."""

import json
import sys

import mlflow
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

url, name = sys.argv[1:3]
mlflow.set_tracking_uri("sqlite:///runs.db")
mlflow.set_registry_uri(url)
features, labels = load_breast_cancer(return_X_y=True, as_frame=True)
model = LogisticRegression(max_iter=5000).fit(features, labels)
experiment = mlflow.create_experiment("local", artifact_location=f"{url}/api/2.0/mlflow-artifacts/artifacts/{name}")
mlflow.set_experiment(experiment_id=experiment)
logged = mlflow.sklearn.log_model(model, name="model", registered_model_name=name)
mlflow.MlflowClient().set_registered_model_alias(name, "champion", logged.registered_model_version)
json.dump(
    {"version": logged.registered_model_version, "predictions": model.predict(features.head(5)).tolist()}, sys.stdout
)
