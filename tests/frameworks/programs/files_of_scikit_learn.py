"""Writes every estimator of scikit-learn into the working directory, fitted: as a pickle, by joblib and by skops.

Their parameters are those of scikit-learn's own checks of estimators.
"""

import pickle
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import joblib
import numpy as np
import pandas as pd
import skops.io
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RandomizedSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.utils import get_tags
from sklearn.utils._test_common.instance_generator import _construct_instances
from sklearn.utils.discovery import all_estimators
from skops.io.exceptions import UnsupportedTypeException

chance = np.random.default_rng(0)
FEATURES: Final = chance.random((60, 4))
LABELS: Final = np.arange(60) % 2
TEXTS: Final = ["a harbour", "a ship in the harbour", "the sea"] * 20
FRAME: Final = pd.DataFrame({"age": FEATURES[:, 0], "city": pd.Categorical(["Oslo", "Turku"] * 30), "text": TEXTS})


def fitted(estimator: BaseEstimator) -> BaseEstimator:
    """The estimator, fitted to what its tags say that it takes."""
    tags = get_tags(estimator)
    given = tags.input_tags
    if type(estimator).__name__ in {"LabelBinarizer", "LabelEncoder"}:
        return estimator.fit(LABELS)
    if type(estimator).__name__ == "MultiLabelBinarizer":
        return estimator.fit([{"a"}, {"a", "b"}])
    if type(estimator).__name__ == "SparseCoder":
        return estimator.fit(FEATURES[:, :3])
    if given.string and not given.two_d_array:
        features: Any = TEXTS
    elif given.dict:
        features = [{"a": 1.0}, {"b": 2.0}] * 30
    elif given.three_d_array and not given.two_d_array:
        features = chance.random((60, 8, 8))
    elif given.one_d_array and not given.two_d_array:
        features = FEATURES[:, 0]
    elif given.pairwise:
        features = FEATURES @ FEATURES.T
    else:
        features = FEATURES
    labels = FEATURES.sum(axis=1) + 1 if tags.regressor_tags else LABELS
    several = not tags.target_tags.single_output
    return estimator.fit(features, np.column_stack([labels, labels]) if several else labels)


def compositions() -> dict[str, BaseEstimator]:
    """Models as people compose them, of frames, texts and numbers."""
    columns = ColumnTransformer(
        [
            ("age", make_pipeline(SimpleImputer(), FunctionTransformer(np.log1p), StandardScaler()), ["age"]),
            ("city", OneHotEncoder(handle_unknown="ignore"), ["city"]),
            ("text", TfidfVectorizer(ngram_range=(1, 2)), "text"),
        ]
    )
    search = RandomizedSearchCV(
        RandomForestClassifier(n_estimators=3),
        {"max_depth": [2, 3]},
        n_iter=2,
        cv=StratifiedKFold(2),
        scoring="roc_auc",
    )
    pipeline = make_pipeline(columns, LogisticRegression()).fit(FRAME, LABELS)
    return {
        "pipeline": pipeline,
        "search": make_pipeline(columns, search).fit(FRAME, LABELS),
        "frozen": FrozenEstimator(pipeline),
    }


def write(name: str, model: BaseEstimator) -> None:
    Path(f"{name}.pkl").write_bytes(pickle.dumps(model))
    joblib.dump(model, f"{name}.joblib")
    # Of some of the estimators, skops cannot keep a part.
    with suppress(UnsupportedTypeException):
        skops.io.dump(model, f"{name}.skops")


warnings.simplefilter("ignore")
for name, kind in all_estimators():
    if kind is not FrozenEstimator:
        for number, estimator in enumerate(_construct_instances(kind)):
            write(f"{name}_{number}" if number else name, fitted(estimator))
for name, model in compositions().items():
    write(name, model)
for method in ("zlib", "gzip", "bz2", "xz", "lzma"):
    joblib.dump(fitted(RandomForestClassifier(n_estimators=5)), f"forest_{method}.joblib", compress=(method, 3))
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    Path(f"forest_{protocol}.pkl").write_bytes(pickle.dumps(fitted(RandomForestClassifier(n_estimators=5)), protocol))
