"""The version: an immutable numbered release of a model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.domain.instants import Instant


class Status(StrEnum):
    """PENDING until every file is verified, then READY; EXPIRED if that took too long; DELETED; PURGED of bytes."""

    PENDING = "PENDING"
    READY = "READY"
    EXPIRED = "EXPIRED"
    DELETED = "DELETED"
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
class Version:
    """A version. ``uid`` names its place in the bucket; ``revision`` is the model's at its last change."""

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
    revision: int
    upload_expires_at: Instant
    ready_at: Instant | None = None
    aliases: tuple[str, ...] = ()
