"""Schemas of events, of verifications of their chain, of ledgers and of anchors."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.api.document import Digest, Paging, Query, Time, Trigger, View


class ListEvents(Paging):
    order: Literal["newest", "oldest"] = "newest"


class VerifyEvents(Query):
    after: int = Field(0, ge=0, le=999_999_999_998, description="Check the events after this sequence number.")


class EventView(View):
    """One committed change. ``hash`` is the SHA-256 of the canonical JSON of all other fields."""

    schema_version: Literal[1]
    id: str
    ledger: str
    sequence: int
    type: str
    time: Time
    actor: str
    request_id: str
    model: str | None
    version: int | None
    alias: str | None
    subject: str | None
    trigger: Trigger
    reason: str | None
    details: dict[str, Any] | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    previous_hash: Digest
    hash: Digest


class ChainFaultView(View):
    sequence: int
    reason: str


class VerificationView(View):
    """The result of a check. While ``complete`` is false, continue with ``after=<through_sequence>``."""

    ledger: str
    checked: int
    from_sequence: int
    through_sequence: int
    head_hash: Digest
    complete: bool
    intact: bool
    fault: ChainFaultView | None


class LedgerView(View):
    """A ledger and its last event."""

    ledger: str
    sequence: int
    hash: Digest


class AnchorView(View):
    number: int
    size: int


class AnchorLinkView(View):
    number: int
    url: str
    expires_at: Time
