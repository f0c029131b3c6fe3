"""Signing in at an OIDC issuer: the authorization code flow with PKCE, done by the server.

OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE, S256); RFC 9207 (the answer's issuer). What the server must know
again when the browser comes back is kept by the browser, encrypted, in a cookie for ten minutes.
"""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode

from chalicelib.aws.cipher import Cipher, UnreadableError
from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.outbound import OutboundFailedError, OutboundRefusedError
from chalicelib.domain.access.trust import Oidc, Trust
from chalicelib.domain.errors import (
    CredentialsRefusedError,
    IssuerUnavailableError,
    SessionEndedError,
    SignInExpiredError,
    SignInRefusedError,
    TrustNotFoundError,
)
from chalicelib.domain.instants import Instant, later
from chalicelib.domain.sessions.id_token import judge_id_token, kept_claims, sign_in_terms
from chalicelib.domain.sessions.return_path import return_path
from chalicelib.domain.sessions.session import SIGN_IN_WITHIN, TrustCredential
from chalicelib.registry.access import discovery
from chalicelib.registry.access.effective import of_claims
from chalicelib.registry.access.oidc import verified_claims
from chalicelib.registry.access.trusts import get_trust
from chalicelib.registry.sessions.sessions import end_session_of_browser, open_session, session_of_cookie
from chalicelib.registry.sessions.token_request import ask_for_id_token

_NOT_ACCEPTED: Final = "The issuer's ID token is not accepted."
_CONTEXT: Final = b"moorage sign-in v1"
_DISCOVERY_SECONDS: Final = 300.0
_ASK_AGAIN_SECONDS: Final = 30.0
_UNAVAILABLE: Final = "The issuer does not answer as it should. Try again."
_SCOPES: Final = ("email", "groups", "profile")


@dataclass(frozen=True, slots=True)
class State:
    """What the server must know again when the browser comes back from the issuer."""

    trust: str
    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    return_to: str
    old_session: str | None
    until: Instant


@dataclass(frozen=True, slots=True)
class Started:
    """Where the browser goes, and what it keeps until it comes back."""

    url: str
    cookie: str


@dataclass(frozen=True, slots=True)
class CameBack:
    """What the issuer let the browser bring, and what the browser had kept. Without a code, the issuer refused."""

    kept: str | None
    state: str
    code: str | None
    issuer: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The cookie of the new session, and where the interface goes on."""

    cookie: str
    return_to: str


def start(
    services: Services, trust_name: str, redirect_uri: str, return_to: str, old_cookie: str | None = None
) -> Started:
    """Begin to sign in by a trust. The session of ``old_cookie`` ends when the new one is opened.

    Raises InvalidInputError, TrustNotFoundError, IssuerUnavailableError.
    """
    goal = return_path(return_to)
    _, terms = _signing_in(services, trust_name)
    document = _discovered(services, terms.issuer)
    state = State(
        trust_name,
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(48),
        redirect_uri,
        goal,
        _id_of(services, old_cookie),
        later(services.clock(), SIGN_IN_WITHIN),
    )
    asked = {
        "response_type": "code",
        "client_id": terms.audience,
        "redirect_uri": redirect_uri,
        "scope": _scope(document),
        "state": state.state,
        "nonce": state.nonce,
        "code_challenge": _challenge(state.verifier),
        "code_challenge_method": "S256",
    }
    address = _address(document, "authorization_endpoint", terms.issuer)
    url = f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"
    return Started(url, Cipher(services.signing_key(), _CONTEXT).encrypted(json.dumps(asdict(state)), "browser"))


def finish(services: Services, trust_name: str, back: CameBack, request_id: str) -> SignedIn:
    """Open a session for whoever comes back from the issuer.

    Raises SignInExpiredError, SignInRefusedError, IssuerUnavailableError, TrustNotFoundError, QuotaExceededError.
    """
    state = _opened(services, back.kept)
    if state.trust != trust_name or not hmac.compare_digest(state.state.encode(), back.state.encode()):
        raise SignInExpiredError("This is not the answer to the sign-in that this browser began. Begin again.")
    trust, terms = _signing_in(services, trust_name)
    if back.issuer is not None and back.issuer != terms.issuer:
        raise SignInRefusedError("The answer comes from another issuer.", "wrong_issuer", issuer=terms.issuer)
    if back.code is None:
        # The issuer's own words are not repeated: anybody could have written them into the URL.
        raise SignInRefusedError("The issuer did not let you sign in.", "issuer_refused", issuer=terms.issuer)
    document = _discovered(services, terms.issuer)
    endpoint = _address(document, "token_endpoint", terms.issuer)
    id_token = ask_for_id_token(services, trust, endpoint, document, back.code, state.redirect_uri, state.verifier)
    algorithm, claims = _accepted(services, id_token, terms, state.nonce)
    principal = of_claims(services, trust, claims)
    if state.old_session is not None:
        end_session_of_browser(services, state.old_session)
    opened = open_session(services, principal, TrustCredential(trust_name, algorithm, kept_claims(terms, claims)))
    log_line("signed_in", principal=principal.name, session=opened.session.id, trust=trust_name, request_id=request_id)
    return SignedIn(opened.cookie, state.return_to)


def _id_of(services: Services, cookie: str | None) -> str | None:
    """The session that a browser has now. It does not show it when the issuer sends it back: its cookie is strict."""
    try:
        return session_of_cookie(services, cookie).id
    except SessionEndedError:
        return None


def _accepted(services: Services, id_token: str, terms: Oidc, nonce: str) -> tuple[str, dict[str, Any]]:
    """The algorithm and the claims of an ID token, once it is accepted. Raises SignInRefusedError."""
    try:
        algorithm, claims = verified_claims(services, id_token, terms)
    except CredentialsRefusedError as error:
        raise SignInRefusedError(_NOT_ACCEPTED, error.reason, **error.about) from error
    refusal = judge_id_token(terms, algorithm, claims, nonce, services.clock())
    if refusal is not None:
        raise SignInRefusedError(_NOT_ACCEPTED, refusal.reason, issuer=terms.issuer)
    return algorithm, claims


def _signing_in(services: Services, trust_name: str) -> tuple[Trust, Oidc]:
    """A trust by which people sign in, and its terms for ID tokens. Raises TrustNotFoundError."""
    # Not as this process last read all trusts: what was trusted a moment ago can be used at once.
    trust = get_trust(services, trust_name)
    terms = sign_in_terms(trust)
    if terms is None:
        raise TrustNotFoundError(f"Nobody can sign in by a trust {trust_name!r}.")
    return trust, terms


def _opened(services: Services, kept: str | None) -> State:
    """Raises SignInExpiredError."""
    expired = SignInExpiredError("The sign-in took too long, or was begun in another browser. Begin again.")
    if kept is None:
        raise expired
    try:
        state = State(**json.loads(Cipher(services.signing_key(), _CONTEXT).decrypted(kept, "browser")))
    except UnreadableError as error:
        raise expired from error
    if services.clock() >= state.until:
        raise expired
    return state


def _discovered(services: Services, issuer: str) -> dict[str, Any]:
    """The issuer's discovery document, remembered for five minutes. Raises IssuerUnavailableError.

    Anybody may begin to sign in. So an issuer that does not answer is asked at most every thirty seconds.
    """

    def ask() -> dict[str, Any] | None:
        try:
            return discovery.discovered(discovery.outbound(services), issuer)
        except (OutboundRefusedError, OutboundFailedError, discovery.UnusableIssuerError) as error:
            log_line("issuer_unavailable", issuer=issuer, reason=str(error))
            return None

    known = ("discovery", issuer)
    document = services.remember(known, ask, _DISCOVERY_SECONDS) or services.remember(known, ask, _ASK_AGAIN_SECONDS)
    if document is None:
        raise IssuerUnavailableError(_UNAVAILABLE)
    return document


def _address(document: dict[str, Any], name: str, issuer: str) -> str:
    try:
        return discovery.address(document, name, issuer)
    except discovery.UnusableIssuerError as error:
        log_line("issuer_unavailable", issuer=issuer, reason=str(error))
        raise IssuerUnavailableError(_UNAVAILABLE) from error


def _scope(document: dict[str, Any]) -> str:
    """``openid``, and what commonly brings the claims that the terms look at, if the issuer has it."""
    offered = document.get("scopes_supported")
    wanted = [scope for scope in _SCOPES if isinstance(offered, list) and scope in offered]
    return " ".join(["openid", *wanted])


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
