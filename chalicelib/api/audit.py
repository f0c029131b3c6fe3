"""The audit trail over HTTP: events of a model or of the registry, and the check of their chain."""

from chalicelib.api import present
from chalicelib.api.call import Answer, Call
from chalicelib.api.route import Routes
from chalicelib.api.schemas.audit import EventView, ListEvents, VerificationView, VerifyEvents
from chalicelib.api.schemas.document import PageView
from chalicelib.domain.access import Action
from chalicelib.domain.events import REGISTRY_LEDGER, model_ledger
from chalicelib.registry import audit

routes = Routes(__name__)


@routes.get("/v1/models/{model}/events", Action.READ, answers={200: PageView[EventView]})
def list_model_events(call: Call, model: str, query: ListEvents) -> Answer:
    """List a model's events; a deleted model's too."""
    page = audit.list_events(call.services, model_ledger(model), query.order, query.limit, call.start(query))
    return call.listing(page, dict)


@routes.get("/v1/models/{model}/events/verify", Action.READ, answers={200: VerificationView})
def verify_model_events(call: Call, model: str, query: VerifyEvents) -> Answer:
    """Check up to 500 events of a model's chain."""
    return Answer(present.verification(audit.verify(call.services, model_ledger(model), query.after)))


@routes.get("/v1/events", Action.AUDIT, answers={200: PageView[EventView]})
def list_registry_events(call: Call, query: ListEvents) -> Answer:
    """List the registry's own events: tokens and webhooks."""
    page = audit.list_events(call.services, REGISTRY_LEDGER, query.order, query.limit, call.start(query))
    return call.listing(page, dict)


@routes.get("/v1/events/verify", Action.AUDIT, answers={200: VerificationView})
def verify_registry_events(call: Call, query: VerifyEvents) -> Answer:
    """Check up to 500 events of the registry's own chain."""
    return Answer(present.verification(audit.verify(call.services, REGISTRY_LEDGER, query.after)))
