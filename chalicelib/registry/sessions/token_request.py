"""Exchanging a code for an ID token at the issuer's token endpoint, from server to server."""

import base64
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from chalicelib.aws.cipher import UnreadableError
from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.outbound import OutboundFailedError, OutboundRefusedError
from chalicelib.domain.access.sign_in import SignIn
from chalicelib.domain.access.trust import Oidc, Trust
from chalicelib.domain.errors import IssuerUnavailableError, SignInRefusedError
from chalicelib.registry.access import client_secrets, discovery

_DEADLINE_SECONDS: Final = 8.0
_MAX_ANSWER: Final = 64 * 1024
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


def ask_for_id_token(
    services: Services,
    trust: Trust,
    endpoint: str,
    document: dict[str, Any],
    code: str,
    redirect_uri: str,
    verifier: str,
) -> str:
    """The ID token for a code. Raises SignInRefusedError, IssuerUnavailableError."""
    terms = trust.terms
    if not isinstance(terms, Oidc) or terms.sign_in is None:
        raise TypeError(f"nobody signs in by the trust {trust.name}")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    headers = dict(_FORM)
    try:
        secret = client_secrets.opened(services, trust.name, terms.sign_in)
        _identify(terms.sign_in, secret, document, form, headers)
        status, body = discovery.outbound(services).send(
            endpoint, headers, urlencode(form).encode(), _DEADLINE_SECONDS, _MAX_ANSWER
        )
        if status in (400, 401, 403):
            raise SignInRefusedError("The issuer did not accept the sign-in.", "code_refused", issuer=terms.issuer)
        answer = discovery.json_object(body)
        id_token = answer.get("id_token")
        if status != 200 or not isinstance(id_token, str):
            raise discovery.UnusableIssuerError(f"its token endpoint answered {status} without an id_token")
    except (OutboundRefusedError, OutboundFailedError, discovery.UnusableIssuerError, UnreadableError) as error:
        log_line("issuer_unavailable", issuer=terms.issuer, reason=str(error))
        raise IssuerUnavailableError("The issuer does not answer as it should. Try again.") from error
    return id_token


def _identify(
    sign_in: SignIn, secret: str, document: dict[str, Any], form: dict[str, str], headers: dict[str, str]
) -> None:
    """Say which client asks, and prove it in the way that the issuer takes (RFC 6749, section 2.3.1)."""
    methods = document.get("token_endpoint_auth_methods_supported")
    basic = not isinstance(methods, list) or "client_secret_basic" in methods
    if secret and basic:
        pair = f"{quote_plus(sign_in.client_id)}:{quote_plus(secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        return
    form["client_id"] = sign_in.client_id
    if secret:
        form["client_secret"] = secret
