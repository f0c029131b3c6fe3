"""MLflow's aliases of model versions.

In MLflow an alias may be all digits. The native API does not accept such an alias, because its paths could not tell it
from a version's number.
"""

from typing import Any

from chalicelib import registry
from chalicelib.api.mlflow import naming
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.errors import MlflowError
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.api.mlflow.presenters import model_version_document
from chalicelib.domain.errors import AliasNotFoundError, VersionNotFoundError


def point(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Point the alias at a version, wherever it pointed before."""
    given.require("name", "alias", "version")
    name, alias = naming.model_name(given), naming.new_alias(given)
    number = naming.version_number(given)
    registry.aliases.aliases.set_alias(call.services, call.change(), name, alias, number, None, None)
    return {}


def delete(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Delete the alias, if it exists."""
    given.require("name", "alias")
    name, alias = naming.model_name(given), naming.alias(given)
    try:
        registry.aliases.aliases.delete_alias(call.services, call.change(), name, alias)
    except AliasNotFoundError:
        return {}
    return {}


def get(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """The version that the alias points at. The alias ``latest`` is the version with the highest number."""
    given.require("name", "alias")
    name, alias = naming.model_name(given), naming.alias(given)
    if alias.lower() != "latest":
        model, version = registry.versions.latest.aliased_and_model(call.services, name, alias)
        return {"model_version": model_version_document(model, version)}
    try:
        model, version = registry.versions.latest.newest_version(call.services, name)
    except VersionNotFoundError:
        raise MlflowError("RESOURCE_DOES_NOT_EXIST", f"Latest version not found for model {name}.") from None
    return {"model_version": model_version_document(model, version)}
