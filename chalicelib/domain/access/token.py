"""Registry tokens: ``moor_<id>_<secret>``. The registry stores only the SHA-256 of the secret."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field, replace
from typing import Final, Self

from chalicelib.domain.access.principal import Grant
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import DIGESTED, Identity, Record

BOOTSTRAP_ID: Final = "bootstrap"
_TOKEN = re.compile(r"moor_([0-9a-z]{1,40})_([0-9A-Za-z\-]{20,200})")


@dataclass(frozen=True, slots=True)
class Previous:
    """A secret that was replaced. It is valid until ``until``."""

    secret_hash: str = field(metadata=DIGESTED)
    until: Instant


@dataclass(frozen=True, slots=True)
class Token(Record, kind="token"):
    """A token as the registry knows it. ``secret_hash`` is the SHA-256 of the secret, in hexadecimal.

    ``person`` is who holds it, as the name of a principal or as any text. It is empty if the token's name says it.
    """

    id: str
    name: str
    grants: tuple[Grant, ...]
    secret_hash: str = field(metadata=DIGESTED)
    created_at: Instant
    created_by: str
    expires_at: Instant
    revoked_at: Instant | None
    revision: int = 0
    groups: tuple[str, ...] = ()
    previous: tuple[Previous, ...] = ()
    rotated_at: Instant | None = None
    person: str = ""

    @property
    def principal(self) -> str:
        """The name of the principal that the token authenticates."""
        return f"token:{self.name}"

    @property
    def identity(self) -> Identity:
        return (Token, self.id)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, revision=stamp.revision)

    def objection(self, secret: str, now: Instant) -> str | None:
        """Why ``secret`` is refused for this token at ``now``, as a code for the log; None if it is accepted."""
        return self.objection_to_hash(hash_secret(secret), now)

    def objection_to_hash(self, given: str, now: Instant) -> str | None:
        """As ``objection``, of a secret whose SHA-256 is ``given``.

        Every secret is compared in full, so that the time taken reveals nothing.
        """
        good = [hmac.compare_digest(self.secret_hash, given)]
        good += [hmac.compare_digest(old.secret_hash, given) and now < old.until for old in self.previous]
        if not any(good):
            return "wrong_secret"
        if self.revoked_at is not None:
            return "revoked"
        return None if self.is_active(now) else "expired"

    def is_active(self, now: Instant) -> bool:
        """Whether the token is neither revoked nor expired."""
        return self.revoked_at is None and now < self.expires_at


def hash_secret(secret: str) -> str:
    """The SHA-256 of a secret, in hexadecimal."""
    # A secret has 256 random bits. So a plain hash cannot be reversed by search, and a slow one would gain nothing.
    return hashlib.sha256(secret.encode()).hexdigest()


def format_token(token_id: str, secret: str) -> str:
    """The token as its owner gets it."""
    return f"moor_{token_id}_{secret}"


def bearer(authorization: str) -> str:
    """The credential of an ``Authorization`` value: a bearer token, or the password of basic authentication.

    Some clients can send only the latter. The user name is ignored. Raises CredentialsRefusedError.
    """
    scheme, _, given = authorization.partition(" ")
    credential = _password(given.strip()) if scheme.lower() == "basic" else given.strip()
    if scheme.lower() not in ("bearer", "basic") or not credential:
        raise CredentialsRefusedError("Send a token: 'Authorization: Bearer …'.", "no_credential")
    return credential


def _password(encoded: str) -> str:
    """The password of basic credentials (RFC 7617), empty if there is none."""
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2].strip()
    except ValueError:
        return ""


def parse_token(text: str) -> tuple[str, str]:
    """The id and the secret of a registry token. Raises CredentialsRefusedError."""
    parsed = _TOKEN.fullmatch(text)
    if parsed is None:
        raise CredentialsRefusedError("Send a registry token: 'Authorization: Bearer moor_…'.", "malformed")
    return parsed.group(1), parsed.group(2)
