"""Plugins that authenticate MLflow's own clients to the registry, selected by ``MLFLOW_TRACKING_AUTH``.

MLflow finds them by their entry points and asks for an ``auth`` object for each request. MLflow is not imported here.
"""

from functools import cached_property
from urllib.parse import urlsplit

from moorage.ci_token import CiToken
from moorage.errors import NotConfiguredError
from moorage.login import is_loopback
from moorage.sigv4 import PreparedRequest, SigV4, default_signer


class SigV4Provider:
    """``moorage-sigv4``: signs requests with the default AWS credentials. Use it with the address of the IAM API."""

    def get_name(self) -> str:
        return "moorage-sigv4"

    def get_auth(self) -> SigV4:
        return self._signer

    @cached_property
    def _signer(self) -> SigV4:
        return default_signer()


class OidcProvider:
    """``moorage-oidc``: sends the OIDC token of the CI job, and renews it before it expires."""

    def get_name(self) -> str:
        return "moorage-oidc"

    def get_auth(self) -> "Bearer":
        return self._bearer

    @cached_property
    def _bearer(self) -> "Bearer":
        return Bearer(CiToken())


class Bearer:
    """Adds a token to requests, if they go over TLS or to this machine."""

    def __init__(self, token: CiToken) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        parts = urlsplit(request.url or "")
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise NotConfiguredError(f"The token would go to {parts.hostname} unencrypted: use https://.")
        request.headers["Authorization"] = f"Bearer {self._token.current()}"
        return request
