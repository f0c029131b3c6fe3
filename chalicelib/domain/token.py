"""Registry tokens: ``moor_<id>_<secret>``. The registry keeps the secret's SHA-256 only."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.access import Grant
from chalicelib.domain.errors import UnauthenticatedError
from chalicelib.domain.instants import Instant

BOOTSTRAP_ID: Final = "bootstrap"
_TOKEN = re.compile(r"moor_([0-9a-z]{1,40})_([0-9A-Za-z\-]{20,200})")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the registry knows it. ``secret_hash`` is the SHA-256 of the secret, in hexadecimal."""

    id: str
    name: str
    grants: tuple[Grant, ...]
    secret_hash: str
    created_at: Instant
    created_by: str
    expires_at: Instant
    revoked_at: Instant | None
    revision: int

    def is_valid(self, secret: str, now: Instant) -> bool:
        """Whether ``secret`` opens this token at ``now``. Takes the same time whatever the secret."""
        same = hmac.compare_digest(self.secret_hash, hash_secret(secret))
        return same and self.revoked_at is None and now < self.expires_at


def hash_secret(secret: str) -> str:
    # The secret has 256 random bits, so a plain hash cannot be searched and a slow one would buy nothing.
    return hashlib.sha256(secret.encode()).hexdigest()


def format_token(token_id: str, secret: str) -> str:
    return f"moor_{token_id}_{secret}"


def parse_bearer(authorization: str) -> tuple[str, str]:
    """Id and secret of an ``Authorization: Bearer`` value. Raises UnauthenticatedError."""
    scheme, _, token = authorization.partition(" ")
    parsed = _TOKEN.fullmatch(token.strip())
    if scheme.lower() != "bearer" or parsed is None:
        raise UnauthenticatedError("Send a registry token: 'Authorization: Bearer moor_…'.")
    return parsed.group(1), parsed.group(2)
