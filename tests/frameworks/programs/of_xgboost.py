"""XGBoost: classes of scikit-learn's interface and boosters, as UBJSON and JSON."""

from pathlib import Path

import numpy as np
import xgboost
from expecting import refused
from moorage import Client, IncompatibleModelError
from sklearn.datasets import load_iris

registry = Client()
rows, species = load_iris(return_X_y=True, as_frame=True)

classifier = xgboost.XGBClassifier(n_estimators=8, max_depth=3).fit(rows, species)
version = registry.log(classifier, "iris", example=rows[:5])
assert version.framework["name"] == "xgboost" and version.signature["outputs"]
assert any(line.startswith("xgboost") for line in version.provenance["runtime"]["requirements"])
loaded = registry.load("iris/1")
assert type(loaded) is xgboost.XGBClassifier
assert np.array_equal(loaded.predict_proba(rows), classifier.predict_proba(rows))

registry.log(xgboost.XGBRegressor(n_estimators=4).fit(rows, species), "iris", format="json")
assert next(file.path for file in registry.versions.files("iris", 2)) == "model.json"
assert isinstance(registry.load("iris/2"), xgboost.XGBRegressor)


class Ours(xgboost.XGBClassifier):
    """A class that only this program has."""


registry.log(Ours(n_estimators=4).fit(rows, species), "iris")
assert type(registry.load("iris/3")) is xgboost.XGBClassifier

booster = classifier.get_booster()
registry.log(booster, "iris", example=rows[:5])
matrix = xgboost.DMatrix(rows)
assert np.array_equal(registry.load("iris/4").predict(matrix), booster.predict(matrix))

# A descriptor chooses among XGBoost's models and nothing else of the package.
registry.download("iris", 1, "copy")
descriptor = Path("copy/moorage.json")
descriptor.write_text(descriptor.read_text().replace('"class": "XGBClassifier"', '"class": "train"'))
registry.register("iris", "copy")
with refused(IncompatibleModelError, "iris/5", "'train'"):
    registry.load("iris/5")
