"""Checks: named results on a version, reported from outside, such as CI, fairness, integration tests or a scan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import InvalidInputError, LimitExceededError, Problem
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.instants import Instant, later

MAX_CHECKS: Final = 50
MAX_EVIDENCE: Final = 2_048
MAX_DETAILS: Final = 2_000
MAX_DAYS: Final = 3_650
# All checks of a version are one item, which stays far under DynamoDB's 400 KB.
MAX_BYTES: Final = 128 * 1024

PASSED: Final = "passed"
FAILED: Final = "failed"
EXPIRED: Final = "expired"


@dataclass(frozen=True, slots=True)
class Check:
    """The latest report of a check. ``revision`` is that of the model when it was reported.

    ``evidence`` is the URL of a report, if there is one. A check without ``expires_at`` never expires.
    """

    passed: bool
    evidence: str | None
    expires_at: Instant | None
    reported_at: Instant
    reported_by: str
    details: str = ""
    revision: int = 0

    def valid(self, now: Instant) -> bool:
        """Whether the check has not expired, passed or failed. It expires by time alone; nothing is written then."""
        return self.expires_at is None or now < self.expires_at

    def state(self, now: Instant) -> str:
        """``passed``, ``failed`` or ``expired``. A gate accepts only ``passed``."""
        if not self.valid(now):
            return EXPIRED
        return PASSED if self.passed else FAILED

    def document(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "evidence": self.evidence,
            "expires_at": self.expires_at,
            "reported_at": self.reported_at,
            "reported_by": self.reported_by,
            "details": self.details,
        }


@dataclass(frozen=True, slots=True)
class Checks(Latest[Check], kind="checks"):
    """The latest check of each name of a version."""


def evidence(url: str) -> str:
    """The URL of a report: absolute http or https, at most 2,048 characters. Raises InvalidInputError.

    It must not have credentials, since every reader sees it.
    """
    if len(url) > MAX_EVIDENCE:
        raise _invalid("/evidence", f"has more than {MAX_EVIDENCE} characters")
    try:
        parts = urlsplit(url)
        host, has_credentials, _ = parts.hostname, "@" in parts.netloc, parts.port
    except ValueError:
        raise _invalid("/evidence", "is not a URL") from None
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() or not c.isprintable() for c in url):
        raise _invalid("/evidence", "must be an absolute http or https URL without spaces")
    if has_credentials:
        raise _invalid("/evidence", "must not carry a user name or password")
    return url


def details(text: str) -> str:
    """The details of a check, at most 2,000 characters. Raises InvalidInputError."""
    if len(text) > MAX_DETAILS:
        raise _invalid("/details", f"has more than {MAX_DETAILS} characters")
    return text


def expiry(now: Instant, expires_at: Instant | None, days: int | None) -> Instant | None:
    """When a check reported now expires: at ``expires_at``, after 1 to 3,650 ``days``, or never if neither is given.

    Raises InvalidInputError for both, or for a time that has passed.
    """
    if expires_at is not None and days is not None:
        raise _invalid("/expires_at", "cannot be given together with expires_in_days; give one of them")
    if days is not None:
        if not 1 <= days <= MAX_DAYS:
            raise _invalid("/expires_in_days", f"must be 1 to {MAX_DAYS}")
        return later(now, timedelta(days=days))
    if expires_at is not None and expires_at <= now:
        raise _invalid("/expires_at", "has passed already")
    return expires_at


def bounded(checks: Mapping[str, Check]) -> dict[str, Check]:
    """The checks of a version by name. Raises LimitExceededError for more than 50, or more than 128 KiB as JSON."""
    if len(checks) > MAX_CHECKS:
        raise LimitExceededError(f"A version has at most {MAX_CHECKS} checks; withdraw one first.")
    size = len(canonical_json({name: check.document() for name, check in checks.items()}).encode())
    if size > MAX_BYTES:
        raise LimitExceededError(
            f"The checks of a version would take {size} bytes of at most {MAX_BYTES}; shorten their details."
        )
    return dict(checks)


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
