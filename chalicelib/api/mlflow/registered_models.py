"""MLflow's registered models."""

from typing import Any

from chalicelib import registry
from chalicelib.api.mlflow import naming, stages
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import MlflowError
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.api.mlflow.presenters import model_version_document, registered_model_document
from chalicelib.domain.access.principal import Action
from chalicelib.domain.errors import ModelExistsError
from chalicelib.domain.mlflow.sources import is_prompt
from chalicelib.domain.models.decisions import ProfileChange


def create(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Create a model, or a prompt, which is a model with a certain tag."""
    name, tags = naming.new_model_name(given), naming.tags(given)
    profile = ProfileChange(description=given.text("description"), tags=tags)
    try:
        created = registry.models.models.create_model(call.services, call.change(), name, profile)
    except ModelExistsError:
        present_tags = registry.models.models.get_model(call.services, name).profile.tags
        raise _name_taken(name, by_prompt=is_prompt(present_tags), for_prompt=is_prompt(tags)) from None
    return {"registered_model": registered_model_document(created.result, ())}


def get(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    latest = registry.versions.latest.get_latest(call.services, naming.model_name(given))
    return {"registered_model": registered_model_document(latest.state, latest.versions)}


def update(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Change the description. A missing description changes nothing, whereas MLflow's own server clears it."""
    name = naming.model_name(given)
    change = ProfileChange(description=given.text("description"))
    state = registry.models.models.update_model(call.services, call.change(), name, change).result
    versions = registry.versions.latest.newest_versions(call.services, [state.model])[name]
    return {"registered_model": registered_model_document(state, versions)}


def rename(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    given.require("name", "new_name")
    new_name, name = naming.new_model_name(given, "new_name"), naming.model_name(given)
    call.principal.check(Action.REGISTER, new_name)
    try:
        renamed = registry.lifecycle.removal.rename_model(call.services, call.change(), name, new_name)
    except ModelExistsError:
        raise MlflowError("RESOURCE_ALREADY_EXISTS", f"Registered Model (name={new_name}) already exists.") from None
    versions = registry.versions.latest.newest_versions(call.services, [renamed.model])[new_name]
    return {"registered_model": registered_model_document(renamed, versions)}


def delete(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Delete the model with its versions."""
    registry.lifecycle.removal.delete_model_and_versions(call.services, call.change(), naming.model_name(given))
    return {}


def latest(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """The newest version of each stage, or of the stages that the caller names."""
    name, stage_names = naming.model_name(given), given.texts("stages")
    found = registry.versions.latest.get_latest(call.services, name)
    wanted = {stages.meant(found.scheme, stage) for stage in stage_names} or set(found.scheme.stages)
    versions = [
        model_version_document(found.state.model, version) for version in found.versions if version.stage in wanted
    ]
    return {"model_versions": versions} if versions else {}


def set_tag(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    given.require("name", "key")
    name, key, value = naming.model_name(given), given.required("key"), given.text("value") or ""
    registry.models.tags.set_model_tag(
        call.services, call.change(), name, naming.new_tag_key(key), naming.tag_value(value)
    )
    return {}


def delete_tag(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    given.require("name", "key")
    name, key = naming.model_name(given), given.required("key")
    registry.models.tags.delete_model_tag(call.services, call.change(), name, naming.tag_key(key))
    return {}


def _name_taken(name: str, *, by_prompt: bool, for_prompt: bool) -> MlflowError:
    kinds = {True: "Prompt", False: "Registered Model"}
    present, wanted = kinds[by_prompt], kinds[for_prompt]
    if present == wanted:
        return MlflowError("RESOURCE_ALREADY_EXISTS", f"{wanted} (name={name}) already exists.")
    return MlflowError(
        "RESOURCE_ALREADY_EXISTS",
        f"Tried to create a {wanted.lower()} with name {name!r}, but the name is already taken by a {present.lower()}. "
        "MLflow does not allow creating a model and a prompt with the same name.",
    )
