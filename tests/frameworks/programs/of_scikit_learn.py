"""scikit-learn: as skops, ONNX and pickle."""

import numpy as np
import onnxruntime
import pandas as pd
from expecting import refused
from moorage import Client, UnsupportedModelError, UntrustedModelError
from sklearn.cluster import DBSCAN
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

registry = Client()
rows, species = load_iris(return_X_y=True, as_frame=True)
pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, species)

version = registry.log(pipeline, "iris", metrics={"accuracy": pipeline.score(rows, species)}, example=rows[:5])
assert version.ready and version.tags == {}
assert version.framework["name"] == "scikit-learn"
assert version.signature["inputs"][0] == {"name": "sepal length (cm)", "type": "double", "required": True}
assert version.signature["outputs"][0]["tensor-spec"] == {"dtype": "int64", "shape": [-1]}
pinned = [line.partition("==")[0] for line in version.provenance["runtime"]["requirements"]]
# Those that the pipeline consists of, and not all that is installed.
assert pinned == ["numpy", "scikit-learn", "skops"], pinned
loaded = registry.load("iris@latest")
assert type(loaded) is type(pipeline)
assert np.array_equal(loaded.predict_proba(rows), pipeline.predict_proba(rows))
assert list(loaded.feature_names_in_) == list(rows.columns)


def logarithm(values: pd.DataFrame) -> pd.DataFrame:
    return np.log1p(values)


own = make_pipeline(FunctionTransformer(logarithm), LogisticRegression(max_iter=500)).fit(rows, species)
registry.log(own, "iris")
with refused(UntrustedModelError, "iris/2", "__main__.logarithm", "trust=['__main__.logarithm']"):
    registry.load("iris/2")
with refused(UntrustedModelError, "__main__.logarithm"):
    registry.load("iris/2", trust=["numpy.log1p"])
assert np.array_equal(registry.load("iris/2", trust=["__main__.logarithm"]).predict(rows), own.predict(rows))

with refused(UnsupportedModelError, "give example="):
    registry.log(pipeline, "iris", format="onnx")
numbers = rows.to_numpy(dtype=np.float32)
plain = make_pipeline(StandardScaler(), LogisticRegression()).fit(numbers, species)
registry.log(plain, "iris", format="onnx", example=numbers[:5])
session = onnxruntime.InferenceSession(registry.load("iris/3").SerializeToString())
labels, probabilities = session.run(None, {"X": numbers})
assert np.array_equal(labels, plain.predict(numbers))
assert np.allclose(probabilities, plain.predict_proba(numbers), atol=1e-5)

assert registry.log(own, "iris", format="pickle").tags == {"runs_code": "pickle"}
with refused(UntrustedModelError, "iris/4 is a pickle", "allow=['pickle:iris/4']"):
    registry.load("iris/4")
pickled = registry.load("iris/4", allow=["pickle:iris/4"])
assert np.array_equal(pickled.predict(rows), own.predict(rows))

# One that predicts nothing for new rows: the signature has its inputs alone.
clusters = DBSCAN().fit(rows)
assert "outputs" not in registry.log(clusters, "clusters", example=rows[:5]).signature
assert np.array_equal(registry.load("clusters/1").labels_, clusters.labels_)
