"""People who log, and what they have logged."""

import hashlib
from collections.abc import Mapping

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.mlflow.tracking.entities import LoggedModel, Metric, Run
from chalicelib.registry.mlflow.tracking import artifacts, logged_models, runs

ADA = Principal("token:ada", (Grant(Role.CONTRIBUTOR, "fraud*"),))
BOB = Principal("token:bob", (Grant(Role.CONTRIBUTOR, "churn*"),))
READER = Principal("token:rea", (Grant(Role.CONSUMER, "*"),))
MAINTAINER = Principal("token:mai", (Grant(Role.MAINTAINER, "*"),))
NOBODY = Principal("token:nobody", ())

MLMODEL = b"""artifact_path: model
flavors:
  python_function:
    loader_module: mlflow.sklearn
    python_version: 3.11.4
  sklearn:
    pickled_model: model.pkl
    sklearn_version: 1.9.1
mlflow_version: 3.17.2
"""
FILES = {"MLmodel": MLMODEL, "model.pkl": b"weights", "sub/empty": b""}


def run(registry: Services, principal: Principal = ADA, **tags: str) -> Run:
    return runs.create_run(registry, principal, "0", "", "ada", 5, tags)


def metric(key: str = "auc", value: float = 0.9, step: int = 0, **more: str) -> Metric:
    return Metric(key, value, 1_000 + step, step, **more)


def logged_model(
    registry: Services,
    principal: Principal = ADA,
    files: Mapping[str, bytes] | None = None,
    run_id: str = "",
    name: str = "model",
) -> LoggedModel:
    """A logged model with its files."""
    model = logged_models.create_logged_model(registry, principal, "0", name, run_id, "", {"depth": "3"}, {})
    for path, body in (FILES if files is None else files).items():
        artifacts.put(registry, principal, f"{root(model)}/{path}", body)
    return model


def root(model: LoggedModel) -> str:
    """The path under the proxy of the model's files."""
    return model.artifact_uri.removeprefix("mlflow-artifacts:/")


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
