"""Signing in and out of the web interface, and the browser's own sessions.

These are the only routes that look at cookies. API Gateway lets everybody through to them.
"""

from dataclasses import replace

from chalicelib import registry
from chalicelib.api.browser import SESSION_COOKIE, Browser, cookie
from chalicelib.api.call import Answer, Call
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes, Scope
from chalicelib.api.sessions.presenters import access_document, own_session_document
from chalicelib.api.sessions.schemas import AccessView, MethodsView, OwnSessionView, SignInWithToken
from chalicelib.aws.log import log_line
from chalicelib.aws.names import AUTHENTICATION_FAILED
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.domain.sessions.session import LONGEST

routes = Routes("sign-in")


@routes.get("/auth/methods", scope=Scope.PUBLIC, answers={200: MethodsView})
def get_sign_in_methods(call: Call) -> Answer:
    """List how people can sign in to the web interface."""
    issuers = registry.sessions.sign_in.issuers(call.services)
    offered = [{"trust": one.trust, "label": one.label} for one in issuers]
    return Answer({"token": True, "oidc": offered}, headers={"Cache-Control": "no-cache"})


@routes.post("/auth/token", scope=Scope.PUBLIC, answers={201: AccessView})
def sign_in_with_token(call: Call, body: SignInWithToken, browser: Browser) -> Answer:
    """Sign in with a registry token. Sets the session's cookie."""
    try:
        granted, value = registry.sessions.sign_in.sign_in_with_token(
            call.services, body.token, browser.session, call.request_id
        )
    except CredentialsRefusedError as error:
        log_refusal(call, browser, error)
        raise
    return Answer(access_document(granted), 201, secret=True, headers={"Set-Cookie": session_cookie(value)})


@routes.post("/auth/session", scope=Scope.PUBLIC, answers={200: AccessView})
def use_session(call: Call, browser: Browser) -> Answer:
    """Exchange the session's cookie for an access token."""
    granted = registry.sessions.sessions.use_session(call.services, browser.session)
    return Answer(access_document(granted), secret=True)


@routes.get("/auth/sessions", scope=Scope.PUBLIC, answers={200: PageView[OwnSessionView]})
def list_own_sessions(call: Call, query: Paging, browser: Browser) -> Answer:
    """List the caller's own sessions, newest first."""
    current = registry.sessions.sessions.session_of_cookie(call.services, browser.session)
    page = registry.sessions.sessions.list_own(call.services, current.principal, query.limit, call.start(query))
    listed = call.listing(page, lambda session: own_session_document(session, current))
    return replace(listed, secret=True)


@routes.delete("/auth/sessions/{session}", scope=Scope.PUBLIC, answers={204: None})
def end_own_session(call: Call, session: str, browser: Browser) -> Answer:
    """End one of the caller's own sessions, such as that of another machine."""
    registry.sessions.sessions.end_another_of_own(call.services, browser.session, session)
    return Answer(status=204, secret=True)


@routes.delete("/auth/session", scope=Scope.PUBLIC, answers={204: None})
def sign_out(call: Call, browser: Browser) -> Answer:
    """End the browser's session and clear its cookie."""
    registry.sessions.sessions.end_own(call.services, browser.session)
    return Answer(status=204, secret=True, headers={"Set-Cookie": cookie(SESSION_COOKIE, "", 0, "Strict")})


def log_refusal(call: Call, browser: Browser, error: CredentialsRefusedError) -> None:
    """Write the line of a refused credential, which an alarm counts."""
    log_line(AUTHENTICATION_FAILED, reason=error.reason, request_id=call.request_id, ip=browser.address, **error.about)


def session_cookie(value: str) -> str:
    return cookie(SESSION_COOKIE, value, int(LONGEST.total_seconds()), "Strict")
