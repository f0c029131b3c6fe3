"""Models, versions and webhooks as MLflow's clients read them. Unset fields are left out; times are milliseconds."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from chalicelib.api.mlflow import stages
from chalicelib.api.scanning.presenters import verdict_of
from chalicelib.domain.instants import epoch_milliseconds, moment
from chalicelib.domain.mlflow.tracking import locations
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.models.model import Model
from chalicelib.domain.scanning.scan_state import ScanState
from chalicelib.domain.schemes.scheme import SchemeRef
from chalicelib.domain.versions.version import Status, Version
from chalicelib.domain.webhooks.webhook import Webhook

# The tag in which the dialect says what the version's scan has found.
VERDICT_TAG: Final = "moorage.verdict"
_STATUSES: Final = {Status.READY: "READY", Status.PENDING: "PENDING_REGISTRATION"}


def registered_model_document(state: ModelState, versions: Iterable[Version]) -> dict[str, Any]:
    """A registered model with the newest version of each stage. As in MLflow, these versions don't show aliases."""
    model, profile = state.model, state.profile
    aliases = sorted((name, alias.version) for name, alias in model.aliases.items() if alias.version is not None)
    return _without_unset(
        {
            "name": model.name,
            "creation_timestamp": epoch_milliseconds(model.created_at),
            "last_updated_timestamp": epoch_milliseconds(model.revised_at),
            "user_id": model.created_by,
            "description": profile.description or None,
            "latest_versions": [_without_unset(_version(model.scheme, version)) for version in versions],
            "tags": _tags(profile.tags),
            "aliases": [{"alias": name, "version": str(number)} for name, number in aliases],
        }
    )


def model_version_document(model: Model, version: Version) -> dict[str, Any]:
    """A version of ``model``, whose scheme maps the version's stage to MLflow's."""
    return _version_with_aliases(model.scheme, version)


def new_version_document(version: Version) -> dict[str, Any]:
    """A version that was just registered. It is in the initial stage, so its model's scheme need not be read."""
    return _version_with_aliases(SchemeRef("", 0, initial=version.stage, archive=""), version)


def webhook_document(webhook: Webhook) -> dict[str, Any]:
    document: dict[str, Any] = {
        "webhook_id": webhook.id,
        "name": webhook.name,
        "url": webhook.url,
        "events": [dict(zip(("entity", "action"), name.upper().split("."), strict=True)) for name in webhook.events],
        "status": "ACTIVE" if webhook.enabled else "DISABLED",
        "creation_timestamp": round(moment(webhook.created_at).timestamp() * 1000),
        "last_updated_timestamp": round(moment(webhook.updated_at).timestamp() * 1000),
    }
    return {**document, "description": webhook.description} if webhook.description else document


def source_uri(version: Version) -> str:
    """Where the version's files were logged before it was registered; if nowhere, where the registry serves them."""
    logged = version.description.provenance.get("artifact_source") or {}
    return str(logged.get("uri") or f"{locations.SCHEME}/{locations.of_version(version.model, version.number)}")


def location_uri(version: Version) -> str:
    """Where the files are of a version that has none in the registry."""
    logged = version.description.provenance.get("artifact_source") or {}
    return str(logged.get("location") or source_uri(version))


def _version_with_aliases(scheme: SchemeRef, version: Version) -> dict[str, Any]:
    return _without_unset({**_version(scheme, version), "aliases": list(version.aliases)})


def _version(scheme: SchemeRef, version: Version) -> dict[str, Any]:
    description = version.description
    run = description.provenance.get("run") or {}
    logged = description.provenance.get("artifact_source") or {}
    return {
        "name": version.model,
        "version": str(version.number),
        "creation_timestamp": epoch_milliseconds(version.created_at),
        "last_updated_timestamp": epoch_milliseconds(version.revised_at),
        "user_id": version.created_by,
        "current_stage": stages.shown(scheme, version.stage),
        "description": description.description,
        "source": source_uri(version),
        "run_id": run.get("id") or "",
        "run_link": run.get("url") or "",
        "status": _status(version),
        "status_message": _status_message(version),
        "tags": _tags({**description.tags, **_verdict_tag(version)}),
        "model_id": logged.get("logged_model"),
    }


def _status(version: Version) -> str:
    """Clients wait by themselves for a version that is pending, as one does whose first scan is not done."""
    scan = version.scan
    if scan is not None and scan.state is ScanState.PENDING and not scan.allowed and scan.release is None:
        return _STATUSES[Status.PENDING]
    return _STATUSES.get(version.status, "FAILED_REGISTRATION")


def _verdict_tag(version: Version) -> dict[str, str]:
    verdict = verdict_of(version.clearance)
    return {} if verdict is None else {VERDICT_TAG: verdict}


def _status_message(version: Version) -> str | None:
    if version.status not in (Status.EXPIRED, Status.PURGED):
        return None
    reason = None if version.burial is None else version.burial.reason
    return reason or f"The files were not there by {version.upload_expires_at}. Register the version again."


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in sorted(tags.items())]


def _without_unset(document: dict[str, Any]) -> dict[str, Any]:
    """The document without empty lists and values of None."""
    return {name: value for name, value in document.items() if value is not None and value != []}
