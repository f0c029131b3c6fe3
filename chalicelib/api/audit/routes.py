"""The audit trail over HTTP: events of a model or of the registry, and verification of their chain."""

from chalicelib import registry
from chalicelib.api.audit.presenters import (
    anchor_document,
    anchor_link_document,
    ledger_document,
    verification_document,
)
from chalicelib.api.audit.schemas import (
    AnchorLinkView,
    AnchorView,
    EventView,
    LedgerView,
    ListEvents,
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
    return Answer(verification_document(registry.audit.audit.verify(call.services, model_ledger(model), query.after)))


@routes.get("/v1/events", Action.AUDIT, answers={200: PageView[EventView]})
def list_registry_events(call: Call, query: ListEvents) -> Answer:
    """List the registry's own events: tokens and webhooks."""
    page = registry.audit.audit.list_events(call.services, REGISTRY_LEDGER, query.order, query.limit, call.start(query))
    return call.listing(page, dict)


@routes.get("/v1/events/verify", Action.AUDIT, answers={200: VerificationView})
def verify_registry_events(call: Call, query: VerifyEvents) -> Answer:
    """Check up to 500 events of the registry's own chain."""
    return Answer(verification_document(registry.audit.audit.verify(call.services, REGISTRY_LEDGER, query.after)))


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
