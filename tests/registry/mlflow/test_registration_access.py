"""Who may register what: the source must be the reader's to read, and a refusal leaves nothing behind."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.errors import PermissionDeniedError
from chalicelib.registry.audit import audit
from chalicelib.registry.mlflow.tracking import artifacts
from tests.registry.build import ADMIN, MODEL, model, ready_with
from tests.registry.mlflow.logged import logged, put_files, register, root, run

# May register versions of one model and download them, and has logged nothing of what is asked for here.
EVE = Principal("token:eve", (Grant(Role.CONTRIBUTOR, "copies"),))
# May see every model and no bytes.
VIEWER = Principal("token:vi", (Grant(Role.VIEWER, "*"), Grant(Role.CONTRIBUTOR, "copies")))
EVERYTHING = Principal("token:all", (Grant(Role.CONTRIBUTOR, "*"),))


def of_a_version(registry: Services) -> dict[str, Any]:
    model(registry)
    ready_with(registry, ("model.pkl", b"weights"))
    return {"source": f"models:/{MODEL}/1"}


def of_a_logged_model(registry: Services) -> dict[str, Any]:
    return {"source": f"models:/{logged(registry).id}"}


def of_a_run(registry: Services) -> dict[str, Any]:
    begun = run(registry)
    put_files(registry, f"0/{begun.id}/artifacts/model")
    return {"source": f"runs:/{begun.id}/model"}


def of_the_proxy(registry: Services) -> dict[str, Any]:
    return {"source": f"mlflow-artifacts:/{root(logged(registry))}"}


def of_nobodys_path(registry: Services) -> dict[str, Any]:
    put_files(registry, "0/shared")
    return {"source": "mlflow-artifacts:/0/shared"}


def of_a_client_that_tracks_elsewhere(registry: Services) -> dict[str, Any]:
    model_id = "m-" + "a" * 32
    artifacts.put(registry, ADMIN, f"team/models/{model_id}/artifacts/MLmodel", b"flavors: {}")
    return {"source": f"models:/{model_id}"}


SOURCES = [
    of_a_version,
    of_a_logged_model,
    of_a_run,
    of_the_proxy,
    of_nobodys_path,
    of_a_client_that_tracks_elsewhere,
]


def bytes_of_versions(registry: Services) -> int:
    listed = registry.client("s3").list_object_versions(Bucket=registry.settings.bucket, Prefix="artifacts/")
    return len(listed.get("Versions", []))


@pytest.mark.parametrize("reader", [EVE, VIEWER], ids=["no grant on the source", "no right to its bytes"])
@pytest.mark.parametrize("arrange", SOURCES)
def test_a_source_that_the_reader_may_not_download_is_refused_and_nothing_is_written(
    registry: Services, arrange: Callable[[Services], dict[str, Any]], reader: Principal
) -> None:
    copies = model(registry, "copies")
    asked = arrange(registry)
    before = bytes_of_versions(registry)
    with pytest.raises(PermissionDeniedError):
        register(registry, **asked, model=copies, reader=reader)
    trail = audit.list_events(registry, f"model:{copies}", "newest", 100, None).items
    assert [event["type"] for event in trail] == ["model.created"]
    assert bytes_of_versions(registry) == before


@pytest.mark.parametrize("arrange", SOURCES)
def test_a_grant_on_every_model_that_allows_its_bytes_suffices(
    registry: Services, arrange: Callable[[Services], dict[str, Any]]
) -> None:
    copies = model(registry, "copies")
    assert register(registry, **arrange(registry), model=copies, reader=EVERYTHING).result.files


def test_who_logged_a_model_registers_it_with_a_grant_on_one_model_alone(registry: Services) -> None:
    copies = model(registry, "copies")
    made = logged(registry, EVE, run_id=run(registry, EVE).id)
    assert register(registry, f"models:/{made.id}", model=copies, reader=EVE, model_id=made.id).result.files


@pytest.mark.parametrize("source", ["s3://bucket/model", "own"])
def test_nobody_claims_the_evidence_of_somebody_elses_run(registry: Services, source: str) -> None:
    copies = model(registry, "copies")
    theirs = run(registry)
    asked = f"models:/{logged(registry, EVE).id}" if source == "own" else source
    with pytest.raises(PermissionDeniedError, match=theirs.id):
        register(registry, asked, model=copies, reader=EVE, run_id=theirs.id)


def test_nobody_claims_the_evidence_of_somebody_elses_logged_model(registry: Services) -> None:
    copies = model(registry, "copies")
    theirs = logged(registry)
    with pytest.raises(PermissionDeniedError, match=theirs.id):
        register(registry, "s3://bucket/model", model=copies, reader=EVE, model_id=theirs.id)


@pytest.mark.parametrize("files", ["here", "elsewhere"])
def test_a_run_that_only_the_logged_model_names_gives_no_evidence_to_who_may_not_read_it(
    registry: Services, files: str
) -> None:
    copies = model(registry, "copies")
    theirs = run(registry, secret="s")
    made = logged(registry, EVE, run_id=theirs.id)
    source = f"models:/{made.id}" if files == "here" else "s3://bucket/model"
    registered = register(registry, source, model=copies, reader=EVE, model_id=made.id).result
    assert "author" not in registered.version.description.provenance
