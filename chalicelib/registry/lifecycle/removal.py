"""Deleting with what depends on it: a version with its aliases, a model with its versions; renaming by way of that.

Each is several changes, every one judged by the rules of its own and with its own event. What would be refused at the
end is refused before anything is deleted, as far as it can be known; a call that was cut short is completed by another.
"""

from dataclasses import replace

from chalicelib.aws.services import Services
from chalicelib.domain.aliases.protection import check_may_move
from chalicelib.domain.errors import AliasNotFoundError, LimitExceededError, ModelNotEmptyError
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.decisions import ModelState, ProfileChange
from chalicelib.domain.models.guards import check_not_frozen
from chalicelib.domain.models.model import Model
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions import decisions as version_decisions
from chalicelib.domain.versions.version import Version
from chalicelib.registry.aliases.aliases import delete_alias
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.models.model_ledger import load, loaded_model, loaded_scheme, model_keys
from chalicelib.registry.models.models import create_model, delete_model, get_model, model_and_scheme
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import delete_version, list_versions

# A request has 29 seconds; a deletion takes a few hundredths of one.
MAX_CASCADE = 200
_PAGE = 100


def delete_version_and_aliases(services: Services, request: Request, name: str, number: int) -> None:
    """Delete the aliases of a version, then the version. Raises what either raises, before anything is deleted."""
    asked = model_keys(name, versions=[number], scheme=True)
    snapshot = load(services, name, asked)
    model = loaded_model(snapshot, name)
    version = loaded_version(snapshot, name, number)
    _check_deletable(services, request, model, loaded_scheme(snapshot), version)
    _delete_version(services, request, model, number)


def delete_model_and_versions(services: Services, request: Request, name: str) -> None:
    """Delete all versions of a model, then the model. Raises what either raises, before anything is deleted."""
    model, scheme = model_and_scheme(services, name)
    if model.versions > MAX_CASCADE:
        raise LimitExceededError(
            f"The model {name!r} has {model.versions} versions; at most {MAX_CASCADE} are deleted with their model. "
            "Delete versions first."
        )
    versions = _all_versions(services, name)
    for version in versions:
        _check_deletable(services, request, model, scheme, version)
    for version in versions:
        _delete_version(services, request, model, version.number)
    delete_model(services, request, name)


def rename_model(services: Services, request: Request, name: str, new_name: str) -> ModelState:
    """Give a model without versions another name: it is created anew, with what was said of it, and deleted.

    Raises ModelNotFoundError, ModelExistsError, ModelNotEmptyError.
    """
    state = get_model(services, name)
    if name == new_name:
        return state
    if state.model.versions:
        raise ModelNotEmptyError(
            f"The model {name!r} has {state.model.versions} versions, which keep their numbers and history for good. "
            f"Create {new_name!r} and copy versions into it."
        )
    profile = state.profile
    given = ProfileChange(profile.description, profile.owner, profile.tags, profile.metadata)
    made = create_model(services, request, new_name, given).result
    delete_model(services, request, name)
    return made


def _check_deletable(services: Services, request: Request, model: Model, scheme: Scheme, version: Version) -> None:
    aliases = model.aliases_of(version.number)
    if aliases:
        check_not_frozen(model)
        check_may_move(model, request.principal, *aliases)
    alone = replace(model, aliases={alias: at for alias, at in model.aliases.items() if alias not in aliases})
    stamp = Stamp(request.principal.name, request.request_id, "", services.clock(), model.head.revision + 1)
    version_decisions.delete(alone, scheme, version, services.settings.deleted_retention, stamp)


def _delete_version(services: Services, request: Request, model: Model, number: int) -> None:
    for alias in model.aliases_of(number):
        try:
            delete_alias(services, request, model.name, alias)
        except AliasNotFoundError:
            # An earlier call that was cut short, or somebody else, has deleted it.
            continue
    delete_version(services, request, model.name, number)


def _all_versions(services: Services, name: str) -> list[Version]:
    page = list_versions(services, name, _PAGE, None)
    found = list(page.items)
    while page.next_start is not None:
        page = list_versions(services, name, _PAGE, page.next_start)
        found += page.items
    return found
