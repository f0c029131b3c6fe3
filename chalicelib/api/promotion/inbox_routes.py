"""The inbox over HTTP: open transition requests of all models."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call
from chalicelib.api.document import PageView
from chalicelib.api.promotion.presenters import waiting_document
from chalicelib.api.promotion.schemas import ListInbox, WaitingView
from chalicelib.api.route import Routes, Scope
from chalicelib.domain.access.principal import Action

routes = Routes("requests")


@routes.get("/v1/inbox", Action.READ, scope=Scope.LISTED, answers={200: PageView[WaitingView]})
def list_inbox(call: Call, query: ListInbox) -> Answer:
    """List the open transition requests of all models that the caller may read, the next due first."""
    inbox = registry.promotion.inbox
    page = inbox.inbox(call.services, call.principal, inbox.Whose(query.whose), query.limit, call.start(query))
    return call.listing(page, waiting_document)
