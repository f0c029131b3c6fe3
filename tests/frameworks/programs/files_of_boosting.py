"""Writes models of XGBoost and LightGBM into the working directory: in their own formats, as pickles and by joblib."""

import pickle
from pathlib import Path

import joblib
import lightgbm
import numpy as np
import pandas as pd
import xgboost
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

chance = np.random.default_rng(0)
features = pd.DataFrame(chance.random((60, 4)), columns=list("abcd"))
labels = np.arange(60) % 2
few = {"n_estimators": 3}

trees = {
    "classifier": xgboost.XGBClassifier(**few).fit(features, labels),
    "regressor": xgboost.XGBRegressor(**few).fit(features, features["a"]),
    "forest": xgboost.XGBRFClassifier(**few).fit(features, labels),
    "forest_regressor": xgboost.XGBRFRegressor(**few).fit(features, features["a"]),
    "ranker": xgboost.XGBRanker(**few).fit(features, labels, qid=np.repeat([0, 1], 30)),
    "linear": xgboost.XGBRegressor(booster="gblinear", **few).fit(features, features["a"]),
    "early": xgboost.XGBRegressor(early_stopping_rounds=1, eval_metric=mean_absolute_error, **few).fit(
        features, labels, eval_set=[(features, labels)], verbose=False
    ),
}
small = {"n_estimators": 3, "min_child_samples": 2, "verbose": -1}
boosted = {
    "classifier": lightgbm.LGBMClassifier(**small).fit(features, labels),
    "regressor": lightgbm.LGBMRegressor(**small).fit(features, features["a"]),
    "ranker": lightgbm.LGBMRanker(**small).fit(features, labels, group=[30, 30]),
}
for name, model in trees.items():
    for ending in ("ubj", "json"):
        model.save_model(f"xgboost_{name}.{ending}")
for name, model in boosted.items():
    model.booster_.save_model(f"lightgbm_{name}.txt")

whole = {f"xgboost_{name}": model for name, model in trees.items()}
whole |= {f"lightgbm_{name}": model for name, model in boosted.items()}
whole["xgboost_booster"] = trees["classifier"].get_booster()
whole["lightgbm_booster"] = boosted["classifier"].booster_
whole["xgboost_pipeline"] = make_pipeline(StandardScaler(), xgboost.XGBClassifier(**few)).fit(features, labels)
whole["lightgbm_search"] = GridSearchCV(lightgbm.LGBMClassifier(**small), {"num_leaves": [4, 8]}, cv=2).fit(
    features, labels
)
for name, model in whole.items():
    Path(f"{name}.pkl").write_bytes(pickle.dumps(model))
    joblib.dump(model, f"{name}.joblib")
