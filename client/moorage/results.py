"""What the registry answers, as frozen dataclasses. docs/api.md describes the fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from moorage import metadata as typed_metadata

Number: TypeAlias = int | float
Scalar: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class StageHolder:
    """The version that stands in a stage, if any."""

    version: int | None = None


@dataclass(frozen=True, slots=True)
class Beats:
    """Better than the version in ``stage`` by at least ``by``."""

    stage: str
    by: Number = 0


@dataclass(frozen=True, slots=True)
class PromotionRule:
    """Move a new READY version to ``to_stage`` when its ``metric`` is good enough or beats a rival's."""

    metric: str
    to_stage: str
    higher_is_better: bool = True
    at_least: Number | None = None
    beats: Beats | None = None


@dataclass(frozen=True, slots=True)
class ListedModel:
    """What a list shows of a model."""

    name: str
    created_at: datetime
    description: str = ""
    owner: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    created_by: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A model. ``versions`` counts those neither deleted nor expired; ``etag`` goes into ``if_match``."""

    name: str
    created_at: datetime
    description: str = ""
    owner: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    created_by: str = ""
    updated_at: datetime | None = None
    last_version: int = 0
    versions: int = 0
    aliases: dict[str, int] = field(default_factory=dict)
    stages: dict[str, StageHolder] = field(default_factory=dict)
    promotion_rule: PromotionRule | None = None
    etag: str | None = None

    @property
    def typed_metadata(self) -> Mapping[str, Any]:
        """The metadata with its times as datetimes."""
        return _typed(self.metadata)


@dataclass(frozen=True, slots=True)
class Version:
    """A version. ``etag`` goes into ``if_match``."""

    model: str
    number: int
    status: str
    created_at: datetime
    label: str | None = None
    stage: str | None = None
    stage_since: datetime | None = None
    aliases: tuple[str, ...] = ()
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Scalar] = field(default_factory=dict)
    metrics: dict[str, Number] = field(default_factory=dict)
    provenance: dict[str, Any] | None = None
    framework: dict[str, Any] | None = None
    signature: dict[str, Any] | None = None
    digest: str | None = None
    file_count: int = 0
    total_size: int = 0
    created_by: str | None = None
    ready_at: datetime | None = None
    updated_at: datetime | None = None
    upload_expires_at: datetime | None = None
    etag: str | None = None

    @property
    def ready(self) -> bool:
        """Whether every file is uploaded and verified."""
        return self.status == "READY"

    @property
    def typed_metadata(self) -> Mapping[str, Any]:
        """The metadata with its times as datetimes."""
        return _typed(self.metadata)


@dataclass(frozen=True, slots=True)
class UploadedPart:
    number: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of an upload plan: ``kind`` is single (``url`` and ``headers`` to put it) or multipart."""

    path: str
    size: int
    kind: str
    uploaded: bool = False
    url: str | None = None
    headers: dict[str, str] | None = None
    part_size: int | None = None
    part_count: int | None = None
    uploaded_parts: tuple[UploadedPart, ...] = ()


@dataclass(frozen=True, slots=True)
class UploadPlan:
    version: int
    files: tuple[PlannedFile, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """A new version and how to upload its files."""

    version: Version
    upload: UploadPlan


@dataclass(frozen=True, slots=True)
class SignedPart:
    """Where and with which headers to put one part."""

    number: int
    url: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignedParts:
    path: str
    parts: tuple[SignedPart, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file of a manifest: stored (``url``) or a reference to elsewhere (``uri``)."""

    path: str
    size: int
    sha256: str
    verified: str | None = None
    url: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class ManifestPage:
    model: str
    version: int
    items: tuple[Artifact, ...]
    digest: str | None = None
    next_cursor: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    alias: str
    model: str
    version: int
    updated_at: datetime | None = None
    updated_by: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    exclusive: bool = False
    next: tuple[str, ...] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One entry of an alias's or a stage's history."""

    sequence: int
    time: datetime
    version: int | None = None
    previous_version: int | None = None
    event_id: str | None = None
    actor: str | None = None
    trigger: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One committed change. ``document`` is the event exactly as it was sent: what its hash covers."""

    id: str
    ledger: str
    sequence: int
    type: str
    time: datetime
    previous_hash: str
    hash: str
    actor: str | None = None
    model: str | None = None
    version: int | None = None
    alias: str | None = None
    subject: str | None = None
    trigger: str | None = None
    reason: str | None = None
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ChainFault:
    sequence: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What the registry found when it checked a stretch of a ledger."""

    ledger: str
    checked: int
    through_sequence: int
    head_hash: str
    complete: bool
    intact: bool
    from_sequence: int | None = None
    fault: ChainFault | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook. ``secret`` is present only in the answer that created it."""

    id: str
    url: str
    events: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    description: str | None = None
    enabled: bool = True
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver. ``status`` is None when no answer came, ``error`` when the receiver took it."""

    time: datetime
    duration_ms: int = 0
    status: int | None = None
    error: str | None = None
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to a webhook; ``id`` is its ``webhook-id`` header."""

    id: str
    state: str
    event_type: str
    webhook: str | None = None
    ledger: str | None = None
    sequence: int | None = None
    round: int = 1
    created_at: datetime | None = None
    next_attempt_at: datetime | None = None
    finished_at: datetime | None = None
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on every model whose name matches the pattern ``models``."""

    role: str
    models: str


@dataclass(frozen=True, slots=True)
class Token:
    """A token's record. ``token``, the secret itself, is present only in the answer that created it."""

    id: str
    name: str
    grants: tuple[Grant, ...] = ()
    groups: tuple[str, ...] = ()
    expires_at: datetime | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    revoked_at: datetime | None = None
    rotated_at: datetime | None = None
    last_used_at: datetime | None = None
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    principal: str
    grants: tuple[Grant, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """What a grant of it allows."""

    name: str
    actions: tuple[str, ...]
    built_in: bool = False
    description: str = ""
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class SubjectGrants:
    """All grants recorded for one principal or group."""

    id: str
    subject: str
    grants: tuple[Grant, ...]
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """Identities from elsewhere: tokens of an OIDC ``issuer``, or AWS principals (``arns``), by ``kind``."""

    name: str
    kind: str
    grants: tuple[Grant, ...]
    issuer: str | None = None
    audience: str | None = None
    algorithms: tuple[str, ...] = ()
    conditions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups_claim: str | None = None
    arns: tuple[str, ...] = ()
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One grant by which somebody may do something, and the record that holds it."""

    source: str
    id: str
    principal: str
    role: str
    models: str
    groups: tuple[str, ...] = ()
    expires_at: datetime | None = None


def _typed(metadata: dict[str, Any]) -> Mapping[str, Any]:
    converted: Mapping[str, Any] = typed_metadata.from_wire(metadata)
    return converted
