"""Schemas of versions: what is registered, uploaded and downloaded."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib.api.document import Body, Digest, Query, Size, Time, VersionNumber, View
from chalicelib.api.models.schemas import RestrictionView
from chalicelib.api.scanning.schemas import ClearanceView, VerdictName, VersionScanView
from chalicelib.domain import documents
from chalicelib.domain.names import MAX_LABEL, MAX_MODEL_NAME, MAX_PATH_BYTES
from chalicelib.domain.versions.manifest import MAX_PART_SIZE, MAX_PARTS, MIN_PART_SIZE, File, Multipart
from chalicelib.domain.versions.version import Description

MAX_PARTS_AT_ONCE = 500

Text = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
Path = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PATH_BYTES)]
PartNumber = Annotated[int, Field(ge=1, le=MAX_PARTS)]


class Run(Body):
    """The run in an experiment tracker that made the version."""

    id: Text | None = None
    url: Text | None = None


class Dataset(Body):
    name: Text
    version: Text | None = None
    digest: Text | None = None


class Source(Body):
    repository: Text
    commit: Text


class BaseModelUsed(Body):
    """What a version was made from: a version of this registry (``model`` and ``version``), or a model elsewhere.

    ``relation`` is as on the Hugging Face Hub.
    """

    model: Annotated[str, StringConstraints(min_length=1, max_length=MAX_MODEL_NAME)] | None = None
    version: VersionNumber | None = None
    name: Text | None = Field(None, examples=["google-bert/bert-base-uncased"])
    revision: Text | None = None
    relation: Literal["adapter", "merge", "quantized", "finetune", "distilled"] | None = None

    @model_validator(mode="after")
    def _check_identity(self) -> Self:
        here = self.model is not None and self.version is not None
        if here == (self.name is not None) or (self.model is None) != (self.version is None):
            raise ValueError("must have a model and a version, or a name")
        return self


class Runtime(Body):
    """What a version was made with. An ``image`` is best named by its digest, as in ``team/train@sha256:…``."""

    python: Text | None = None
    image: Text | None = None
    requirements: list[Text] = Field(default_factory=list, max_length=1000)


class ArtifactSource(Body):
    """Where the files were logged before registration: their address, and the tracker's logged model.

    ``location`` is where they are, if ``uri`` names a version whose files are outside the registry.
    """

    uri: Text
    logged_model: Text | None = None
    location: Text | None = None


class Provenance(Body):
    """Where a version comes from."""

    author: Text | None = None
    run: Run | None = None
    datasets: list[Dataset] = Field(default_factory=list, max_length=100)
    source: Source | None = None
    runtime: Runtime | None = None
    base_models: list[BaseModelUsed] = Field(default_factory=list, max_length=20)
    artifact_source: ArtifactSource | None = None


class Framework(Body):
    name: Text
    version: Text | None = None


class Signature(Body):
    """The model's inputs and outputs, as any JSON."""

    inputs: Any = None
    outputs: Any = None
    parameters: Any = None


class MultipartFile(Body):
    """``sha256`` is the hash of the concatenated binary SHA-256 digests of the parts."""

    part_size: int = Field(ge=MIN_PART_SIZE, le=MAX_PART_SIZE)
    sha256: Digest


class NewFile(Body):
    path: Path
    size: Size
    sha256: Digest
    multipart: MultipartFile | None = None

    def file(self) -> File:
        cut = None if self.multipart is None else Multipart(self.multipart.part_size, self.multipart.sha256)
        return File(self.path, self.size, self.sha256, cut)


class NewReference(Body):
    """A file that stays where it is. It is recorded, not uploaded."""

    path: Path
    uri: Text
    size: Size
    sha256: Digest

    def file(self) -> File:
        return File(self.path, self.size, self.sha256, uri=self.uri)


class RegisterVersion(Body):
    label: str | None = Field(None, max_length=MAX_LABEL, description="A semantic version, unique within the model.")
    description: str = Field("", max_length=documents.MAX_DESCRIPTION)
    tags: dict[str, str] = Field(default_factory=dict)
    metadata: dict[str, Any] = Field(default_factory=dict)
    parameters: dict[str, bool | int | float | str] = Field(default_factory=dict)
    metrics: dict[str, int | float] = Field(default_factory=dict)
    provenance: Provenance | None = None
    framework: Framework | None = None
    signature: Signature | None = None
    task: str | None = Field(None, description="What the model does.", examples=["tabular-classification"])
    files: list[NewFile] = Field(default_factory=list)
    references: list[NewReference] = Field(default_factory=list)

    def described(self) -> Description:
        """What the caller gave of a version's description. Nested documents hold only the fields that were given."""
        described: dict[str, Any] = {}
        for name in Description.__dataclass_fields__:
            value = getattr(self, name)
            if value is not None:
                described[name] = _given(value) if isinstance(value, Body) else value
        return Description(**described)

    def all_files(self) -> list[File]:
        return [file.file() for file in self.files] + [reference.file() for reference in self.references]


def _given(document: Body) -> dict[str, Any]:
    """The fields that the caller gave, without defaults."""
    return document.model_dump(exclude_unset=True)


class AnnotateVersion(Body):
    """Fields to change. ``null`` empties a field. Given ``tags`` replace all present ones."""

    description: str | None = Field(None, max_length=documents.MAX_DESCRIPTION)
    tags: dict[str, str] | None = None

    def new_description(self) -> str | None:
        return self.description or "" if "description" in self.model_fields_set else None

    def new_tags(self) -> dict[str, str] | None:
        return self.tags or {} if "tags" in self.model_fields_set else None


class NewPart(Body):
    number: PartNumber
    sha256: Digest


class RequestParts(Body):
    """Parts of one file to get URLs for, each with the SHA-256 that its URL will sign."""

    path: Path
    parts: list[NewPart] = Field(min_length=1, max_length=MAX_PARTS_AT_ONCE)

    def digests(self) -> list[tuple[int, str]]:
        return [(part.number, part.sha256) for part in self.parts]


class FileQuery(Query):
    path: str = Field(min_length=1, max_length=MAX_PATH_BYTES, description="The file's path in the version.")


class VersionView(View):
    """A version. ``digest`` is the SHA-256 of its canonical manifest.

    ``updated_at`` is the time of the last change of any kind, ``revised_at`` that of the last change of description or
    stage.
    """

    model: str
    number: VersionNumber
    label: str | None
    status: Literal["PENDING", "READY"]
    stage: str
    stage_since: Time
    aliases: list[str]
    description: str
    tags: dict[str, str]
    metadata: dict[str, Any]
    parameters: dict[str, bool | int | float | str]
    metrics: dict[str, int | float]
    provenance: dict[str, Any]
    framework: dict[str, Any] | None
    signature: dict[str, Any] | None
    task: str | None
    digest: Digest
    file_count: int
    total_size: int
    created_at: Time
    created_by: str
    ready_at: Time | None
    updated_at: Time
    revised_at: Time
    upload_expires_at: Time | None
    locked: RestrictionView | None
    legal_hold: RestrictionView | None
    scan: VersionScanView | None


class VersionSummaryView(View):
    """A version in short. ``metrics`` are the first forty by name, those that the search knows."""

    number: VersionNumber
    label: str | None
    status: Literal["PENDING", "READY"]
    stage: str
    stage_since: Time
    aliases: list[str]
    created_at: Time
    created_by: str
    metrics: dict[str, int | float]
    clearance: ClearanceView | None


class SingleUpload(View):
    """A file to upload in one request. ``url``, ``headers`` and ``method`` are absent once it is uploaded."""

    path: str
    size: int
    kind: Literal["single"]
    uploaded: bool
    url: str | None = None
    headers: dict[str, str] | None = None
    method: Literal["PUT"] | None = None


class UploadedPart(View):
    number: PartNumber
    size: int
    sha256: Digest


class MultipartUpload(View):
    """A file to upload in parts. ``uploaded_parts`` are the parts that S3 has."""

    path: str
    size: int
    kind: Literal["multipart"]
    uploaded: bool
    part_size: int
    part_count: int
    uploaded_parts: list[UploadedPart]


class UploadPlanView(View):
    version: VersionNumber
    expires_at: Time
    files: list[Annotated[SingleUpload | MultipartUpload, Field(discriminator="kind")]]


class FileWarning(View):
    """A file that some clients cannot download under its own name."""

    path: str
    message: str


class RegisteredView(View):
    version: VersionView
    upload: UploadPlanView
    warnings: list[FileWarning]


class PartUpload(View):
    number: PartNumber
    url: str
    headers: dict[str, str]
    method: Literal["PUT"]


class PartPlanView(View):
    path: str
    parts: list[PartUpload]
    expires_at: Time


class FileView(View):
    """A stored file has a ``url``, a reference a ``uri``. ``verified`` says what S3 has proved about the file."""

    path: str
    size: int
    sha256: Digest
    verified: Literal["sha256", "composite", "declared"]
    url: str | None = None
    uri: str | None = None


class ListedFileView(View):
    """A file without a way to get it. ``kind`` says how it was uploaded, or that it is a reference to another place.

    ``verified`` says what S3 has proved about it: nothing (``declared``) while the version is PENDING.
    """

    path: str
    size: int
    sha256: Digest
    verified: Literal["sha256", "composite", "declared"]
    kind: Literal["single", "multipart", "reference"]


class FilePageView(View):
    model: str
    version: VersionNumber
    digest: Digest
    items: list[ListedFileView]
    next_cursor: str | None


class ManifestView(View):
    """``verdict`` is that of the last scan; null if there is none yet, or if the version is not scanned."""

    model: str
    version: VersionNumber
    digest: Digest
    verdict: VerdictName | None
    items: list[FileView]
    next_cursor: str | None
    expires_at: Time
    registry_signs: bool = Field(
        description="Whether the registry signs versions, so that this one should have the signature named registry."
    )
