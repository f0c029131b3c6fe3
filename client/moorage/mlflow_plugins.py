"""How MLflow's own clients show the registry who they are: chosen by ``MLFLOW_TRACKING_AUTH``.

MLflow finds these by their entry points; nothing of MLflow is imported. It asks for an ``auth`` with each request.
"""

from functools import cached_property
from urllib.parse import urlsplit

from moorage.ci_token import CiToken
from moorage.errors import NotConfiguredError
from moorage.login import is_loopback
from moorage.sigv4 import PreparedRequest, SigV4, ambient


class SigV4Provider:
    """``moorage-sigv4``: signs with the AWS credentials at hand, for the address of the API with AWS signatures."""

    def get_name(self) -> str:
        return "moorage-sigv4"

    def get_auth(self) -> SigV4:
        return self._signer

    @cached_property
    def _signer(self) -> SigV4:
        return ambient()


class OidcProvider:
    """``moorage-oidc``: shows the OIDC token of the pipeline, a fresh one before it expires."""

    def get_name(self) -> str:
        return "moorage-oidc"

    def get_auth(self) -> "Bearer":
        return self._bearer

    @cached_property
    def _bearer(self) -> "Bearer":
        return Bearer(CiToken())


class Bearer:
    """Shows a token to the server over TLS, or to this machine."""

    def __init__(self, token: CiToken) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        parts = urlsplit(request.url or "")
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise NotConfiguredError(f"{parts.hostname} would be shown the token unencrypted: use https://.")
        request.headers["Authorization"] = f"Bearer {self._token.current()}"
        return request
