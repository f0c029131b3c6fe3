"""LightGBM: what is loaded is the booster, also of a class of scikit-learn's interface."""

import lightgbm
import numpy as np
from moorage import Client
from sklearn.datasets import load_iris

registry = Client()
rows, species = load_iris(return_X_y=True, as_frame=True)
rows.columns = [name.replace(" ", "_") for name in rows.columns]

classifier = lightgbm.LGBMClassifier(n_estimators=8, verbose=-1).fit(rows, species)
version = registry.log(classifier, "iris", example=rows[:5])
assert version.framework["name"] == "lightgbm"
# The signature is that of the booster: a probability for each of three species.
assert version.signature["outputs"][0]["tensor-spec"] == {"dtype": "float64", "shape": [-1, 3]}
loaded = registry.load("iris/1")
assert isinstance(loaded, lightgbm.Booster)
assert np.array_equal(loaded.predict(rows), classifier.predict_proba(rows))
assert loaded.feature_name() == list(rows.columns)

booster = lightgbm.train({"verbose": -1}, lightgbm.Dataset(rows, species), num_boost_round=4)
registry.log(booster, "iris")
assert np.array_equal(registry.load("iris/2").predict(rows), booster.predict(rows))
