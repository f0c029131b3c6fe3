"""Aliases over HTTP."""

from chalicelib import registry
from chalicelib.api.aliases.presenters import alias_document, protection_document
from chalicelib.api.aliases.schemas import AliasView, MoveView, ProtectAlias, ProtectionView, RollBack, SetAlias
from chalicelib.api.call import Answer, Call, changed, gone, revision_of, whole_list
from chalicelib.api.document import ItemsView, PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("aliases")


@routes.get("/v1/models/{model}/aliases", Action.READ, answers={200: ItemsView[AliasView]})
def list_aliases(call: Call, model: str) -> Answer:
    """List a model's aliases."""
    return whole_list(registry.aliases.aliases.list_aliases(call.services, model), alias_document)


@routes.get("/v1/models/{model}/aliases/{alias}", Action.READ, answers={200: AliasView})
def get_alias(call: Call, model: str, alias: str) -> Answer:
    """Show where an alias points."""
    found = registry.aliases.aliases.get_alias(call.services, model, alias)
    return Answer(alias_document(found), revision=found.revision)


@routes.put("/v1/models/{model}/aliases/{alias}", Action.TRANSITION, answers={200: AliasView})
def set_alias(call: Call, model: str, alias: str, body: SetAlias) -> Answer:
    """Point an alias at a READY version."""
    moved = registry.aliases.aliases.set_alias(
        call.services, call.change(), model, alias, body.version, body.expected(), body.reason
    )
    return changed(moved, alias_document, revision_of)


@routes.delete("/v1/models/{model}/aliases/{alias}", Action.TRANSITION, answers={204: None})
def delete_alias(call: Call, model: str, alias: str) -> Answer:
    """Delete an alias."""
    return gone(registry.aliases.aliases.delete_alias(call.services, call.change(), model, alias))


@routes.post("/v1/models/{model}/aliases/{alias}/rollback", Action.TRANSITION, answers={200: AliasView})
def roll_back_alias(call: Call, model: str, alias: str, body: RollBack) -> Answer:
    """Point an alias back at the version before, or at an earlier one."""
    moved = registry.aliases.aliases.roll_back_alias(
        call.services, call.change(), model, alias, body.reason, body.version
    )
    return changed(moved, alias_document, revision_of)


@routes.put("/v1/models/{model}/aliases/{alias}/protection", Action.MANAGE, answers={200: ProtectionView})
def protect_alias(call: Call, model: str, alias: str, body: ProtectAlias) -> Answer:
    """Protect an alias, or lift its protection."""
    protection = registry.aliases.aliases.protect_alias(call.services, call.change(), model, alias, body.protected)
    return changed(protection, protection_document, revision_of)


@routes.get("/v1/models/{model}/aliases/{alias}/history", Action.READ, answers={200: PageView[MoveView]})
def get_alias_history(call: Call, model: str, alias: str, query: Paging) -> Answer:
    """List the moves of an alias, newest first."""
    page = registry.audit.history.history(call.services, model, f"alias:{alias}", query.limit, call.start(query))
    return call.listing(page, dict)
