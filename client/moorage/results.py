"""Models, versions and other results as frozen dataclasses. docs/api.md describes the fields."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from moorage.metadata import TIMES
from moorage.scan_results import Scan

Number: TypeAlias = int | float
Scalar: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class StageHolder:
    """The version that is in a stage, if any."""

    version: int | None = None


@dataclass(frozen=True, slots=True)
class Beats:
    """A condition: better than the version in ``stage`` by at least ``by``."""

    stage: str
    by: Number = 0


@dataclass(frozen=True, slots=True)
class PromotionRule:
    """Promote a new READY version to ``to_stage`` by its ``metric``.

    The value must reach ``at_least`` (at most, if lower is better), or beat the version in another stage.
    """

    metric: str
    to_stage: str
    higher_is_better: bool = True
    at_least: Number | None = None
    beats: Beats | None = None


@dataclass(frozen=True, slots=True)
class SchemeRef:
    """A version of a promotion scheme."""

    name: str
    version: int


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model as it appears in a list. Times in ``metadata`` are datetimes."""

    name: str
    created_at: datetime
    description: str = ""
    owner: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict, metadata=TIMES)
    created_by: str = ""


@dataclass(frozen=True, slots=True)
class Restriction:
    """A freeze, a lock or a legal hold."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Which versions to delete by age.

    ``never_promoted_after_days`` applies to versions that never left the first stage, ``archived_after_days`` to
    archived versions. The ``keep_last`` newest versions are kept in any case.
    """

    never_promoted_after_days: int | None = None
    archived_after_days: int | None = None
    keep_last: int = 0


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A version in short. ``metrics`` are the first forty by name."""

    number: int
    status: str
    stage: str
    stage_since: datetime
    created_at: datetime
    created_by: str
    label: str | None = None
    aliases: tuple[str, ...] = ()
    metrics: dict[str, Number] = field(default_factory=dict)
    scan: Scan | None = None


@dataclass(frozen=True, slots=True)
class Holders:
    """The versions that matter most of a model. ``serving`` is the one in the last exclusive stage that has any."""

    champion: VersionSummary | None = None
    challenger: VersionSummary | None = None
    serving: VersionSummary | None = None
    open_requests: int = 0


@dataclass(frozen=True, slots=True)
class Model:
    """A model. ``holders`` is set only by a search that asks for it.

    ``classification`` is ``public``, ``internal``, ``confidential`` or ``restricted``, None if nobody has said.
    ``versions`` counts versions that are not deleted or expired. Times in ``metadata`` are datetimes. Pass ``etag`` as
    ``if_match``.
    """

    name: str
    created_at: datetime
    description: str = ""
    owner: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict, metadata=TIMES)
    created_by: str = ""
    updated_at: datetime | None = None
    revised_at: datetime | None = None
    last_version: int = 0
    versions: int = 0
    aliases: dict[str, int] = field(default_factory=dict)
    stages: dict[str, StageHolder] = field(default_factory=dict)
    protected_aliases: tuple[str, ...] = ()
    scheme: SchemeRef | None = None
    tier: str | None = None
    classification: str | None = None
    personal_data: bool = False
    promotion_rule: PromotionRule | None = None
    retention: RetentionRule | None = None
    frozen: Restriction | None = None
    etag: str | None = None
    holders: Holders | None = None

    def _repr_html_(self) -> str:
        from moorage.notebook import model_html

        return model_html(self)


@dataclass(frozen=True, slots=True)
class FileWarning:
    """A file that some systems cannot hold under its own name."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version. Times in ``metadata`` are datetimes. Pass ``etag`` as ``if_match``.

    Only ``Client.register`` sets ``warnings``.
    """

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
    metadata: dict[str, Any] = field(default_factory=dict, metadata=TIMES)
    parameters: dict[str, Scalar] = field(default_factory=dict)
    metrics: dict[str, Number] = field(default_factory=dict)
    provenance: dict[str, Any] | None = None
    framework: dict[str, Any] | None = None
    signature: dict[str, Any] | None = None
    task: str | None = None
    digest: str | None = None
    file_count: int = 0
    total_size: int = 0
    created_by: str | None = None
    ready_at: datetime | None = None
    updated_at: datetime | None = None
    revised_at: datetime | None = None
    upload_expires_at: datetime | None = None
    locked: Restriction | None = None
    legal_hold: Restriction | None = None
    scan: Scan | None = None
    etag: str | None = None
    warnings: tuple[FileWarning, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether every file is uploaded and verified."""
        return self.status == "READY"

    def _repr_html_(self) -> str:
        from moorage.notebook import version_html

        return version_html(self)


@dataclass(frozen=True, slots=True)
class UploadedPart:
    """A part of a file that storage already has."""

    number: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of an upload plan.

    ``kind`` is ``single`` (upload it with a PUT to ``url`` and ``headers``) or ``multipart``.
    """

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
    """How to upload the files of a version."""

    version: int
    files: tuple[PlannedFile, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """A new version and how to upload its files."""

    version: Version
    upload: UploadPlan
    warnings: tuple[FileWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedPart:
    """A presigned URL for one part, and the headers to send with it."""

    number: int
    url: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignedParts:
    """Presigned URLs for parts of one file."""

    path: str
    parts: tuple[SignedPart, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file of a version: stored in the registry (``url``), or a reference to another place (``uri``)."""

    path: str
    size: int
    sha256: str
    verified: str | None = None
    url: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of a version without a way to get it. ``kind`` is ``single``, ``multipart`` or ``reference``.

    ``verified`` says what the storage has proved: ``sha256``, ``composite`` (the hash of the parts' hashes), or
    ``declared`` for nothing.
    """

    path: str
    size: int
    sha256: str
    verified: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ManifestPage:
    """One page of the list of a version's files. ``verdict`` is that of its last scan, None if there is none."""

    model: str
    version: int
    items: tuple[Artifact, ...]
    digest: str | None = None
    verdict: str | None = None
    next_cursor: str | None = None
    expires_at: datetime | None = None
    registry_signs: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """An alias and the version that it points at."""

    alias: str
    model: str
    version: int
    updated_at: datetime | None = None
    updated_by: str | None = None
    protected: bool = False

    def _repr_html_(self) -> str:
        from moorage.notebook import alias_html

        return alias_html(self)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a model's scheme.

    ``version`` is the one in it that entered it last. ``next`` are the stages that a version can move to from here.
    """

    name: str
    exclusive: bool = False
    protected: bool = False
    next: tuple[str, ...] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One entry in the history of an alias or a stage."""

    sequence: int
    time: datetime
    version: int | None = None
    previous_version: int | None = None
    event_id: str | None = None
    actor: str | None = None
    trigger: str | None = None
    reason: str | None = None
    details: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AsOf:
    """Where an alias or a stage pointed at a time. ``move`` is the entry of its history that applied then."""

    pointer: str
    time: datetime
    version: int | None = None
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class ModelAsOf:
    """Which version of a model was in a stage at a time, and the move that put it there."""

    model: str
    pointer: str
    time: datetime
    version: int
    move: Move
