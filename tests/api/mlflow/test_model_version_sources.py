"""Registering versions from the sources that MLflow's clients name."""

from datetime import timedelta

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Role
from chalicelib.domain.instants import later
from chalicelib.registry.lifecycle.sweep import sweep_due
from chalicelib.registry.versions import versions
from tests.api.mlflow.calling import Mlflow
from tests.reactions.versions.test_intake import last_event, react
from tests.registry.mlflow.logged import failed, little_at_once, logged, many_files, put_files, run


@pytest.fixture
def many(registry: Services, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a logged model with more files than are copied while the caller waits."""
    little_at_once(monkeypatch)
    return many_files(registry).id


def test_a_logged_model_is_registered_ready_with_its_provenance(registry: Services, mlflow: Mlflow) -> None:
    mlflow.model()
    begun = run(registry)
    made = logged(registry, run_id=begun.id, C="1.0")
    version = mlflow.version(
        source=f"models:/{made.id}",
        model_id=made.id,
        run_id=begun.id,
        run_link="https://x",
        tags=[{"key": "a", "value": "b"}],
    )
    assert (version["version"], version["status"], version["current_stage"]) == ("1", "READY", "None")
    assert (version["source"], version["model_id"]) == (f"models:/{made.id}", made.id)
    assert (version["run_id"], version["run_link"]) == (begun.id, "https://x")
    assert version["tags"] == [{"key": "a", "value": "b"}]
    assert mlflow.get_version(1) == version
    native = versions.get_version(registry, "fraud", "1")
    assert (native.file_count, native.description.parameters) == (3, {"C": "1.0"})
    uri = mlflow.ask("GET", "model-versions/get-download-uri", name="fraud", version="1")["artifact_uri"]
    assert uri == "https://host/api/api/2.0/mlflow-artifacts/artifacts/registered/ZnJhdWQ/1"


def test_the_registrys_own_download_address_is_a_source(registry: Services, mlflow: Mlflow) -> None:
    mlflow.model()
    mlflow.version(source=f"models:/{logged(registry).id}")
    uri = mlflow.ask("GET", "model-versions/get-download-uri", name="fraud", version="1")["artifact_uri"]
    mlflow.model("copy")
    assert mlflow.version("copy", source=uri)["status"] == "READY"
    assert versions.get_version(registry, "copy", "1").file_count == 3


def test_a_version_with_much_to_copy_is_pending_until_its_files_are_there(
    registry: Services, mlflow: Mlflow, many: str
) -> None:
    mlflow.model()
    assert mlflow.version(source=f"models:/{many}", model_id=many)["status"] == "PENDING_REGISTRATION"
    assert mlflow.get_version(1)["status"] == "PENDING_REGISTRATION"
    react(last_event(registry))
    assert mlflow.get_version(1)["status"] == "READY"


def test_a_version_whose_files_are_gone_says_so_for_good(
    registry: Services, mlflow: Mlflow, many: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow.model()
    mlflow.version(source=f"models:/{many}")
    client, bucket = registry.client("s3"), registry.settings.bucket
    gone = client.list_object_versions(Bucket=bucket, Prefix="mlflow/")["Versions"][0]
    client.delete_object(Bucket=bucket, Key=gone["Key"], VersionId=gone["VersionId"])
    react(last_event(registry))
    shown = mlflow.get_version(1)
    assert shown["status"] == "FAILED_REGISTRATION"
    assert "no longer exists" in shown["status_message"]
    now = later(registry.clock(), timedelta(minutes=16))
    monkeypatch.setattr(registry, "clock", lambda: now)
    assert sweep_due(registry, "r") == 1
    assert mlflow.get_version(1)["status_message"] == shown["status_message"]
    assert mlflow.get_version(1)["status"] == "FAILED_REGISTRATION"


def test_a_version_that_nothing_copied_in_time_says_so(
    registry: Services, mlflow: Mlflow, many: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow.model()
    mlflow.version(source=f"models:/{many}")
    now = later(registry.clock(), timedelta(hours=25))
    monkeypatch.setattr(registry, "clock", lambda: now)
    sweep_due(registry, "r")
    shown = mlflow.get_version(1)
    assert shown["status"] == "FAILED_REGISTRATION" and "not copied by" in shown["status_message"]


def test_a_deleted_version_that_still_waited_for_copies_is_gone_and_has_not_failed(
    registry: Services, mlflow: Mlflow, many: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow.model()
    mlflow.version(source=f"models:/{many}")
    mlflow.ask("DELETE", "model-versions/delete", name="fraud", version="1")
    now = later(registry.clock(), timedelta(days=31))
    monkeypatch.setattr(registry, "clock", lambda: now)
    sweep_due(registry, "r")
    refusal = mlflow.refused("GET", "model-versions/get", name="fraud", version="1")
    assert (refusal.status, refusal.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert failed(registry, 1) is None


@pytest.mark.parametrize("what", ["logged model", "run", "version"])
def test_somebody_elses_source_is_refused_and_no_version_is_made(registry: Services, mlflow: Mlflow, what: str) -> None:
    mlflow.model()
    mlflow.model("secret")
    begun = run(registry)
    put_files(registry, f"0/{begun.id}/artifacts/model")
    made = logged(registry)
    mlflow.version("secret", source=f"models:/{made.id}")
    source = {"logged model": f"models:/{made.id}", "run": f"runs:/{begun.id}/model", "version": "models:/secret/1"}[
        what
    ]
    eve = Mlflow(Role.CONTRIBUTOR, "fraud", "token:eve")
    refusal = eve.refused("POST", "model-versions/create", name="fraud", source=source)
    assert (refusal.status, refusal.error_code) == (403, "PERMISSION_DENIED")
    assert eve.refused("GET", "model-versions/get", name="fraud", version="1").status == 404


@pytest.mark.parametrize(
    ("source", "status", "code"),
    [
        ("/tmp/model", 400, "INVALID_PARAMETER_VALUE"),
        ("https://elsewhere.example/model", 400, "INVALID_PARAMETER_VALUE"),
        ("s3://bucket/%252e%252e/x", 400, "INVALID_PARAMETER_VALUE"),
        ("models:/m-" + "a" * 32, 400, "INVALID_PARAMETER_VALUE"),
        ("models:/absent/1", 404, "RESOURCE_DOES_NOT_EXIST"),
        ("models:/fraud/7", 404, "RESOURCE_DOES_NOT_EXIST"),
        ("models:/fraud@nobody", 400, "INVALID_PARAMETER_VALUE"),
        ("models:/fraud/Nowhere", 404, "RESOURCE_DOES_NOT_EXIST"),
        ("runs:/" + "a" * 32 + "/model", 400, "INVALID_PARAMETER_VALUE"),
        ("models:/fraud/0", 400, "INVALID_PARAMETER_VALUE"),
        ("mlflow-artifacts:/registered/!!/1", 400, "INVALID_PARAMETER_VALUE"),
        ("s3://[bad/x", 400, "INVALID_PARAMETER_VALUE"),
        ("models:/fraud/\u0661", 404, "RESOURCE_DOES_NOT_EXIST"),
    ],
)
def test_an_invalid_source_is_refused_with_mlflows_code(mlflow: Mlflow, source: str, status: int, code: str) -> None:
    mlflow.model()
    refusal = mlflow.refused("POST", "model-versions/create", name="fraud", source=source)
    assert (refusal.status, refusal.error_code) == (status, code), refusal.message
