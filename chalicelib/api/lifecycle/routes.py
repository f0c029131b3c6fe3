"""Freezes, locks, legal holds, deleted versions and retention over HTTP."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, revision_of
from chalicelib.api.document import PageView, Paging
from chalicelib.api.lifecycle.presenters import deleted_version_document, expired_version_document
from chalicelib.api.lifecycle.schemas import DeletedVersionView, ExpiredVersionView, Restore, Restrict, SetRetention
from chalicelib.api.models.schemas import RestrictionView, RetentionView
from chalicelib.api.route import Routes
from chalicelib.api.versions.presenters import version_document
from chalicelib.api.versions.schemas import VersionView
from chalicelib.domain.access.principal import Action
from chalicelib.domain.models.restrictions import Restriction
from chalicelib.domain.models.retention import RetentionRule

routes = Routes("lifecycle")


@routes.put("/v1/models/{model}/freeze", Action.FREEZE, answers={200: RestrictionView})
def freeze_model(call: Call, model: str, body: Restrict) -> Answer:
    """Freeze a model: nothing moves but by rolling back."""
    frozen = registry.lifecycle.restrictions.freeze_model(call.services, call.change(), model, body.reason)
    return changed(frozen, Restriction.document)


@routes.delete("/v1/models/{model}/freeze", Action.FREEZE, answers={204: None})
def unfreeze_model(call: Call, model: str) -> Answer:
    """Lift a model's freeze."""
    return gone(registry.lifecycle.restrictions.unfreeze_model(call.services, call.change(), model))


@routes.put("/v1/models/{model}/versions/{version}/lock", Action.FREEZE, answers={200: RestrictionView})
def lock_version(call: Call, model: str, version: str, body: Restrict) -> Answer:
    """Lock a READY version: nothing about it changes."""
    locked = registry.lifecycle.restrictions.lock_version(call.services, call.change(), model, version, body.reason)
    return changed(locked, Restriction.document)


@routes.delete("/v1/models/{model}/versions/{version}/lock", Action.FREEZE, answers={204: None})
def unlock_version(call: Call, model: str, version: str) -> Answer:
    """Lift a version's lock."""
    return gone(registry.lifecycle.restrictions.unlock_version(call.services, call.change(), model, version))


@routes.put("/v1/models/{model}/versions/{version}/hold", Action.HOLD, answers={200: RestrictionView})
def hold_version(call: Call, model: str, version: str, body: Restrict) -> Answer:
    """Put a version, deleted or not, under legal hold."""
    held = registry.lifecycle.restrictions.hold_version(call.services, call.change(), model, version, body.reason)
    return changed(held, Restriction.document)


@routes.delete("/v1/models/{model}/versions/{version}/hold", Action.HOLD, answers={204: None})
def release_version(call: Call, model: str, version: str) -> Answer:
    """Release a version from legal hold."""
    return gone(registry.lifecycle.restrictions.release_version(call.services, call.change(), model, version))


@routes.get("/v1/models/{model}/deleted-versions", Action.READ, answers={200: PageView[DeletedVersionView]})
def list_deleted_versions(call: Call, model: str, query: Paging) -> Answer:
    """List deleted and expired versions, highest number first, with when their bytes are purged."""
    page = registry.versions.burials.list_buried(call.services, model, query.limit, call.start(query))
    return call.listing(page, deleted_version_document)


@routes.post("/v1/models/{model}/versions/{version}/restore", Action.MANAGE, answers={200: VersionView})
def restore_version(call: Call, model: str, version: str, body: Restore) -> Answer:
    """Restore a deleted version while its bytes still exist."""
    restored = registry.versions.burials.restore_version(call.services, call.change(), model, version, body.reason)
    return changed(restored, version_document, revision_of)


@routes.get("/v1/models/{model}/retention", Action.READ, answers={200: RetentionView})
def get_retention(call: Call, model: str) -> Answer:
    """Show the model's retention rule."""
    return Answer(registry.lifecycle.retention.get_rule(call.services, model).document())


@routes.put("/v1/models/{model}/retention", Action.MANAGE, answers={200: RetentionView})
def set_retention(call: Call, model: str, body: SetRetention) -> Answer:
    """Set or replace the model's retention rule."""
    rule = registry.lifecycle.retention.set_rule(call.services, call.change(), model, body.rule())
    return changed(rule, RetentionRule.document)


@routes.delete("/v1/models/{model}/retention", Action.MANAGE, answers={204: None})
def clear_retention(call: Call, model: str) -> Answer:
    """Remove the model's retention rule."""
    return gone(registry.lifecycle.retention.clear_rule(call.services, call.change(), model))


@routes.get("/v1/models/{model}/retention/preview", Action.READ, answers={200: PageView[ExpiredVersionView]})
def preview_retention(call: Call, model: str, query: Paging) -> Answer:
    """List what the retention rule would delete now. The limit counts the versions examined."""
    page = registry.lifecycle.retention.preview(call.services, model, query.limit, call.start(query))
    return call.listing(page, expired_version_document)
