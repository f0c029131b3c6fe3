"""The audit trail over HTTP: events of a model or of the registry, and verification of their chain."""

from chalicelib import registry
from chalicelib.api.audit.presenters import (
    anchor_document,
    anchor_link_document,
    file_bytes_document,
    ledger_document,
    stored_document,
    told_document,
    verification_document,
)
from chalicelib.api.audit.schemas import (
    AnchorLinkView,
    AnchorView,
    EventView,
    FileBytesView,
    LedgerView,
    ListEvents,
    StoredView,
    VerificationView,
    VerifyEvents,
)
from chalicelib.api.call import Answer, Call
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, model_ledger

routes = Routes("audit")


@routes.get("/v1/models/{model}/events", Action.READ, answers={200: PageView[EventView]})
def list_model_events(call: Call, model: str, query: ListEvents) -> Answer:
    """List a model's events, also those of a deleted model."""
    page = registry.audit.audit.list_events(
        call.services, model_ledger(model), query.order, query.limit, call.start(query)
    )
    return call.listing(page, dict)


@routes.get("/v1/models/{model}/events/verify", Action.READ, answers={200: VerificationView})
def verify_model_events(call: Call, model: str, query: VerifyEvents) -> Answer:
    """Check up to 500 events of a model's chain."""
    return _verified(call, model_ledger(model), query)


@routes.get("/v1/events", Action.AUDIT, answers={200: PageView[EventView]})
def list_registry_events(call: Call, query: ListEvents) -> Answer:
    """List the registry's own events: tokens and webhooks."""
    page = registry.audit.audit.list_events(call.services, REGISTRY_LEDGER, query.order, query.limit, call.start(query))
    return call.listing(page, dict)


@routes.get("/v1/events/verify", Action.AUDIT, answers={200: VerificationView})
def verify_registry_events(call: Call, query: VerifyEvents) -> Answer:
    """Check up to 500 events of the registry's own chain."""
    return _verified(call, REGISTRY_LEDGER, query)


@routes.get("/v1/models/{model}/state", Action.READ, answers={200: PageView[StoredView]})
def list_model_state(call: Call, model: str, query: Paging) -> Answer:
    """List what is stored of a model, also of a deleted one, to compare it with what its events tell."""
    page = registry.audit.state.list_state(call.services, model_ledger(model), query.limit, call.start(query))
    return call.listing(page, stored_document)


@routes.get("/v1/models/{model}/versions/{version}/bytes", Action.READ, answers={200: PageView[FileBytesView]})
def check_bytes(call: Call, model: str, version: str, query: Paging) -> Answer:
    """Compare what S3 says of a version's objects with the version's manifest."""
    number = registry.versions.versions.resolve(call.services, model, registry.versions.versions.parse_ref(version))
    page = registry.audit.stored_bytes.check_bytes(call.services, model, number, query.limit, call.start(query))
    return call.listing(page, file_bytes_document)


@routes.get("/v1/audit/state", Action.AUDIT, answers={200: PageView[StoredView]})
def list_registry_state(call: Call, query: Paging) -> Answer:
    """List what is stored of the registry itself: tokens, roles, grants, trusts, webhooks, schemes."""
    page = registry.audit.state.list_state(call.services, REGISTRY_LEDGER, query.limit, call.start(query))
    return call.listing(page, stored_document)


@routes.get("/v1/audit/ledgers", Action.AUDIT, answers={200: PageView[LedgerView]})
def list_ledgers(call: Call, query: Paging) -> Answer:
    """List all ledgers with their heads: the registry's own and every model's, also deleted ones."""
    page = registry.audit.ledgers.list_ledgers(call.services, query.limit, call.start(query))
    return call.listing(page, ledger_document)


@routes.get("/v1/audit/anchors", Action.AUDIT, answers={200: PageView[AnchorView]})
def list_anchors(call: Call, query: Paging) -> Answer:
    """List the anchors, oldest first."""
    page = registry.audit.anchors.list_anchors(call.services, query.limit, call.start(query))
    return call.listing(page, anchor_document)


@routes.get("/v1/audit/anchors/{anchor}", Action.AUDIT, answers={200: AnchorLinkView})
def get_anchor(call: Call, anchor: str) -> Answer:
    """Get a URL that serves an anchor's bytes for an hour."""
    return Answer(anchor_link_document(registry.audit.anchors.anchor_link(call.services, anchor)), secret=True)


def _verified(call: Call, ledger: str, query: VerifyEvents) -> Answer:
    if query.state:
        return Answer(told_document(*registry.audit.state.read_facts(call.services, ledger, query.after)))
    return Answer(verification_document(registry.audit.audit.verify(call.services, ledger, query.after)))
