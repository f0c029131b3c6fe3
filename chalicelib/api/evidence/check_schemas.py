"""Schemas of checks."""

from pydantic import Field

from chalicelib.api.document import Body, GivenTime, Time, View
from chalicelib.domain.evidence.check import MAX_DAYS, MAX_DETAILS, MAX_EVIDENCE
from chalicelib.domain.evidence.check_decisions import CheckReport


class ReportCheck(Body):
    """A verdict. It counts until ``expires_at`` or for ``expires_in_days``. With neither, it never expires."""

    passed: bool
    evidence: str | None = Field(
        None, min_length=1, max_length=MAX_EVIDENCE, examples=["https://ci.example.com/runs/42"]
    )
    details: str = Field("", max_length=MAX_DETAILS)
    expires_at: GivenTime | None = None
    expires_in_days: int | None = Field(None, ge=1, le=MAX_DAYS)

    def verdict(self) -> CheckReport:
        return CheckReport(self.passed, self.evidence, self.details, self.expires_at, self.expires_in_days)


class CheckView(View):
    """The latest result of a check. ``valid``: it had not expired at the time of this answer."""

    name: str
    passed: bool
    evidence: str | None
    expires_at: Time | None
    reported_at: Time
    reported_by: str
    details: str
    valid: bool
