"""Checks: named results about a version that other systems report."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode, format_time
from moorage.listing import WholeList
from moorage.paths import VersionKey


@dataclass(frozen=True, slots=True)
class Check:
    """The latest result of a check, and since when a new one is awaited, if it is.

    ``state`` is ``passed``, ``failed``, ``pending`` or ``expired`` when the registry answered. ``expired`` is also a
    check whose result was awaited and did not come by ``due_at``. ``valid``: the result counted then.

    A check that was opened and never reported has neither ``reported_at`` nor ``reported_by``, and ``passed`` is False.
    ``opened_at``, ``opened_by``, ``due_at`` and ``link`` are None unless a result is or was awaited. ``person`` is who
    reported, ``roles`` their roles on the model then, ``claims`` those that the scheme asked for.
    """

    name: str
    state: str
    passed: bool
    valid: bool
    reported_at: datetime | None = None
    reported_by: str | None = None
    evidence: str | None = None
    expires_at: datetime | None = None
    details: str = ""
    opened_at: datetime | None = None
    opened_by: str | None = None
    due_at: datetime | None = None
    link: str | None = None
    person: str = ""
    roles: tuple[str, ...] = ()
    claims: dict[str, tuple[str, ...]] = field(default_factory=dict)
    etag: str | None = None


class Checks:
    """The checks of each version."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str, version: VersionKey) -> WholeList[Check]:
        """The latest result of each check, sorted by name."""
        return self._connection.whole(Check, _path(model, version))

    def open(
        self,
        model: str,
        version: VersionKey,
        name: str,
        *,
        link: str | None = None,
        due_at: datetime | None = None,
        due_in_minutes: int | None = None,
        if_match: str | None = None,
    ) -> Check:
        """Say that the result of a check is awaited. Until somebody reports it, the check is pending.

        The deadline is ``due_at``, or 1 to 43,200 ``due_in_minutes`` from now, or a day from now. ``link`` is where the
        check runs. An earlier result stays on record, but does not count any more. If no result comes by the deadline,
        the check is expired. Opening a pending check again moves its deadline.
        """
        body: dict[str, Any] = {
            "link": link,
            "due_at": None if due_at is None else format_time(due_at),
            "due_in_minutes": due_in_minutes,
        }
        given = {field: value for field, value in body.items() if value is not None}
        path = f"{_path(model, version)}/{paths.segment(name)}/open"
        return decode(Check, self._connection.write("POST", path, given, if_match=if_match))

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

        Without ``expires_at`` or ``expires_in_days`` the result never expires. With the ``etag`` of an opened check as
        ``if_match``, only the result of that run is taken: raises PreconditionFailedError if the check was opened or
        reported since. Raises ForbiddenError (``reporter_refused``) if the model's scheme wants it from somebody else.
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
