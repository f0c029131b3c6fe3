"""Writes models of scikit-learn, XGBoost, LightGBM, ONNX and NumPy into the working directory, in their formats."""

import pickle
from pathlib import Path

import joblib
import lightgbm
import numpy as np
import onnx
import skops.io
import xgboost
from skl2onnx import to_onnx
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

chance = np.random.default_rng(0)
features = chance.random((60, 4))
labels = np.arange(60) % 2
pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(features, labels)
models = {
    "pipeline": pipeline,
    "forest": RandomForestClassifier(5).fit(features, labels),
    "boosting": GradientBoostingRegressor(n_estimators=5).fit(features, labels),
    "linear": LinearRegression().fit(features, labels),
    "tree": DecisionTreeClassifier().fit(features, labels),
    "neighbours": KNeighborsClassifier().fit(features, labels),
    "network": MLPClassifier((4,), max_iter=2000).fit(features, labels),
    "vectors": SVC().fit(features, labels),
    "clusters": KMeans(2).fit(features),
    "components": PCA(2).fit(features),
}
for name, model in models.items():
    Path(f"{name}.pkl").write_bytes(pickle.dumps(model))
    joblib.dump(model, f"{name}.joblib")
    joblib.dump(model, f"{name}_packed.joblib", compress=3)
    skops.io.dump(model, f"{name}.skops")

onnx.save(to_onnx(pipeline, features[:1].astype(np.float32)), "pipeline.onnx")

trees = xgboost.XGBClassifier(n_estimators=3).fit(features, labels)
trees.save_model("xgboost.ubj")
trees.save_model("xgboost.json")
Path("xgboost.pkl").write_bytes(pickle.dumps(trees))
boosted = lightgbm.LGBMClassifier(n_estimators=3, min_child_samples=2, verbose=-1).fit(features, labels)
boosted.booster_.save_model("lightgbm.txt")
Path("lightgbm.pkl").write_bytes(pickle.dumps(boosted))

np.save("array.npy", features)
np.savez("arrays.npz", a=features, b=labels)
np.savez_compressed("packed.npz", a=features, b=labels)
