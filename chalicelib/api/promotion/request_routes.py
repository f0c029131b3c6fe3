"""Transition requests over HTTP."""

import re
from typing import Final

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, revision_of
from chalicelib.api.document import PageView
from chalicelib.api.promotion.presenters import request_document, request_explanation_document
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
from chalicelib.api.route import Routes
from chalicelib.api.versions.presenters import version_document
from chalicelib.api.versions.schemas import VersionView
from chalicelib.domain.access.principal import Action
from chalicelib.domain.errors import InvalidNameError
from chalicelib.domain.ledger.events import Trigger

routes = Routes("requests")

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@routes.post("/v1/models/{model}/requests", Action.REQUEST, answers={201: RequestView})
def open_request(call: Call, model: str, body: OpenRequest) -> Answer:
    """Ask for a version to be moved to another stage."""
    opened = registry.promotion.requests.open_request(
        call.services, call.change(), model, str(body.version), body.to_stage, body.reason, body.due(), body.reviewers
    )
    return changed(opened, request_document, revision_of, 201)


@routes.get("/v1/models/{model}/requests", Action.READ, answers={200: PageView[RequestView]})
def list_requests(call: Call, model: str, query: ListRequests) -> Answer:
    """List a model's transition requests."""
    if query.state == "open":
        page = registry.promotion.requests.list_open_requests(call.services, model, query.limit, call.start(query))
    else:
        page = registry.promotion.requests.list_requests(call.services, model, query.limit, call.start(query))
    return call.listing(page, request_document)


@routes.get("/v1/models/{model}/requests/{request}", Action.READ, answers={200: RequestView})
def get_request(call: Call, model: str, request: str) -> Answer:
    """Show a transition request."""
    found = registry.promotion.requests.get_request(call.services, model, _number(request))
    return Answer(request_document(found), revision=found.revision)


@routes.get("/v1/models/{model}/requests/{request}/standing", Action.READ, answers={200: RequestExplanationView})
def explain_request(call: Call, model: str, request: str) -> Answer:
    """Judge a request as of now: its gates, which votes count, and everything that holds it up."""
    explanation = registry.promotion.requests.explain_request(call.services, model, _number(request))
    return Answer(request_explanation_document(explanation))


@routes.post("/v1/models/{model}/requests/{request}/approve", Action.APPROVE, answers={200: RequestView})
def approve_request(call: Call, model: str, request: str, body: Approve) -> Answer:
    """Approve a transition request."""
    voted = registry.promotion.requests.vote(call.services, call.change(), model, _number(request), True, body.reason)
    return changed(voted, request_document, revision_of)


@routes.post("/v1/models/{model}/requests/{request}/reject", Action.APPROVE, answers={200: RequestView})
def reject_request(call: Call, model: str, request: str, body: Reject) -> Answer:
    """Reject a transition request."""
    voted = registry.promotion.requests.vote(call.services, call.change(), model, _number(request), False, body.reason)
    return changed(voted, request_document, revision_of)


@routes.post("/v1/models/{model}/requests/{request}/withdraw", Action.REQUEST, answers={200: RequestView})
def withdraw_request(call: Call, model: str, request: str, body: Withdraw) -> Answer:
    """Withdraw a transition request."""
    withdrawn = registry.promotion.requests.withdraw(call.services, call.change(), model, _number(request), body.reason)
    return changed(withdrawn, request_document, revision_of)


@routes.post("/v1/models/{model}/requests/{request}/execute", Action.TRANSITION, answers={200: VersionView})
def execute_request(call: Call, model: str, request: str, body: Execute) -> Answer:
    """Make the move of an approved request."""
    moved = registry.promotion.requests.execute(
        call.services, call.change(), model, _number(request), Trigger.REQUEST, body.reason
    )
    return changed(moved, version_document, revision_of)


def _number(request: str) -> int:
    """The number of a request from its path. Raises InvalidNameError."""
    if not _NUMBER.fullmatch(request):
        raise InvalidNameError(f"{request!r} is not the number of a transition request.")
    return int(request)
