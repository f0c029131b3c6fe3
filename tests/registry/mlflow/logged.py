"""Builders of what clients log: runs, logged models and their files, as the registry keeps them before registering."""

from collections.abc import Mapping

import pytest

from chalicelib.aws.mlflow.logged_files import logged_key
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.mlflow.tracking.entities import LoggedModel, ModelStatus, Run
from chalicelib.domain.versions import intake as rules
from chalicelib.domain.versions.decisions import Registered
from chalicelib.domain.versions.intake import Intake
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed
from chalicelib.registry.mlflow import registration
from chalicelib.registry.mlflow.tracking import logged_models, runs
from chalicelib.registry.versions import burials
from tests.registry.build import ADMIN, MODEL, request
from tests.simulation import put_at_once

BASE_URL = "https://registry.example/api"
# May register and download the models that a test names, and whatever it logged itself.
ADA = Principal("token:ada", (Grant(Role.CONTRIBUTOR, "*"),))
MLMODEL = """\
artifact_path: mlflow-artifacts:/0/models/m-1/artifacts
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    predict_fn: predict
    python_version: 3.11.9
  sklearn:
    code: null
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.7.0
mlflow_version: 3.17.2
signature:
  inputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape":
    [-1, 4]}}]'
  outputs: '[{"type": "long", "name": "it''s", "required": true}]'
  params: null
"""
FILES = {
    "MLmodel": MLMODEL.encode(),
    "data/model.pkl": b"weights",
    "requirements.txt": b"# pins\nscikit-learn==1.7.0\n",
}

# Of what ``little_at_once`` sets.
FEW_FILES = 3
FEW_BYTES = 1_000


def little_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let little be copied while somebody waits, so that a test of much to copy needs not have much."""
    monkeypatch.setattr(rules, "MAX_AT_ONCE_FILES", FEW_FILES)
    monkeypatch.setattr(rules, "MAX_AT_ONCE_BYTES", FEW_BYTES)


def many_files(registry: Services) -> LoggedModel:
    """A logged model of more files than are copied while somebody waits."""
    made = logged_models.create_logged_model(registry, ADMIN, "0", "many", "", "", {}, {})
    for number in range(rules.MAX_AT_ONCE_FILES + 1):
        put_at_once(registry.settings.bucket, logged_key(f"{root(made)}/data/{number}"))
    return made


def put_files(registry: Services, path: str, files: Mapping[str, bytes] = FILES, checksum: str = "SHA256") -> None:
    """Files under a path of the artifact proxy; with another ``checksum`` S3 has no SHA-256 of them."""
    for name, body in files.items():
        registry.client("s3").put_object(
            Bucket=registry.settings.bucket, Key=logged_key(f"{path}/{name}"), Body=body, ChecksumAlgorithm=checksum
        )


def run(registry: Services, owner: Principal = ADMIN, **tags: str) -> Run:
    return runs.create_run(registry, owner, "0", "", "ada@example.com", 1_000, tags)


def logged(
    registry: Services,
    owner: Principal = ADMIN,
    files: Mapping[str, bytes] = FILES,
    run_id: str = "",
    checksum: str = "SHA256",
    **params: str,
) -> LoggedModel:
    """A logged model with its files."""
    model = logged_models.create_logged_model(registry, owner, "0", "model", run_id, "", params, {})
    put_files(registry, root(model), files, checksum)
    return logged_models.finish_logged_model(registry, owner, model.id, ModelStatus.READY)


def root(model: LoggedModel) -> str:
    """Where its files are, under the artifact proxy."""
    return model.artifact_uri.removeprefix("mlflow-artifacts:/")


def failed(registry: Services, number: int, name: str = MODEL) -> Version | None:
    """A version that has ended without the files that it was to be given; None for any other."""
    ended = burials.list_buried(registry, name, 100, None).items
    return next((one for one in ended if one.number == number and one.intake is Intake.FAILED), None)


def register(
    registry: Services,
    source: str,
    *,
    model: str = MODEL,
    reader: Principal = ADMIN,
    run_id: str | None = None,
    model_id: str | None = None,
    run_link: str | None = None,
    tags: Mapping[str, str] | None = None,
    key: str | None = None,
) -> Changed[Registered]:
    """What a client's call to create a model version does."""
    return registration.register_from_source(
        registry, request(key), model, source, run_id, model_id, "", tags or {}, run_link, reader, BASE_URL
    )
