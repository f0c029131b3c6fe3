"""Checks: named results on a version, reported from outside, such as CI, fairness, integration tests or a scan.

A check may be opened before it is reported, by whoever starts what will report it. It is pending until then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import InvalidInputError, LimitExceededError, Problem
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.instants import Instant, later

MAX_CHECKS: Final = 50
MAX_URL: Final = 2_048
MAX_DETAILS: Final = 2_000
MAX_DAYS: Final = 3_650
# How long a report may be awaited: at most thirty days, one day if nobody says otherwise.
MAX_WAIT_MINUTES: Final = 30 * 24 * 60
USUAL_WAIT_MINUTES: Final = 24 * 60
# All checks of a version are one item, which stays far under DynamoDB's 400 KB.
MAX_BYTES: Final = 128 * 1024

PASSED: Final = "passed"
FAILED: Final = "failed"
EXPIRED: Final = "expired"
PENDING: Final = "pending"


@dataclass(frozen=True, slots=True)
class Check:
    """The latest report of a check, and since when the next one is awaited.

    ``evidence`` is the URL of a report, if there is one. A report without ``expires_at`` never expires. A check that
    was opened and never reported has no ``reported_at`` and no ``reported_by``, and has not passed.

    ``opened_at`` and ``opened_by`` say since when and for whom a report is awaited, ``due_at`` until when, and ``link``
    where the measurement runs. A report clears them. ``revision`` is that of the model when the check was opened or
    reported. ``person``, ``roles`` and ``claims`` say who ``reported_by`` was then, as ``Reporter`` does.
    """

    passed: bool
    evidence: str | None
    expires_at: Instant | None
    reported_at: Instant | None
    reported_by: str | None
    details: str = ""
    revision: int = 0
    opened_at: Instant | None = None
    opened_by: str | None = None
    due_at: Instant | None = None
    link: str | None = None
    person: str = ""
    roles: tuple[str, ...] = ()
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def pending(self, now: Instant) -> bool:
        """Whether a report is awaited and may still come in time."""
        return self.due_at is not None and now < self.due_at

    def valid(self, now: Instant) -> bool:
        """Whether the report counts, passed or failed: it has not expired, and no newer one is or was awaited.

        It expires by time alone, and so does the wait for one; nothing is written then.
        """
        return self.opened_at is None and (self.expires_at is None or now < self.expires_at)

    def state(self, now: Instant) -> str:
        """``passed``, ``failed``, ``pending`` or ``expired``, which is also one whose report did not come in time."""
        if self.pending(now):
            return PENDING
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
            "opened_at": self.opened_at,
            "opened_by": self.opened_by,
            "due_at": self.due_at,
            "link": self.link,
            "person": self.person,
            "roles": list(self.roles),
            "claims": {name: list(values) for name, values in self.claims.items()},
        }


@dataclass(frozen=True, slots=True)
class Checks(Latest[Check], kind="checks"):
    """The latest check of each name of a version."""


def evidence(url: str) -> str:
    """The URL of a report: absolute http or https, at most 2,048 characters. Raises InvalidInputError.

    It must not have credentials, since every reader sees it.
    """
    return _address("/evidence", url)


def link(url: str) -> str:
    """The URL of what will report a check, with the same rules. Raises InvalidInputError."""
    return _address("/link", url)


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


def due(now: Instant, due_at: Instant | None, minutes: int | None) -> Instant:
    """Until when a report is awaited: ``due_at``, or 1 to 43,200 ``minutes`` from now, or a day if neither is given.

    Raises InvalidInputError for both, or for a time that has passed or lies more than thirty days ahead.
    """
    if due_at is not None and minutes is not None:
        raise _invalid("/due_at", "cannot be given together with due_in_minutes; give one of them")
    latest = later(now, timedelta(minutes=MAX_WAIT_MINUTES))
    if due_at is not None and not now < due_at <= latest:
        raise _invalid("/due_at", f"must lie ahead, and not after {latest}")
    if minutes is not None and not 1 <= minutes <= MAX_WAIT_MINUTES:
        raise _invalid("/due_in_minutes", f"must be 1 to {MAX_WAIT_MINUTES}")
    return due_at or later(now, timedelta(minutes=USUAL_WAIT_MINUTES if minutes is None else minutes))


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


def _address(pointer: str, url: str) -> str:
    if len(url) > MAX_URL:
        raise _invalid(pointer, f"has more than {MAX_URL} characters")
    try:
        parts = urlsplit(url)
        host, has_credentials, _ = parts.hostname, "@" in parts.netloc, parts.port
    except ValueError:
        raise _invalid(pointer, "is not a URL") from None
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() or not c.isprintable() for c in url):
        raise _invalid(pointer, "must be an absolute http or https URL without spaces")
    if has_credentials:
        raise _invalid(pointer, "must not carry a user name or password")
    return url


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
