"""Models and versions as MLflow's clients read them. What is not set is left out, and times are milliseconds."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any, Final

from chalicelib.api.mlflow import stages
from chalicelib.domain.instants import epoch_milliseconds
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.scheme import SchemeRef
from chalicelib.domain.versions.version import Status, Version

IS_PROMPT: Final = "mlflow.prompt.is_prompt"
# Where the files of registered versions lie in the artifact proxy.
REGISTERED: Final = "registered"
ARTIFACTS: Final = "/api/2.0/mlflow-artifacts/artifacts/"

_STATUSES: Final = {Status.READY: "READY", Status.PENDING: "PENDING_REGISTRATION"}


def model(state: ModelState, versions: Iterable[Version]) -> dict[str, Any]:
    """A registered model with the newest version of each stage, which as in MLflow do not say their aliases here."""
    head, profile = state.model, state.profile
    pointers = sorted((alias, at.version) for alias, at in head.aliases.items() if at.version is not None)
    return _said(
        {
            "name": head.name,
            "creation_timestamp": epoch_milliseconds(head.created_at),
            "last_updated_timestamp": epoch_milliseconds(head.revised_at),
            "user_id": head.created_by,
            "description": profile.description or None,
            "latest_versions": [_said(_version(head.scheme, one)) for one in versions],
            "tags": _tags(profile.tags),
            "aliases": [{"alias": alias, "version": str(number)} for alias, number in pointers],
        }
    )


def version(of: Model, one: Version) -> dict[str, Any]:
    """A model version; ``of`` knows what its scheme's stages are to MLflow."""
    return _said({**_version(of.scheme, one), "aliases": list(one.aliases)})


def registered(one: Version) -> dict[str, Any]:
    """A version that was registered just now, and so stands in the initial stage of whatever scheme."""
    return _said({**_version(SchemeRef("", 0, initial=one.stage, archive=""), one), "aliases": list(one.aliases)})


def is_prompt(tags: Mapping[str, str]) -> bool:
    return tags.get(IS_PROMPT, "").lower() == "true"


def source(one: Version) -> str:
    """Where a version's files were before it was registered; of one that was not logged, where they are."""
    said = one.description.provenance.get("artifact_source") or {}
    return str(said.get("uri") or f"mlflow-artifacts:/{registered_path(one.model, one.number)}")


def registered_path(name: str, number: int) -> str:
    """Where a version's files are in the artifact proxy. Names hold what no path may, so they are encoded."""
    return f"{REGISTERED}/{base64.urlsafe_b64encode(name.encode()).rstrip(b'=').decode()}/{number}"


def _version(scheme: SchemeRef, one: Version) -> dict[str, Any]:
    described = one.description
    run = described.provenance.get("run") or {}
    logged = described.provenance.get("artifact_source") or {}
    return {
        "name": one.model,
        "version": str(one.number),
        "creation_timestamp": epoch_milliseconds(one.created_at),
        "last_updated_timestamp": epoch_milliseconds(one.revised_at),
        "user_id": one.created_by,
        "current_stage": stages.shown(scheme, one.stage),
        "description": described.description,
        "source": source(one),
        "run_id": run.get("id") or "",
        "run_link": run.get("url") or "",
        "status": _STATUSES.get(one.status, "FAILED_REGISTRATION"),
        "status_message": _status_message(one),
        "tags": _tags(described.tags),
        "model_id": logged.get("logged_model"),
    }


def _status_message(one: Version) -> str | None:
    if one.status not in (Status.EXPIRED, Status.PURGED):
        return None
    said = None if one.burial is None else one.burial.reason
    return said or f"The files were not there by {one.upload_expires_at}. Register the version again."


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in sorted(tags.items())]


def _said(document: dict[str, Any]) -> dict[str, Any]:
    """The document without lists that are empty and what is None."""
    return {name: value for name, value in document.items() if value is not None and value != []}
