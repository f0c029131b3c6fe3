"""The OIDC token of the CI job that this runs in, renewed before it expires.

The token is sent to the registry unchanged; a trust in the registry decides what it allows. It comes from the first
of these sources that is set up:

- the variable ``MOORAGE_TOKEN``, as GitLab's ``id_tokens`` set it;
- the file that ``MOORAGE_TOKEN_FILE`` names; whoever writes the file keeps it current;
- GitHub Actions, if the job has ``permissions: id-token: write``.
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
from moorage.login import JOB_VARIABLE, TOKEN_FILE_VARIABLE, TOKEN_VARIABLE, read_token
from moorage.retry import RetryableError, RetryPolicy

AUDIENCE_VARIABLE: Final = "MOORAGE_OIDC_AUDIENCE"
DEFAULT_AUDIENCE: Final = "moorage"
_GITHUB_TOKEN: Final = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
# A token is replaced this long before it expires, so that it does not expire while a request is on its way.
MARGIN_SECONDS: Final = 60.0
_TIMEOUT: Final = httpx.Timeout(10.0)


class CiToken:
    """Supplies the job's current token. Threads may share one instance."""

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
        self._valid_until = float("-inf")

    def current(self) -> str:
        """A token that is valid for at least another minute.

        Raises NotConfiguredError if no token is configured, UnauthenticatedError if it has expired or GitHub gives
        none.
        """
        with self._lock:
            if self._now() >= self._valid_until:
                self._token = self._fetch()
                expiry = expires_at(self._token)
                # A token without an expiry is fetched each time.
                self._valid_until = float("-inf") if expiry is None else expiry - MARGIN_SECONDS
            return self._token

    def _fetch(self) -> str:
        variables = self._environment
        if variables.get(TOKEN_VARIABLE):
            return self._from_variable(variables[TOKEN_VARIABLE])
        if variables.get(TOKEN_FILE_VARIABLE):
            return read_token(Path(variables[TOKEN_FILE_VARIABLE]))
        if variables.get(JOB_VARIABLE) and variables.get(_GITHUB_TOKEN):
            return self._retry.run(lambda: self._from_github(variables[JOB_VARIABLE], variables[_GITHUB_TOKEN]))
        raise NotConfiguredError(
            f"There is no OIDC token: set {TOKEN_VARIABLE} or {TOKEN_FILE_VARIABLE}, or give the GitHub job "
            "'permissions: id-token: write'."
        )

    def _from_variable(self, token: str) -> str:
        expiry = expires_at(token)
        if expiry is not None and expiry <= self._now():
            raise UnauthenticatedError(
                f"The token in {TOKEN_VARIABLE} has expired and cannot be renewed: run the job again."
            )
        return token

    def _from_github(self, url: str, token: str) -> str:
        audience = self._environment.get(AUDIENCE_VARIABLE) or DEFAULT_AUDIENCE
        address = f"{url}{'&' if '?' in url else '?'}audience={quote(audience, safe='')}"
        try:
            with httpx.Client(transport=self._transport, timeout=_TIMEOUT) as http:
                answer = http.get(address, headers={"Authorization": f"Bearer {token}"})
        except httpx.TransportError as error:
            reason = "GitHub did not answer the request for an OIDC token."
            raise RetryableError(UnauthenticatedError(reason)) from error
        if answer.status_code == 429 or answer.status_code >= 500:
            raise RetryableError(
                UnauthenticatedError(f"GitHub answered {answer.status_code} in place of an OIDC token.")
            )
        value = answer.json().get("value") if answer.status_code == 200 else None
        if not isinstance(value, str):
            raise UnauthenticatedError(f"GitHub answered {answer.status_code} without an OIDC token.")
        return value


def expires_at(token: str) -> float | None:
    """When a JWT expires, in seconds since 1970. None if the token does not say. The signature is not verified."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        expiry = claims.get("exp")
    except (ValueError, AttributeError):
        return None
    return float(expiry) if isinstance(expiry, int | float) else None
