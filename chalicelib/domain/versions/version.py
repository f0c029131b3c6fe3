"""The version: an immutable numbered release of a model."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from chalicelib.domain.access.reporter import people
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import DomainChange
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.models.restrictions import Hold, Lock
from chalicelib.domain.scanning.scan_state import Clearance, Scan
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
    task: str | None = None

    def document(self) -> dict[str, Any]:
        """Every field by its name."""
        given = [(name, getattr(self, name)) for name in self.__slots__]
        return {name: dict(value) if isinstance(value, Mapping) else value for name, value in given}


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
class Version(Record, kind="version"):
    """A version of a model. ``uid`` names its place in the bucket.

    The commit sets five fields. ``stage_since`` is when it entered its stage, ``updated_at`` when anything of it last
    changed, ``revised_at`` when its description or its stage last changed, ``revision`` the model's revision then,
    and ``aliases`` are those that point at it. ``intake`` is set if the registry copies the files itself.
    ``authors`` are the persons, other than ``created_by``, whose bytes it has: who holds the token that registered it,
    and whoever made what it is a copy of. None of them may approve it. ``scan`` is None if the registry did not scan
    when it was registered and nobody has asked for a scan since; then it is not in quarantine.
    """

    model: str
    number: int
    uid: str
    description: Description
    status: Status
    stage: str
    digest: str
    file_count: int
    total_size: int
    created_at: Instant
    created_by: str
    upload_expires_at: Instant
    stage_since: Instant = Instant("")
    updated_at: Instant = Instant("")
    revised_at: Instant = Instant("")
    revision: int = 0
    ready_at: Instant | None = None
    aliases: tuple[str, ...] = ()
    lock: Lock | None = None
    legal_hold: Hold | None = None
    burial: Burial | None = None
    restored_at: Instant | None = None
    intake: Intake | None = None
    authors: tuple[str, ...] = ()
    scan: Scan | None = None

    @property
    def identity(self) -> Identity:
        return (Version, self.number)

    @property
    def people(self) -> frozenset[str]:
        """The persons who registered it or whose bytes it has. They do not judge it, nor vouch for it."""
        return people((self.created_by, *self.authors))

    @property
    def clearance(self) -> Clearance | None:
        """Whether its bytes may be given out; None if the registry does not scan it."""
        return None if self.scan is None else self.scan.clearance

    @property
    def visible(self) -> bool:
        """Whether lists show it: it is neither deleted nor expired."""
        return self.burial is None

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        moved = before is None or before.stage != self.stage
        described = before is None or before.description.description != self.description.description
        return replace(
            self,
            stage_since=stamp.time if moved else self.stage_since,
            updated_at=stamp.time,
            revised_at=stamp.time if moved or described else self.revised_at,
            revision=stamp.revision,
        )


@dataclass(frozen=True, slots=True)
class Label(Record, kind="label"):
    """The claim of a semantic version label, which names one version of a model for good."""

    text: str
    number: int

    @property
    def identity(self) -> Identity:
        return (Label, self.text)


@dataclass(frozen=True, slots=True)
class Displaced(DomainChange):
    """A version was put out of the stage ``left`` into ``entered`` by the one that took its place."""

    number: int
    left: str
    entered: str


@dataclass(frozen=True, slots=True)
class Repointed(DomainChange):
    """A version that was not loaded gained or lost an alias."""

    number: int
