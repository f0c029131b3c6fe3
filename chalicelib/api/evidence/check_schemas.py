"""Schemas of checks."""

from typing import Literal

from pydantic import Field

from chalicelib.api.document import Body, GivenTime, Time, View
from chalicelib.domain.evidence.check import MAX_DAYS, MAX_DETAILS, MAX_URL, MAX_WAIT_MINUTES
from chalicelib.domain.evidence.check_decisions import CheckOpening, CheckReport


class ReportCheck(Body):
    """A verdict. It counts until ``expires_at`` or for ``expires_in_days``. With neither, it never expires."""

    passed: bool
    evidence: str | None = Field(None, min_length=1, max_length=MAX_URL, examples=["https://ci.example.com/runs/42"])
    details: str = Field("", max_length=MAX_DETAILS)
    expires_at: GivenTime | None = None
    expires_in_days: int | None = Field(None, ge=1, le=MAX_DAYS)

    def verdict(self) -> CheckReport:
        return CheckReport(self.passed, self.evidence, self.details, self.expires_at, self.expires_in_days)


class OpenCheck(Body):
    """A report is awaited until ``due_at`` or for ``due_in_minutes``. With neither, it is awaited for a day."""

    link: str | None = Field(
        None,
        min_length=1,
        max_length=MAX_URL,
        description="Where the measurement runs.",
        examples=["https://ci.example.com/runs/42"],
    )
    due_at: GivenTime | None = None
    due_in_minutes: int | None = Field(None, ge=1, le=MAX_WAIT_MINUTES)

    def opening(self) -> CheckOpening:
        return CheckOpening(self.link, self.due_at, self.due_in_minutes)


class CheckView(View):
    """The latest report of a check, and since when the next one is awaited, if it is.

    ``state`` is that at the time of this answer. ``expired`` is a report that no longer counts, or one that was awaited
    and did not come by ``due_at``. ``valid``: the report counted at that time. ``passed`` is false and ``reported_at``
    and ``reported_by`` are null if the check was opened and never reported. ``opened_at``, ``opened_by``, ``due_at``
    and ``link`` are null unless a report is or was awaited. ``person`` is who reported, ``roles`` their roles on the
    model then, ``claims`` those that the scheme asked for. They are empty for reports that earlier releases took.
    """

    name: str
    state: Literal["passed", "failed", "pending", "expired"]
    passed: bool
    evidence: str | None
    expires_at: Time | None
    reported_at: Time | None
    reported_by: str | None
    details: str
    opened_at: Time | None
    opened_by: str | None
    due_at: Time | None
    link: str | None
    person: str
    roles: list[str]
    claims: dict[str, list[str]]
    valid: bool
