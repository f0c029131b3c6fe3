"""A browser session: what a person signed in with, and for how long it lasts.

The browser holds ``<id>_<secret>`` in a cookie that no script can read. The registry stores only the SHA-256 of the
secret. A session gives nothing by itself: each use of it is judged by what its credential is worth at that time.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, TypeAlias

from chalicelib.domain.access.token import hash_secret
from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.instants import Instant, later

# A session ends when it was not used for this long, and in any case this long after the person signed in.
IDLE: Final = timedelta(hours=8)
LONGEST: Final = timedelta(hours=12)
# Who signs in at an issuer must be back within this time.
SIGN_IN_WITHIN: Final = timedelta(minutes=10)
_OWNER_DIGITS: Final = 16
_ID: Final = re.compile(r"[0-9a-f]{48}")
_COOKIE: Final = re.compile(rf"({_ID.pattern})_([0-9a-f]{{64}})")


@dataclass(frozen=True, slots=True)
class TokenCredential:
    """A registry token, with the SHA-256 of the secret that was shown.

    A session ends with that secret, so rotating the token ends it too.
    """

    token_id: str
    secret_hash: str


@dataclass(frozen=True, slots=True)
class TrustCredential:
    """An ID token that a trust accepted: its algorithm and its verified claims."""

    trust: str
    algorithm: str
    claims: Mapping[str, Any]


Credential: TypeAlias = TokenCredential | TrustCredential


@dataclass(frozen=True, slots=True)
class Session:
    """A session as the registry knows it. ``principal`` is who signed in."""

    id: str
    secret_hash: str
    principal: str
    credential: Credential
    created_at: Instant
    used_at: Instant

    @property
    def ends_at(self) -> Instant:
        """When the session ends if it is not used before."""
        return min(later(self.used_at, IDLE), later(self.created_at, LONGEST))

    def is_live(self, now: Instant) -> bool:
        return now < self.ends_at

    def has_secret(self, secret: str) -> bool:
        """Whether ``secret`` is the session's. The time taken reveals nothing."""
        return hmac.compare_digest(self.secret_hash, hash_secret(secret))

    def used(self, now: Instant) -> "Session":
        """The session after a use at ``now``."""
        return replace(self, used_at=max(now, self.used_at))


def owner_part(principal: str) -> str:
    """What the ids of all sessions of a principal begin with, so that they are stored and listed together."""
    return sha256_hex(principal)[:_OWNER_DIGITS]


def session_id(principal: str, fresh_id: str) -> str:
    """The id of a new session. ``fresh_id`` has 32 hexadecimal digits."""
    return owner_part(principal) + fresh_id


def is_session_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def cookie_value(session: Session, secret: str) -> str:
    """What the browser holds of a session."""
    return f"{session.id}_{secret}"


def parse_cookie(text: str) -> tuple[str, str] | None:
    """The id and the secret in a cookie's value; None if it has another form."""
    parsed = _COOKIE.fullmatch(text)
    return None if parsed is None else (parsed[1], parsed[2])
