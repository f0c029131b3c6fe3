"""Train a classifier and register it: an example of a script that uses the registry.

    python examples/train_and_register.py breast-cancer

It needs MOORAGE_URL and MOORAGE_TOKEN, or a login saved by `moorage login`.
"""

import json
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
from moorage import Client, Version
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

REQUIREMENTS = [f"{name}=={version(name)}" for name in ("scikit-learn", "joblib", "numpy")]


def split() -> Any:
    """Split the data set that comes with scikit-learn: training features, test features, and their classes."""
    features, classes = load_breast_cancer(return_X_y=True)
    return train_test_split(features, classes, test_size=0.3, random_state=7, stratify=classes)


def train_and_register(client: Client, model: str, classifier: Any, description: str) -> Version:
    """Fit ``classifier``, evaluate it on the test data, and register it with its files."""
    train_features, test_features, train_classes, test_classes = split()
    classifier.fit(train_features, train_classes)
    metrics = {
        "accuracy": round(accuracy_score(test_classes, classifier.predict(test_features)), 4),
        "auc": round(roc_auc_score(test_classes, classifier.predict_proba(test_features)[:, 1]), 4),
    }
    with tempfile.TemporaryDirectory() as build:
        joblib.dump(classifier, Path(build, "model.joblib"))
        Path(build, "metrics.json").write_text(json.dumps(metrics))
        Path(build, "requirements.txt").write_text("\n".join(REQUIREMENTS) + "\n")
        return client.register(
            model,
            directory=build,
            description=description,
            metrics=metrics,
            framework={"name": "scikit-learn", "version": version("scikit-learn")},
            provenance={
                "datasets": [{"name": "breast-cancer", "version": f"scikit-learn {version('scikit-learn')}"}],
                "runtime": {"python": platform.python_version(), "requirements": REQUIREMENTS},
            },
        )


if __name__ == "__main__":
    with Client() as registry:
        registered = train_and_register(
            registry,
            sys.argv[1],
            make_pipeline(StandardScaler(), LogisticRegression()),
            "Logistic regression on standardised features",
        )
    print(f"{registered.model}/{registered.number}: {registered.metrics}")
