"""Everybody's sessions, for administrators."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, gone
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.api.sessions.presenters import session_document
from chalicelib.api.sessions.schemas import SessionView
from chalicelib.domain.access.principal import Action

routes = Routes("sessions")


@routes.get("/v1/sessions", Action.ADMINISTER, answers={200: PageView[SessionView]})
def list_sessions(call: Call, query: Paging) -> Answer:
    """List who is signed in to the web interface. Sessions of one principal come together."""
    page = registry.sessions.sessions.list_sessions(call.services, query.limit, call.start(query))
    return call.listing(page, session_document)


@routes.delete("/v1/sessions/{session}", Action.ADMINISTER, answers={204: None})
def end_session(call: Call, session: str) -> Answer:
    """End somebody's session."""
    return gone(registry.sessions.sessions.end_session(call.services, call.change(), session))
