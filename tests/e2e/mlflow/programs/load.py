"""Loads a model on a machine that has seen nothing of its making, and predicts. Argument: the address."""

import json
import sys

import mlflow
from sklearn.datasets import load_breast_cancer

features, _ = load_breast_cancer(return_X_y=True, as_frame=True)
loaded = mlflow.pyfunc.load_model(sys.argv[1])
native = mlflow.sklearn.load_model(sys.argv[1])
predictions = loaded.predict(features.head(5))
assert predictions.tolist() == native.predict(features.head(5)).tolist()
json.dump({"predictions": predictions.tolist()}, sys.stdout)
