"""The public keys of OIDC issuers, found by discovery and cached in the process.

Keys are fresh for five minutes. The issuer is also asked again for an unknown key id, but at most every thirty seconds,
so that forged ids do not hammer it. While an issuer does not answer, its last keys are used for one more hour.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.outbound import Outbound, OutboundFailedError, OutboundRefusedError
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.registry.access import discovery

FRESH_SECONDS: Final = 300.0
ASK_AGAIN_SECONDS: Final = 30.0
STALE_SECONDS: Final = 3_600.0
MAX_KEYS: Final = 100
_FOREVER: Final = float("inf")

Jwk = Mapping[str, Any]


@dataclass(slots=True)
class _Cached:
    """The cached keys of one issuer. Times are of a clock that never goes back."""

    keys: dict[str, Jwk] = field(default_factory=dict)
    fetched_at: float = -_FOREVER
    asked_at: float = -_FOREVER


class IssuerKeys:
    """One process's cache of issuers' keys."""

    def __init__(self, outbound: Outbound, monotonic: Callable[[], float]) -> None:
        self._outbound = outbound
        self._monotonic = monotonic
        self._issuers: dict[str, _Cached] = {}

    def key(self, issuer: str, key_id: str) -> Jwk:
        """The key ``key_id`` of a trusted issuer. Raises CredentialsRefusedError."""
        cached = self._issuers.setdefault(issuer, _Cached())
        now = self._monotonic()
        fresh = now - cached.fetched_at <= FRESH_SECONDS
        if (not fresh or key_id not in cached.keys) and now - cached.asked_at >= ASK_AGAIN_SECONDS:
            self._refresh(issuer, cached, now)
        if now - cached.fetched_at > FRESH_SECONDS + STALE_SECONDS:
            cached.keys = {}
            raise CredentialsRefusedError(
                "The token's issuer does not answer, so the token cannot be checked.",
                "issuer_unavailable",
                issuer=issuer,
            )
        if key_id not in cached.keys:
            raise CredentialsRefusedError("The token is signed with an unknown key.", "unknown_key", issuer=issuer)
        return cached.keys[key_id]

    def _refresh(self, issuer: str, cached: _Cached, now: float) -> None:
        cached.asked_at = now
        try:
            cached.keys = self._fetch(issuer)
            cached.fetched_at = now
        except (OutboundRefusedError, OutboundFailedError, discovery.UnusableIssuerError) as error:
            log_line("issuer_unavailable", issuer=issuer, reason=str(error), keys=len(cached.keys))

    def _fetch(self, issuer: str) -> dict[str, Jwk]:
        address = discovery.address(discovery.discovered(self._outbound, issuer), "jwks_uri", issuer)
        published = discovery.json_document(self._outbound, address).get("keys")
        if not isinstance(published, list) or len(published) > MAX_KEYS:
            raise discovery.UnusableIssuerError(f"its JWKS has no list of at most {MAX_KEYS} keys")
        return {
            key["kid"]: key
            for key in published
            if isinstance(key, dict) and isinstance(key.get("kid"), str) and key.get("use", "sig") == "sig"
        }


def issuer_keys(services: Services) -> IssuerKeys:
    """The process's cache of issuers' keys, which follows the stack's outbound policy."""
    return services.remember(
        ("issuer keys",), lambda: IssuerKeys(discovery.outbound(services), services.monotonic), seconds=_FOREVER
    )
