"""Signing in to the web interface at an OIDC issuer: there, and back again.

A person follows these links, so what goes wrong is shown by the interface's own page, with the error's code. The
browser is never sent anywhere but to the issuer's address and to the interface.
"""

from urllib.parse import urlencode

from pydantic import ConfigDict, Field

from chalicelib import registry
from chalicelib.api.browser import SIGN_IN_COOKIE, Browser, cookie
from chalicelib.api.call import Answer, Call
from chalicelib.api.document import Query
from chalicelib.api.route import Routes, Scope
from chalicelib.api.sessions.auth_routes import log_refusal, session_cookie
from chalicelib.domain.errors import CredentialsRefusedError, RegistryError
from chalicelib.domain.sessions.return_path import HOME
from chalicelib.domain.sessions.session import SIGN_IN_WITHIN

routes = Routes("sign-in")


class StartQuery(Query):
    return_to: str = Field(
        HOME, max_length=2_048, description="Where the interface goes on: a path of its own, below /ui/."
    )


class CallbackQuery(Query):
    """What the issuer lets the browser bring. Issuers add parameters of their own, which are ignored."""

    model_config = ConfigDict(extra="ignore")

    code: str | None = Field(None, min_length=1, max_length=4_096)
    state: str = Field("", max_length=256)
    error: str | None = Field(None, max_length=256)
    iss: str | None = Field(None, max_length=512)


@routes.get("/auth/oidc/{trust}/start", scope=Scope.PUBLIC, answers={302: None})
def start_sign_in(call: Call, trust: str, query: StartQuery, browser: Browser) -> Answer:
    """Send the browser to the issuer to sign in."""
    try:
        started = registry.sessions.code_flow.start(
            call.services, trust, f"{browser.base_url}/auth/oidc/{trust}/callback", query.return_to
        )
    except RegistryError as error:
        return _failed(browser, error)
    # Lax, because the issuer's page sends the browser back.
    kept = cookie(SIGN_IN_COOKIE, started.cookie, int(SIGN_IN_WITHIN.total_seconds()), "Lax")
    return Answer(status=302, secret=True, headers={"Location": started.url, "Set-Cookie": kept})


@routes.get("/auth/oidc/{trust}/callback", scope=Scope.PUBLIC, answers={302: None})
def finish_sign_in(call: Call, trust: str, query: CallbackQuery, browser: Browser) -> Answer:
    """Take the browser back from the issuer, and open a session."""
    back = registry.sessions.code_flow.CameBack(
        kept=browser.cookies.get(SIGN_IN_COOKIE),
        old_session=browser.session,
        state=query.state,
        code=None if query.error is not None else query.code,
        issuer=query.iss,
    )
    try:
        signed_in = registry.sessions.code_flow.finish(call.services, trust, back, call.request_id)
    except RegistryError as error:
        if isinstance(error, CredentialsRefusedError):
            log_refusal(call, browser, error)
        return _failed(browser, error)
    cookies = [session_cookie(signed_in.cookie), _forgotten()]
    return Answer(
        status=302,
        secret=True,
        headers={"Location": browser.base_path + signed_in.return_to, "Set-Cookie": cookies},
    )


def _failed(browser: Browser, error: RegistryError) -> Answer:
    """Back to the page for signing in, which says what the code means."""
    where = f"{browser.base_path}{HOME}sign-in?{urlencode({'error': error.code})}"
    return Answer(status=302, secret=True, headers={"Location": where, "Set-Cookie": _forgotten()})


def _forgotten() -> str:
    """What was kept for coming back is good for one time."""
    return cookie(SIGN_IN_COOKIE, "", 0, "Lax")
