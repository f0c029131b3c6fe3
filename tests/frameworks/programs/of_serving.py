"""Models of real frameworks, served: they answer over HTTP what they predict here."""

import json
import logging
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import xgboost
from expecting import refused
from moorage import Client
from moorage.errors import UntrustedModelError
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

# The log of the server says why a prediction failed.
logging.basicConfig(level=logging.WARNING)
registry = Client()
rows, species = load_iris(return_X_y=True, as_frame=True)
numbers = rows.to_numpy(dtype=np.float32)


def post(url: str, path: str, body: str, kind: str = "application/json") -> Any:
    request = urllib.request.Request(f"{url}{path}", body.encode(), {"Content-Type": kind})
    with urllib.request.urlopen(request) as answered:
        return json.load(answered)


def invoked(url: str, document: Any) -> Any:
    return post(url, "/invocations", json.dumps(document))["predictions"]


def split(table: pd.DataFrame) -> dict[str, Any]:
    return {"dataframe_split": json.loads(table.to_json(orient="split"))}


@contextmanager
def served(reference: str, **permissions: Any) -> Iterator[str]:
    with registry.serve(reference, port=0, **permissions) as model:
        yield model.url


# scikit-learn, with names: as skops, by both protocols, and as CSV.
pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, species)
registry.log(pipeline, "iris", example=rows[:5])
expected = pipeline.predict(rows).tolist()
with served("iris/1") as url:
    assert invoked(url, split(rows)) == expected
    assert invoked(url, {"dataframe_records": rows.to_dict(orient="records")}) == expected
    assert post(url, "/invocations", rows.to_csv(index=False), "text/csv")["predictions"] == expected
    tensors = [
        {"name": name, "shape": [len(rows)], "datatype": "FP64", "data": rows[name].tolist()} for name in rows.columns
    ]
    (output,) = post(url, "/v2/models/iris/infer", json.dumps({"inputs": tensors}))["outputs"]
    assert (output["datatype"], output["shape"], output["data"]) == ("INT64", [len(rows)], expected)

# Text beside numbers, with values that are not there.
people = pd.DataFrame({"age": [20.0, 30.0, 40.0, 50.0], "city": ["Berlin", "Lyon", None, "Lyon"]})
encoder = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["city"]), remainder="passthrough")
income = make_pipeline(encoder, LinearRegression()).fit(people, [1.0, 2.0, 3.0, 4.0])
registry.log(income, "income", example=people, format="pickle")
with served("income/1", allow=["pickle:income"]) as url:
    assert np.allclose(invoked(url, split(people)), income.predict(people))

# Without names, and as ONNX.
plain = make_pipeline(StandardScaler(), LogisticRegression()).fit(numbers, species)
registry.log(plain, "iris", example=numbers[:5])
registry.log(plain, "iris", format="onnx", example=numbers[:5])
with served("iris/2") as url:
    assert invoked(url, {"inputs": numbers.tolist()}) == plain.predict(numbers).tolist()
with served("iris/3") as url:
    answered = invoked(url, {"instances": numbers.tolist()})
    assert answered["label"] == plain.predict(numbers).tolist()
    assert np.allclose(answered["probabilities"], plain.predict_proba(numbers), atol=1e-5)

# XGBoost and LightGBM: estimators and boosters.
classifier = xgboost.XGBClassifier(n_estimators=4).fit(rows, species)
registry.log(classifier, "trees", example=rows[:5])
registry.log(classifier.get_booster(), "trees", signature=registry.versions.get("trees", 1).signature)
boosted = lightgbm.LGBMClassifier(n_estimators=4, verbose=-1).fit(numbers, species)
registry.log(boosted, "trees", example=numbers[:5])
for version, expected in ((1, classifier.predict(rows)), (2, classifier.predict_proba(rows))):
    with served(f"trees/{version}") as url:
        assert np.allclose(invoked(url, split(rows)), expected, atol=1e-5)
with served("trees/3") as url:
    assert np.allclose(invoked(url, {"inputs": numbers.tolist()}), boosted.predict_proba(numbers))

# Packaged: the context's own server, with nothing else of moorage on its path.
with refused(UntrustedModelError, "allow=['pickle:income/1']"):
    registry.package("income/1", "income")
package = registry.package("iris/1", "image")
assert [line.partition("==")[0] for line in Path("image/requirements.txt").read_text().splitlines()] == [
    "numpy",
    "scikit-learn",
    "skops",
]
registry.package("iris/1", "again")
for path in package.files:
    assert Path("image", path).read_bytes() == Path("again", path).read_bytes(), path
command = [sys.executable, "-m", "moorage.serving", "serve", "--host", "127.0.0.1", "--port", "0"]
environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path("image").resolve()), "OMP_NUM_THREADS": "1"}
with subprocess.Popen(command, cwd="image", env=environment, stderr=subprocess.PIPE, text=True) as server:
    try:
        url = server.stderr.readline().rpartition(" on ")[2].strip()
        assert invoked(url, split(rows)) == pipeline.predict(rows).tolist()
    finally:
        server.terminate()
