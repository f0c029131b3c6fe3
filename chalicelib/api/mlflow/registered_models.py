"""MLflow's registered models."""

from typing import Any

from chalicelib import registry
from chalicelib.api.mlflow import naming, present, stages
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import MlflowError
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.domain.access.principal import Action
from chalicelib.domain.errors import ModelExistsError
from chalicelib.domain.models.decisions import ModelState, ProfileChange


def create(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """A model, or a prompt: that is a model with a tag."""
    name, tags = naming.new_model_name(given), naming.tags(given)
    wanted = ProfileChange(description=given.text("description"), tags=tags)
    try:
        made = registry.models.models.create_model(call.services, call.change(), name, wanted)
    except ModelExistsError:
        held = registry.models.models.get_model(call.services, name).profile.tags
        raise _taken(name, present.is_prompt(held), present.is_prompt(tags)) from None
    return _document(made.result)


def get(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    found = registry.versions.latest.get_latest(call.services, naming.model_name(given))
    return {"registered_model": present.model(found.state, found.versions)}


def update(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Change the description. One that is not given stays as it is: MLflow's own server wipes it."""
    name = naming.model_name(given)
    change = ProfileChange(description=given.text("description"))
    state = registry.models.models.update_model(call.services, call.change(), name, change).result
    versions = registry.versions.latest.newest_versions(call.services, [state.model])[name]
    return {"registered_model": present.model(state, versions)}


def rename(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    given.require("name", "new_name")
    new_name, name = naming.new_model_name(given, "new_name"), naming.model_name(given)
    call.principal.check(Action.REGISTER, new_name)
    try:
        renamed = registry.lifecycle.removal.rename_model(call.services, call.change(), name, new_name)
    except ModelExistsError:
        raise MlflowError("RESOURCE_ALREADY_EXISTS", f"Registered Model (name={new_name}) already exists.") from None
    versions = registry.versions.latest.newest_versions(call.services, [renamed.model])[new_name]
    return {"registered_model": present.model(renamed, versions)}


def delete(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Delete the model with its versions."""
    registry.lifecycle.removal.delete_model_and_versions(call.services, call.change(), naming.model_name(given))
    return {}


def latest(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """The newest version of each stage, or of those that are asked for."""
    name, wanted = naming.model_name(given), given.texts("stages")
    found = registry.versions.latest.get_latest(call.services, name)
    asked = {stages.meant(found.scheme, stage) for stage in wanted} or set(found.scheme.stages)
    shown = [one for one in found.versions if one.stage in asked]
    return {"model_versions": [present.version(found.state.model, one) for one in shown]} if shown else {}


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


def _document(state: ModelState) -> dict[str, Any]:
    return {"registered_model": present.model(state, ())}


def _taken(name: str, by_prompt: bool, for_prompt: bool) -> MlflowError:
    kinds = {True: "Prompt", False: "Registered Model"}
    held, wanted = kinds[by_prompt], kinds[for_prompt]
    if held == wanted:
        return MlflowError("RESOURCE_ALREADY_EXISTS", f"{wanted} (name={name}) already exists.")
    return MlflowError(
        "RESOURCE_ALREADY_EXISTS",
        f"Tried to create a {wanted.lower()} with name {name!r}, but the name is already taken by a {held.lower()}. "
        "MLflow does not allow creating a model and a prompt with the same name.",
    )
