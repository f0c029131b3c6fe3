"""The version: an immutable numbered release of a model."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.domain.instants import Instant
from chalicelib.domain.models.restrictions import Hold, Lock
from chalicelib.domain.versions.intake import Intake


class Status(StrEnum):
    """PENDING until every file is verified, then READY; EXPIRED if that took too long; DELETED, and restored or not.

    PURGING while its bytes are being removed, PURGED when they are gone.
    """

    PENDING = "PENDING"
    READY = "READY"
    EXPIRED = "EXPIRED"
    DELETED = "DELETED"
    PURGING = "PURGING"
    PURGED = "PURGED"


@dataclass(frozen=True, slots=True)
class Description:
    """What the author says of a version. All but ``description`` and ``tags`` is fixed once registered."""

    label: str | None = None
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)
    parameters: Mapping[str, object] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    framework: Mapping[str, Any] | None = None
    signature: Mapping[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "description": self.description,
            "tags": dict(self.tags),
            "metadata": dict(self.metadata),
            "parameters": dict(self.parameters),
            "metrics": dict(self.metrics),
            "provenance": dict(self.provenance),
            "framework": self.framework,
            "signature": self.signature,
        }


@dataclass(frozen=True, slots=True)
class PurgeReceipt:
    """That S3 was asked and had nothing left of a version, and what the last attempt had removed until then."""

    verified_at: Instant
    object_versions_deleted: int
    bytes_deleted: int
    digest: str

    def document(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Burial:
    """Of a deleted or expired version: when and by whom, when its bytes are due, and the receipt that they are gone."""

    at: Instant
    by: str
    reason: str | None
    purge_at: Instant
    receipt: PurgeReceipt | None = None

    def document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_document(cls, stored: Mapping[str, Any] | None) -> "Burial | None":
        if stored is None:
            return None
        receipt = stored["receipt"]
        return cls(**{**stored, "receipt": None if receipt is None else PurgeReceipt(**receipt)})


@dataclass(frozen=True, slots=True)
class Version:
    """A version. ``uid`` names its place in the bucket; ``revision`` is the model's at its last change.

    ``revised_at`` is when its description or its stage last changed; ``updated_at``, when anything of it did.
    ``intake`` is set for a version whose files the registry copies itself.
    """

    model: str
    number: int
    uid: str
    description: Description
    status: Status
    stage: str
    stage_since: Instant
    digest: str
    file_count: int
    total_size: int
    created_at: Instant
    created_by: str
    updated_at: Instant
    revised_at: Instant
    revision: int
    upload_expires_at: Instant
    ready_at: Instant | None = None
    aliases: tuple[str, ...] = ()
    lock: Lock | None = None
    legal_hold: Hold | None = None
    burial: Burial | None = None
    restored_at: Instant | None = None
    intake: Intake | None = None
