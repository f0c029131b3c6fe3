"""Deleting with what depends on it: a version with its aliases, a model with its versions; renaming by way of that.

Each is several changes, every one judged by the rules of its own and with its own event. What would be refused at the
end is refused before anything is deleted, as far as it can be known; a call that was cut short is completed by another.
"""

from dataclasses import replace

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.aliases.protection import check_may_move
from chalicelib.domain.cards.card import Card
from chalicelib.domain.cards.decisions import CardChange, clear_inherited
from chalicelib.domain.errors import AliasNotFoundError, LimitExceededError, ModelNotEmptyError
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.models.guards import check_not_frozen
from chalicelib.domain.models.model import Model
from chalicelib.domain.models.renaming import create_renamed, is_renamed
from chalicelib.domain.schemes.assigned_scheme import AssignedScheme
from chalicelib.domain.schemes.scheme import Scheme
from chalicelib.domain.versions import decisions as version_decisions
from chalicelib.domain.versions.version import Version
from chalicelib.registry.aliases.aliases import delete_alias
from chalicelib.registry.cards.cards import get_card, update_card
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.look_alikes import claim_keys, claimant_keys, claimed
from chalicelib.registry.models.model_ledger import (
    change_model,
    load,
    loaded_model,
    loaded_profile,
    loaded_scheme,
    model_keys,
)
from chalicelib.registry.models.models import delete_model, get_model, model_and_scheme, model_head, model_heads
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
    """Give a model without versions another name: it is created anew, as it is and with its card, and deleted.

    A call that was cut short is completed by another. Raises ModelNotFoundError, ModelExistsError, ModelNotEmptyError.
    """
    if name == new_name:
        return get_model(services, name)
    heads = model_heads(services, [name, new_name])
    origin, present = heads.get(name), heads.get(new_name)
    if present is None or not is_renamed(present, name, origin):
        _create_renamed(services, request, name, new_name)
        origin = model_head(services, name)
    if origin is not None:
        # The request's idempotency key, if any, stands for the creation.
        further = replace(request, idempotency=None)
        card = get_card(services, name)
        update_card(services, further, new_name, CardChange(card.sections, card.fields, whole=True))
        _delete_origin(services, further, name, new_name)
    return get_model(services, new_name)


def _create_renamed(services: Services, request: Request, name: str, new_name: str) -> None:
    asked = model_keys(name, profile=True, scheme=True)
    found = load(services, name, asked)
    origin = ModelState(loaded_model(found, name), loaded_profile(found))
    assigned = found.get(AssignedScheme)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[ModelState]:
        made = create_renamed(snapshot.get(Model), origin, assigned, new_name)
        return claimed(clear_inherited(made, snapshot.get(Card), stamp), snapshot, new_name, leaving=name)

    def more(snapshot: Snapshot) -> list[Key]:
        return claimant_keys(snapshot, new_name)

    needed = [*model_keys(new_name), *claim_keys(new_name), keys.card(new_name)]
    change_model(services, request, new_name, decide, lambda _: get_model(services, new_name), needed, more)


def _delete_origin(services: Services, request: Request, name: str, new_name: str) -> None:
    try:
        delete_model(services, request, name)
    except ModelNotEmptyError:
        # A version was registered meanwhile. The model keeps its name, and nothing is left of the other.
        delete_model(services, request, new_name)
        raise


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
