"""Pickles of harmless values, made by the libraries that the list of what is allowed names."""

import argparse
import datetime
import pickle
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC

PROTOCOLS = (0, 2, 3, 4, 5)


def values() -> dict[str, Any]:
    """By name: values of Python, of NumPy, of pandas, of SciPy, and fitted estimators."""
    random = np.random.default_rng(1)
    features, classes = random.random((40, 3)), np.tile([0, 1], 20)
    frame = pd.DataFrame({"a": features[:, 0], "b": np.tile(["x", "y"], 20)})
    columns = ColumnTransformer([("numbers", StandardScaler(), ["a"]), ("words", OneHotEncoder(), ["b"])])
    return {
        "plain": {"numbers": [1, 2.5, True, None, 2**70], "words": ("a", b"b"), "set": {1}},
        "collections": [Counter("a"), OrderedDict(a=1), defaultdict(list, a=[1]), deque([1])],
        "times": [datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), datetime.date(2026, 1, 1), datetime.timedelta(1)],
        "numbers": [Decimal("1.5"), Fraction(1, 3), complex(1, 2), bytearray(b"a"), range(3)],
        "others": [uuid.uuid5(uuid.NAMESPACE_URL, "a"), PurePosixPath("a/b"), argparse.Namespace(a=1)],
        "arrays": [features, classes, np.array(["a"], dtype=object), np.zeros(2, dtype="U3,f4"), np.float32(1)],
        "generators": [random, np.random.RandomState(1)],
        "frame": frame,
        "index": frame.set_index("b").index,
        "sparse": [sparse.csr_matrix(features), sparse.coo_array(features)],
        "logistic regression": LogisticRegression().fit(features, classes),
        "forest": RandomForestClassifier(5).fit(features, classes),
        "boosting": GradientBoostingRegressor(n_estimators=3).fit(features, classes),
        "histograms": HistGradientBoostingClassifier(max_iter=3).fit(features, classes),
        "neighbours": KNeighborsClassifier(algorithm="kd_tree").fit(features, classes),
        "descent": SGDClassifier().fit(features, classes),
        "vectors": SVC().fit(features, classes),
        "function": FunctionTransformer(np.log1p),
        "pipeline": make_pipeline(columns, RandomForestClassifier(3)).fit(frame, classes),
    }


def benign() -> Iterator[tuple[str, bytes]]:
    """Every value in every protocol."""
    for name, value in values().items():
        for protocol in PROTOCOLS:
            yield f"{name}, protocol {protocol}", pickle.dumps(value, protocol)
