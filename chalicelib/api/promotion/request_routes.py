"""Transition requests over HTTP."""

from chalicelib import registry
from chalicelib.api import present
from chalicelib.api import present_governance as shown
from chalicelib.api.call import Answer, Call, changed
from chalicelib.api.document import PageView
from chalicelib.api.promotion.schemas import (
    Approve,
    Execute,
    ListRequests,
    OpenRequest,
    Reject,
    RequestExplanationView,
    RequestView,
    Withdraw,
)
from chalicelib.api.reading import request_number
from chalicelib.api.route import Routes
from chalicelib.api.versions.schemas import VersionView
from chalicelib.domain.access.principal import Action
from chalicelib.domain.ledger.events import Trigger

routes = Routes("requests")


@routes.post("/v1/models/{model}/requests", Action.REQUEST, answers={201: RequestView})
def open_request(call: Call, model: str, body: OpenRequest) -> Answer:
    """Ask for a version to be moved to another stage."""
    opened = registry.promotion.requests.open_request(
        call.services, call.change(), model, str(body.version), body.to_stage, body.reason, body.due(), body.reviewers
    )
    return changed(opened, shown.request, shown.request_revision, 201)


@routes.get("/v1/models/{model}/requests", Action.READ, answers={200: PageView[RequestView]})
def list_requests(call: Call, model: str, query: ListRequests) -> Answer:
    """List a model's transition requests."""
    if query.state == "open":
        return call.listing(
            registry.page.Page(registry.promotion.requests.open_requests(call.services, model)), shown.request
        )
    page = registry.promotion.requests.list_requests(call.services, model, query.limit, call.start(query))
    return call.listing(page, shown.request)


@routes.get("/v1/models/{model}/requests/{request}", Action.READ, answers={200: RequestView})
def get_request(call: Call, model: str, request: str) -> Answer:
    """Show a transition request."""
    found = registry.promotion.requests.get_request(call.services, model, request_number(request))
    return Answer(shown.request(found), revision=found.revision)


@routes.get("/v1/models/{model}/requests/{request}/standing", Action.READ, answers={200: RequestExplanationView})
def explain_request(call: Call, model: str, request: str) -> Answer:
    """Judge a request as of now: its gates, which votes count, and everything that holds it up."""
    return Answer(
        shown.request_standing(
            registry.promotion.requests.explain_request(call.services, model, request_number(request))
        )
    )


@routes.post("/v1/models/{model}/requests/{request}/approve", Action.APPROVE, answers={200: RequestView})
def approve_request(call: Call, model: str, request: str, body: Approve) -> Answer:
    """Approve a transition request."""
    voted = registry.promotion.requests.vote(
        call.services, call.change(), model, request_number(request), True, body.reason
    )
    return changed(voted, shown.request, shown.request_revision)


@routes.post("/v1/models/{model}/requests/{request}/reject", Action.APPROVE, answers={200: RequestView})
def reject_request(call: Call, model: str, request: str, body: Reject) -> Answer:
    """Reject a transition request."""
    voted = registry.promotion.requests.vote(
        call.services, call.change(), model, request_number(request), False, body.reason
    )
    return changed(voted, shown.request, shown.request_revision)


@routes.post("/v1/models/{model}/requests/{request}/withdraw", Action.REQUEST, answers={200: RequestView})
def withdraw_request(call: Call, model: str, request: str, body: Withdraw) -> Answer:
    """Take a transition request back."""
    withdrawn = registry.promotion.requests.withdraw(
        call.services, call.change(), model, request_number(request), body.reason
    )
    return changed(withdrawn, shown.request, shown.request_revision)


@routes.post("/v1/models/{model}/requests/{request}/execute", Action.TRANSITION, answers={200: VersionView})
def execute_request(call: Call, model: str, request: str, body: Execute) -> Answer:
    """Make the move of an approved request."""
    number = request_number(request)
    moved = registry.promotion.requests.execute(
        call.services, call.change(), model, number, Trigger.REQUEST, body.reason
    )
    return changed(moved, present.version, present.version_revision)
