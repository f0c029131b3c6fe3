"""Checks: named results about a version that other systems report."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode, format_time
from moorage.listing import WholeList
from moorage.paths import VersionKey


@dataclass(frozen=True, slots=True)
class Check:
    """The latest result of a check. ``valid`` is False if it had expired when the registry answered."""

    name: str
    passed: bool
    reported_at: datetime
    reported_by: str
    valid: bool
    evidence: str | None = None
    expires_at: datetime | None = None
    details: str = ""
    etag: str | None = None

    @property
    def state(self) -> str:
        """``passed``, ``failed`` or ``expired``."""
        if not self.valid:
            return "expired"
        return "passed" if self.passed else "failed"


class Checks:
    """The checks of each version."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str, version: VersionKey) -> WholeList[Check]:
        """The latest result of each check, sorted by name."""
        return self._connection.whole(Check, _path(model, version))

    def report(
        self,
        model: str,
        version: VersionKey,
        name: str,
        passed: bool,
        *,
        evidence: str | None = None,
        details: str | None = None,
        expires_at: datetime | None = None,
        expires_in_days: int | None = None,
        if_match: str | None = None,
    ) -> Check:
        """Report the result of a check. It replaces the earlier result of the same name.

        Without ``expires_at`` or ``expires_in_days`` the result never expires.
        """
        body: dict[str, Any] = {
            "passed": passed,
            "evidence": evidence,
            "details": details,
            "expires_at": None if expires_at is None else format_time(expires_at),
            "expires_in_days": expires_in_days,
        }
        given = {field: value for field, value in body.items() if value is not None}
        path = f"{_path(model, version)}/{paths.segment(name)}"
        return decode(Check, self._connection.write("PUT", path, given, if_match=if_match))

    def withdraw(self, model: str, version: VersionKey, name: str) -> None:
        """Withdraw the result of a check."""
        self._connection.write("DELETE", f"{_path(model, version)}/{paths.segment(name)}")


def _path(model: str, version: VersionKey) -> str:
    return f"{paths.version(model, version)}/checks"
