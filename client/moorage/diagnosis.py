"""Why a call did not reach the registry or was not understood, in sentences that say what to do."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import httpx

from moorage.ci_token import expires_at
from moorage.errors import UnreachableError
from moorage.login import is_loopback

# Less than this between two clocks has other reasons, such as a slow answer.
_SKEW_SECONDS: Final = 120
# How API Gateway answers for a path that no API has.
_NO_SUCH_PATH: Final = ("Missing Authentication Token", "Not Found")


def unreachable(address: str, error: httpx.TransportError) -> UnreachableError:
    """The error for a call that got no answer from ``address``. A lost connection may work the next time."""
    causes = list(_causes(error))
    certificate = next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        # The attribute is only there if OpenSSL named the reason.
        reason = getattr(certificate, "verify_message", str(certificate))
        return UnreachableError(
            f"The certificate of {address} is not trusted: {reason}. "
            "Check the address. If a proxy of your company answers in its place, set SSL_CERT_FILE to a file with "
            "the certificate of its authority."
        )
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return UnreachableError(f"{address} does not speak TLS as it should: check the address and its port.")
    return UnreachableError(f"{address} does not answer: {_reason(address, error, causes)}", retryable=True)


def not_the_registry(answer: httpx.Response, document: object) -> str | None:
    """A sentence about an answer that does not come from a registry, None if it may.

    ``document`` is the JSON of the answer, None if it is not JSON.
    """
    address = str(answer.url).partition("/v1/")[0]
    where = "check the address, and the stage at its end if it has one"
    if answer.is_redirect:
        return f"{address} redirects to {answer.headers.get('Location')}: {where}."
    if isinstance(document, dict) and "code" not in document and document.get("message") in _NO_SUCH_PATH:
        return f"{address} has no registry at this path: {where}."
    if document is None and answer.status_code < 500 and answer.headers.get("Content-Type", "").startswith("text/html"):
        return f"{address} answered {answer.status_code} with a web page and not as a registry: {where}."
    return None


def notes_on_refused_token(answer: httpx.Response, token: str, now: datetime | None = None) -> Iterator[str]:
    """What this machine knows about why its token was refused."""
    here = now or datetime.now(UTC)
    expiry = expires_at(token)
    if expiry is not None and expiry <= here.timestamp():
        until = datetime.fromtimestamp(expiry, UTC)
        yield f"The token is a JWT that expired at {until:%Y-%m-%d %H:%M} UTC: get a new one."
    skew = clock_skew(answer, here)
    if skew is not None and abs(skew) > _SKEW_SECONDS:
        there = here - timedelta(seconds=skew)
        yield (
            f"The clock of this machine says {here:%Y-%m-%d %H:%M} UTC and that of the registry "
            f"{there:%Y-%m-%d %H:%M} UTC: set this one right, then try again."
        )


def clock_skew(answer: httpx.Response, now: datetime) -> float | None:
    """By how many seconds this machine's clock is ahead of the answer's, None if the answer does not tell."""
    try:
        there = parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError):
        return None
    return (now - there).total_seconds()


def _reason(address: str, error: httpx.TransportError, causes: list[BaseException]) -> str:
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "no host has this name. Check the address for typing errors, and your network or VPN."
    if is_loopback(urlsplit(address).hostname or ""):
        return "nothing listens there. Start the local stack, or check the port."
    if isinstance(error, httpx.TimeoutException):
        return "it took too long. Check your network, VPN or proxy."
    return f"{str(error) or type(error).__name__}. Check the address, and your network or VPN."


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
