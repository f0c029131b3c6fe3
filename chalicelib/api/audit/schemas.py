"""Schemas of events, of verifications of their chain, of ledgers and of anchors."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.api.document import Digest, Paging, Query, Time, Trigger, View


class ListEvents(Paging):
    order: Literal["newest", "oldest"] = "newest"


class VerifyEvents(Query):
    after: int = Field(0, ge=0, le=999_999_999_998, description="Check the events after this sequence number.")
    state: bool = Field(False, description="Also answer what the events tell of the state; then at most 200 events.")


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
    correlation_id: str = Field(
        "",
        description="The same for a request and for all that followed from it. Events of earlier releases lack it.",
    )
    model: str | None
    version: int | None
    alias: str | None
    subject: str | None
    trigger: Trigger
    reason: str | None
    details: dict[str, Any] | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    records: dict[str, Any] = Field(
        default_factory=dict,
        description="What the change saved, by place: `new` or `changed` fields, or null for what it removed. "
        "Events of earlier releases lack it.",
    )
    previous_hash: Digest
    hash: Digest


class ChainFaultView(View):
    sequence: int
    reason: str


class FactsView(View):
    """What events tell of a place. ``whole``: a field that is missing is empty; ``gone``: it was removed."""

    sequence: int
    whole: bool
    gone: bool
    fields: dict[str, Any]


class StoredView(View):
    """What is stored at a place. ``fields`` is null if it cannot be read; a copy must have the facts of ``copy_of``."""

    place: str
    copy_of: str | None
    fields: dict[str, Any] | None


class FileBytesView(View):
    """A file of a version and what is wrong with its object, if anything. Nothing is said of references."""

    path: str
    sha256: Digest
    stored: bool
    fault: str | None


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
    facts: dict[str, FactsView] | None = Field(
        None, description="What these events tell of the state, by place; only with `state`. Later events replace it."
    )
    proven: bool | None = Field(
        None, description="Whether all of these events tell everything that they saved; only with `state`."
    )


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
