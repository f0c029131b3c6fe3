"""What an OIDC issuer publishes about itself: its discovery document, and the documents that this one names.

OpenID Connect Discovery 1.0. All requests follow the stack's outbound policy.
"""

import json
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.outbound import Outbound
from chalicelib.domain.webhooks.outbound_policy import OutboundPolicy

DEADLINE_SECONDS: Final = 5.0
MAX_DOCUMENT: Final = 128 * 1024


class UnusableIssuerError(Exception):
    """The issuer answers, but not as OIDC requires."""


def outbound(services: Services) -> Outbound:
    return Outbound(OutboundPolicy.parse(services.settings.outbound_allow))


def discovered(outbound: Outbound, issuer: str) -> dict[str, Any]:
    """The discovery document of an issuer.

    Raises UnusableIssuerError, OutboundRefusedError, OutboundFailedError.
    """
    document = json_document(outbound, f"{issuer.removesuffix('/')}/.well-known/openid-configuration")
    if document.get("issuer") != issuer:
        raise UnusableIssuerError("its discovery document names another issuer")
    return document


def address(document: dict[str, Any], name: str, issuer: str) -> str:
    """A URL that the discovery document names. Raises UnusableIssuerError unless it is safe to use."""
    given = document.get(name)
    if not isinstance(given, str) or not _same_host_or_https(given, issuer):
        raise UnusableIssuerError(f"its {name} is neither on its own host nor https")
    return given


def json_document(outbound: Outbound, url: str) -> dict[str, Any]:
    """Raises UnusableIssuerError, OutboundRefusedError, OutboundFailedError."""
    try:
        body = outbound.get(url, DEADLINE_SECONDS, MAX_DOCUMENT)
    except ValueError as error:
        # For example a port out of range, or a path that is not ASCII.
        raise UnusableIssuerError("it names a URL that cannot be requested") from error
    return json_object(body)


def json_object(body: bytes) -> dict[str, Any]:
    """Raises UnusableIssuerError."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnusableIssuerError("it answered with something other than JSON") from error
    if not isinstance(document, dict):
        raise UnusableIssuerError("it answered with something other than a JSON object")
    return document


def _same_host_or_https(address: str, issuer: str) -> bool:
    if not address.isascii() or not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" or parts.netloc == urlsplit(issuer).netloc
    except ValueError:
        return False
