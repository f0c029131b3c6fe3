"""MLflow's model versions."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from chalicelib import registry
from chalicelib.api.mlflow import naming, present, stages
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import MlflowError, invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.domain.errors import ApprovalsMissingError, ModelNotFoundError, NotFoundError, VersionNotFoundError

_PROMPT_SOURCES = ("dummy-source", "prompt-template")
# What "archive the others" is good for in MLflow.
_ACTIVE = ("staging", "production")


def create(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    given.require("name", "source")
    name, source, tags = naming.model_name(given), given.required("source"), naming.tags(given)
    if present.is_prompt(tags) and source not in _PROMPT_SOURCES:
        raise invalid(f"Invalid prompt source: '{source}'. Prompt sources must use an MLflow placeholder.")
    try:
        made = registry.mlflow.registration.register_from_source(
            call.services,
            call.change(),
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
        # The model that was to have the version, or the one that it was to be copied from.
        if urlsplit(source).scheme == "models":
            raise MlflowError("RESOURCE_DOES_NOT_EXIST", error.detail) from None
        raise
    except NotFoundError as error:
        # To MLflow a run or logged model that is not there is a bad value.
        raise invalid(f"Invalid model version source: '{source}'. {error.detail}") from None
    return {"model_version": present.registered(made.result.version)}


def get(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    return _shown(call, *_addressed(given))


def update(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Change the description. One that is not given stays as it is: MLflow's own server wipes it."""
    (name, number), description = _addressed(given), given.text("description")
    registry.versions.versions.annotate_version(call.services, call.change(), name, number, description, None)
    return _shown(call, name, number)


def transition(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Move a version to a stage, then put the others out of it if that is asked for; the scheme judges each move."""
    (name, number), stage = _addressed(given, "stage"), given.required("stage")
    archive = given.flag("archive_existing_versions")
    _, scheme = registry.models.models.model_and_scheme(call.services, name)
    to_stage = stages.meant(scheme, stage)
    if archive and to_stage in (scheme.initial, scheme.archive):
        raise invalid(
            "Model version transition cannot archive existing model versions because "
            f"'{stage}' is not an Active stage. Valid stages are {[one.capitalize() for one in _ACTIVE]}"
        )
    try:
        registry.promotion.stages.transition(call.services, call.change(), name, number, to_stage, None, None)
    except ApprovalsMissingError as error:
        # Its sentence says what to do; the dry run, what the request that is open waits for.
        missing = registry.promotion.stages.explain_transition(call.services, name, str(number), to_stage).blockers
        raise MlflowError("PERMISSION_DENIED", " ".join([error.detail, *_sentence(missing)])) from None
    if archive:
        registry.promotion.stages.archive_others(call.services, call.change(), name, number, to_stage)
    return _shown(call, name, number)


def delete(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Delete the version with its aliases."""
    name, number = _addressed(given)
    registry.lifecycle.removal.delete_version_and_aliases(call.services, call.change(), name, number)
    return {}


def download_uri(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Where the files are: of a version that owns its bytes at this API, else where it says that they are."""
    name, number = _addressed(given)
    _, version = registry.versions.latest.version_and_model(call.services, name, number)
    if version.file_count == 0:
        return {"artifact_uri": present.source(version)}
    return {"artifact_uri": call.base_url + present.ARTIFACTS + present.registered_path(name, number)}


def set_tag(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    name, number = _addressed(given, "key")
    key, value = naming.new_tag_key(given.required("key")), naming.tag_value(given.text("value") or "")
    registry.versions.tags.set_version_tag(call.services, call.change(), name, number, key, value)
    return {}


def delete_tag(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    name, number = _addressed(given, "key")
    registry.versions.tags.delete_version_tag(
        call.services, call.change(), name, number, naming.tag_key(given.required("key"))
    )
    return {}


def _sentence(missing: Sequence[str]) -> list[str]:
    return [f"Missing: {'; '.join(missing)}."] if missing else []


def _addressed(given: Parameters, *needed: str) -> tuple[str, int]:
    """The model's name and the version's number, once everything that is needed is known to be there."""
    given.require("name", "version", *needed)
    return naming.model_name(given), naming.version_number(given)


def _shown(call: MlflowCall, name: str, number: int) -> dict[str, Any]:
    model, version = registry.versions.latest.version_and_model(call.services, name, number)
    return {"model_version": present.version(model, version)}
