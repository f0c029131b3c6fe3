"""Logs, registers and loads a model with a client of MLflow's second major version. Argument: the model's name."""

import json
import sys

import mlflow
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

name = sys.argv[1]
features, labels = load_breast_cancer(return_X_y=True, as_frame=True)
model = LogisticRegression(max_iter=5000).fit(features, labels)
mlflow.set_experiment(f"{name}-experiment")
with mlflow.start_run() as run:
    mlflow.log_param("max_iter", 5000)
    mlflow.sklearn.log_model(model, "model")
registered = mlflow.register_model(f"runs:/{run.info.run_id}/model", name)
mlflow.MlflowClient().set_registered_model_alias(name, "champion", registered.version)
loaded = mlflow.sklearn.load_model(f"models:/{name}@champion")
predictions = loaded.predict(features.head(5)).tolist()
assert predictions == model.predict(features.head(5)).tolist()
json.dump({"version": registered.version, "run_id": registered.run_id, "predictions": predictions}, sys.stdout)
