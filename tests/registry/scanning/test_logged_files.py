"""What is logged is not scanned; what becomes a version's file is, as the version's."""

from types import SimpleNamespace

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import QuarantinedError, ScanPendingError
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.reactions.versions.intake import intake
from chalicelib.registry.mlflow.tracking import artifacts
from chalicelib.registry.versions import downloads
from tests.registry.build import ADMIN, MODEL, model
from tests.registry.mlflow.logged import little_at_once, logged, put_files, register, root, run
from tests.registry.scanning.build import hostile, judge, last_event, result_of, scan, version


def test_a_file_of_a_run_is_scanned_once_a_version_is_registered_from_it(scanning: Services) -> None:
    model(scanning)
    begun = run(scanning)
    put_files(scanning, f"0/{begun.id}/artifacts/model", {"model.pkl": hostile()})
    assert artifacts.download(scanning, ADMIN, f"0/{begun.id}/artifacts/model/model.pkl").size > 0
    register(scanning, f"runs:/{begun.id}/model", run_id=begun.id)
    with pytest.raises(ScanPendingError):
        downloads.download_manifest(scanning, MODEL, "1", 100, None)
    scan(last_event(scanning))
    judge(result_of(scanning))
    found = version(scanning).scan
    assert found is not None and found.verdict is Verdict.UNSAFE
    with pytest.raises(QuarantinedError):
        downloads.download_manifest(scanning, MODEL, "1", 100, None)


def test_files_that_are_copied_later_are_scanned_then(scanning: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    little_at_once(monkeypatch)
    model(scanning)
    made = logged(scanning, files={"model.pkl": hostile(), **{f"{number}.json": b"{}" for number in range(4)}})
    register(scanning, f"models:/{made.id}", model_id=made.id)
    intake({"detail": last_event(scanning)}, SimpleNamespace(aws_request_id="lambda-1"))
    scan(last_event(scanning))
    judge(result_of(scanning))
    found = version(scanning).scan
    assert found is not None and found.verdict is Verdict.UNSAFE
    assert artifacts.download(scanning, ADMIN, f"{root(made)}/model.pkl").size > 0
