"""What a browser sends with a request to sign in or out: its cookies, and the proof that our own page sent it.

Only the routes under ``/auth`` look at this. A request to ``/v1`` counts by its ``Authorization`` header alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from chalice.app import Request

from chalicelib.api import arrival, reading
from chalicelib.domain.errors import CrossSiteRequestError, UnsupportedMediaTypeError

SESSION_COOKIE: Final = "__Host-moorage"
# What the server must know again when the browser comes back from an issuer.
SIGN_IN_COOKIE: Final = "__Host-moorage-sign-in"
_MAX_COOKIES: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Browser:
    """``base_url`` is where the browser reaches this registry, without a slash at the end."""

    cookies: Mapping[str, str]
    base_url: str
    address: str

    @property
    def session(self) -> str | None:
        """The value of the session's cookie."""
        return self.cookies.get(SESSION_COOKIE)

    @property
    def base_path(self) -> str:
        """The path of ``base_url``: empty on a domain of one's own, such as ``/api`` on API Gateway's."""
        return urlsplit(self.base_url).path


def arriving(request: Request, method: str, route: str) -> Browser:
    """The browser of a request. One that changes something must come from a page of our own.

    Raises CrossSiteRequestError, UnsupportedMediaTypeError.
    """
    base_url = arrival.base_url(route, request)
    if method != "GET":
        _check_our_page(request.headers, base_url)
    identity = request.context.get("identity") or {}
    return Browser(_cookies(request.headers.get("cookie", "")), base_url, str(identity.get("sourceIp", "")))


def cookie(name: str, value: str, max_age: int, same_site: str) -> str:
    """A ``Set-Cookie`` for this host only, over TLS only, which no script can read."""
    return f"{name}={value}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite={same_site}"


def _check_our_page(headers: Mapping[str, str], base_url: str) -> None:
    if (headers.get("content-type") or "").partition(";")[0].strip().lower() != reading.JSON_TYPE:
        raise UnsupportedMediaTypeError(f"Send Content-Type: {reading.JSON_TYPE}, also without a body.")
    # Browsers write both headers themselves; no script can set them. Older browsers send only Origin.
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    ours = site == "same-origin" if site is not None else origin is not None and _origin(base_url) == origin
    if not ours:
        raise CrossSiteRequestError("Only a page of this registry may send this request.")


def _origin(base_url: str) -> str:
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _cookies(header: str) -> dict[str, str]:
    """The cookies of a request, by name. The first of a name counts, as browsers send the most specific one first."""
    cookies: dict[str, str] = {}
    if len(header) > _MAX_COOKIES:
        return cookies
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        cookies.setdefault(name, value)
    return cookies
