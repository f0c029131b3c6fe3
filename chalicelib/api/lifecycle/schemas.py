"""Schemas of freezes, locks, legal holds, deleted versions and retention."""

from typing import Literal

from pydantic import Field

from chalicelib.api.document import Body, Digest, Reason, Size, Time, VersionNumber, View
from chalicelib.api.models.schemas import RestrictionView
from chalicelib.domain.models.retention import MAX_DAYS, MAX_KEPT, RetentionRule


class Restrict(Body):
    reason: Reason


class Restore(Body):
    reason: Reason | None = None


class ReceiptView(View):
    """Proof that S3 has nothing left of the version. The counts are those of the attempt that verified it."""

    verified_at: Time
    object_versions_deleted: int
    bytes_deleted: Size
    digest: Digest


class DeletedVersionView(View):
    """A version that was deleted, or whose upload expired. Its bytes are purged from ``purge_at`` on."""

    model: str
    number: VersionNumber
    label: str | None
    status: Literal["EXPIRED", "DELETED", "PURGING", "PURGED"]
    stage: str
    digest: Digest
    file_count: int
    total_size: int
    created_at: Time
    created_by: str
    ready_at: Time | None
    deleted_at: Time
    deleted_by: str
    reason: str | None
    purge_at: Time
    legal_hold: RestrictionView | None
    receipt: ReceiptView | None


class SetRetention(Body):
    """Takes at least one of the two clauses."""

    never_promoted_after_days: int | None = Field(None, ge=1, le=MAX_DAYS)
    archived_after_days: int | None = Field(None, ge=1, le=MAX_DAYS)
    keep_last: int = Field(0, ge=0, le=MAX_KEPT)

    def rule(self) -> RetentionRule:
        return RetentionRule(self.never_promoted_after_days, self.archived_after_days, self.keep_last)


class ExpiredVersionView(View):
    """A version that the retention rule would delete now. The rule applies to it from ``since`` on."""

    version: VersionNumber
    clause: Literal["never_promoted", "archived"]
    since: Time
    reason: str
