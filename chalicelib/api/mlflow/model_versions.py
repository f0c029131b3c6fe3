"""MLflow's model versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chalicelib import registry
from chalicelib.api.mlflow import naming, stages
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import MlflowError, invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.api.mlflow.presenters import location_uri, model_version_document, new_version_document
from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import (
    ApprovalsMissingError,
    ContentionError,
    ModelNotFoundError,
    NotFoundError,
    VersionNotFoundError,
)
from chalicelib.domain.mlflow.sources import is_prompt
from chalicelib.domain.mlflow.tracking import locations
from chalicelib.domain.versions.quarantine import check_bytes

if TYPE_CHECKING:
    from chalicelib.registry.ledger.commit import Idempotency

_PROMPT_SOURCES = ("dummy-source", "prompt-template")
# The stages for which MLflow lets a move archive the other versions.
_ACTIVE = ("staging", "production")


def create(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    given.require("name", "source")
    name, source, tags = naming.model_name(given), given.required("source"), naming.tags(given)
    if is_prompt(tags) and source not in _PROMPT_SOURCES:
        raise invalid(f"Invalid prompt source: '{source}'. Prompt sources must use an MLflow placeholder.")
    request = replace(call.change(), idempotency=_until_answered(given))
    try:
        created = registry.mlflow.registration.register_from_source(
            call.services,
            request,
            name,
            source,
            run_id=given.text("run_id"),
            logged_model_id=given.text("model_id"),
            description=given.text("description") or "",
            tags=tags,
            run_link=given.text("run_link"),
            reader=call.principal,
            base_url=call.base_url,
        )
    except (ModelNotFoundError, VersionNotFoundError) as error:
        # With a models: source, either the model of the new version or the source may be missing.
        if urlsplit(source).scheme == "models":
            raise MlflowError("RESOURCE_DOES_NOT_EXIST", error.detail) from None
        raise
    except NotFoundError as error:
        # To MLflow a missing run or logged model is an invalid value.
        raise invalid(f"Invalid model version source: '{source}'. {error.detail}") from None
    registry.ledger.commit.take_back_receipt(call.services, request)
    return {"model_version": new_version_document(created.result.version)}


def _until_answered(given: Parameters) -> Idempotency:
    """MLflow's clients repeat a call that got no answer, and send no key. So the call's own content is its key."""
    content = {name: given.text(name) for name in ("name", "source", "run_id", "model_id", "run_link", "description")}
    fingerprint = sha256_hex(canonical_json([content, naming.tags(given)]))
    # No caller's own key has a space in it.
    return registry.ledger.commit.Idempotency(f"mlflow {fingerprint}", fingerprint, until_answered=True)


def get(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    return _shown(call, *_name_and_number(given))


def update(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Change the description. A missing description changes nothing, whereas MLflow's own server clears it."""
    (name, number), description = _name_and_number(given), given.text("description")
    registry.versions.versions.annotate_version(call.services, call.change(), name, number, description, None)
    return _shown(call, name, number)


def transition(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Move a version to a stage and, on request, archive the other versions there. The scheme judges each move."""
    (name, number), stage = _name_and_number(given, "stage"), given.required("stage")
    archive = given.flag("archive_existing_versions")
    _, scheme = registry.models.models.model_and_scheme(call.services, name)
    to_stage = stages.meant(scheme, stage)
    if archive and to_stage in (scheme.initial, scheme.archive):
        raise invalid(
            "Model version transition cannot archive existing model versions because "
            f"'{stage}' is not an Active stage. Valid stages are {[active.capitalize() for active in _ACTIVE]}"
        )
    try:
        registry.promotion.stages.transition(call.services, call.change(), name, number, to_stage, None, None)
    except ApprovalsMissingError as error:
        # The error says what to do. The dry run adds what an open request is waiting for.
        missing = registry.promotion.dry_runs.explain_transition(call.services, name, str(number), to_stage).blockers
        raise MlflowError("PERMISSION_DENIED", " ".join([error.detail, *_missing_sentence(missing)])) from None
    if archive:
        try:
            registry.promotion.stages.archive_others(call.services, call.change(), name, number, to_stage)
        except ContentionError as error:
            raise MlflowError(
                "REQUEST_LIMIT_EXCEEDED",
                f"Version {number} is in {stage} now, but not all other versions there are archived. {error.detail}",
            ) from None
    return _shown(call, name, number)


def delete(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Delete the version with its aliases."""
    name, number = _name_and_number(given)
    registry.lifecycle.removal.delete_version_and_aliases(call.services, call.change(), name, number)
    return {}


def download_uri(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """The address of the files: this API's if the registry holds their bytes, else the version's source.

    Refused in quarantine, so that clients say so before they look for files.
    """
    name, number = _name_and_number(given)
    _, version = registry.versions.latest.version_and_model(call.services, name, number)
    check_bytes(name, number, version.clearance, call.services.clock())
    if version.file_count == 0:
        return {"artifact_uri": location_uri(version)}
    return {"artifact_uri": f"{call.base_url}{locations.PROXY}/{locations.of_version(name, number)}"}


def set_tag(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    name, number = _name_and_number(given, "key")
    key, value = naming.new_tag_key(given.required("key")), naming.tag_value(given.text("value") or "")
    registry.versions.tags.set_version_tag(call.services, call.change(), name, number, key, value)
    return {}


def delete_tag(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    name, number = _name_and_number(given, "key")
    registry.versions.tags.delete_version_tag(
        call.services, call.change(), name, number, naming.tag_key(given.required("key"))
    )
    return {}


def _missing_sentence(missing: Sequence[str]) -> list[str]:
    return [f"Missing: {'; '.join(missing)}."] if missing else []


def _name_and_number(given: Parameters, *needed: str) -> tuple[str, int]:
    """The model's name and the version's number. First checks that all ``needed`` parameters are there too."""
    given.require("name", "version", *needed)
    return naming.model_name(given), naming.version_number(given)


def _shown(call: MlflowCall, name: str, number: int) -> dict[str, Any]:
    model, version = registry.versions.latest.version_and_model(call.services, name, number)
    return {"model_version": model_version_document(model, version)}
