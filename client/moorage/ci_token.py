"""The OIDC token of the pipeline that this runs in, fetched again before it expires.

It is shown to the registry as it is: a trust says what whoever has it may do. Found, in this order: in
``MOORAGE_TOKEN`` (GitLab's ``id_tokens``); in the file that ``MOORAGE_TOKEN_FILE`` names, whoever writes it renewing
it; by asking GitHub Actions, which takes ``permissions: id-token: write``.
"""

import base64
import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx

from moorage.errors import NotConfiguredError, UnauthenticatedError
from moorage.login import TOKEN_FILE_VARIABLE, TOKEN_VARIABLE, read_token
from moorage.retry import RetryableError, RetryPolicy

AUDIENCE_VARIABLE: Final = "MOORAGE_OIDC_AUDIENCE"
DEFAULT_AUDIENCE: Final = "moorage"
_GITHUB_URL: Final = "ACTIONS_ID_TOKEN_REQUEST_URL"
_GITHUB_TOKEN: Final = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
# A token is replaced this long before it expires, so that none expires on its way.
MARGIN_SECONDS: Final = 60.0
_TIMEOUT: Final = httpx.Timeout(10.0)


class CiToken:
    """The pipeline's token at any time. Threads may share it."""

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        *,
        now: Callable[[], float] = time.time,
        retry: RetryPolicy | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._environment = os.environ if environment is None else environment
        self._now = now
        self._retry = retry or RetryPolicy()
        self._transport = transport
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = float("-inf")

    def current(self) -> str:
        """A token that is good for a minute yet. Raises NotConfiguredError, UnauthenticatedError."""
        with self._lock:
            if self._now() >= self._good_until:
                self._token = self._fetch()
                expiry = expires_at(self._token)
                # A token that does not say when it expires is asked for each time.
                self._good_until = float("-inf") if expiry is None else expiry - MARGIN_SECONDS
            return self._token

    def _fetch(self) -> str:
        variables = self._environment
        if variables.get(TOKEN_VARIABLE):
            return self._of_variable(variables[TOKEN_VARIABLE])
        if variables.get(TOKEN_FILE_VARIABLE):
            return read_token(Path(variables[TOKEN_FILE_VARIABLE]))
        if variables.get(_GITHUB_URL) and variables.get(_GITHUB_TOKEN):
            return self._retry.run(lambda: self._of_github(variables[_GITHUB_URL], variables[_GITHUB_TOKEN]))
        raise NotConfiguredError(
            f"No OIDC token is at hand: set {TOKEN_VARIABLE} or {TOKEN_FILE_VARIABLE}, or let the GitHub job have "
            "'permissions: id-token: write'."
        )

    def _of_variable(self, token: str) -> str:
        expiry = expires_at(token)
        if expiry is not None and expiry <= self._now():
            raise UnauthenticatedError(f"The token in {TOKEN_VARIABLE} has expired, and no job can renew it.")
        return token

    def _of_github(self, url: str, token: str) -> str:
        audience = self._environment.get(AUDIENCE_VARIABLE) or DEFAULT_AUDIENCE
        address = f"{url}{'&' if '?' in url else '?'}audience={quote(audience, safe='')}"
        try:
            with httpx.Client(transport=self._transport, timeout=_TIMEOUT) as http:
                answer = http.get(address, headers={"Authorization": f"Bearer {token}"})
        except httpx.TransportError as error:
            raise RetryableError(UnauthenticatedError("GitHub does not answer with an OIDC token.")) from error
        if answer.status_code == 429 or answer.status_code >= 500:
            raise RetryableError(
                UnauthenticatedError(f"GitHub answered {answer.status_code} in place of an OIDC token.")
            )
        value = answer.json().get("value") if answer.status_code == 200 else None
        if not isinstance(value, str):
            raise UnauthenticatedError(f"GitHub answered {answer.status_code} without an OIDC token.")
        return value


def expires_at(token: str) -> float | None:
    """When a JWT expires, in seconds since 1970; None for what says nothing of it. Nothing is verified."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        expiry = claims.get("exp")
    except (ValueError, AttributeError):
        return None
    return float(expiry) if isinstance(expiry, int | float) else None
