"""Schemas of advisory indexes and of what is known of the vulnerabilities of versions."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib.api.document import Body, Digest, GivenTime, Paging, Size, Time, VersionNumber, View
from chalicelib.domain.vulnerabilities.current_index import MAX_SOURCE, IndexGiven
from chalicelib.domain.vulnerabilities.index_content import MAX_COMPRESSED
from chalicelib.domain.vulnerabilities.statement import MAX_DETAIL, StatementGiven, VexStatus
from chalicelib.registry.vulnerabilities.affected import Sought

SeverityName = Literal["none", "low", "medium", "high", "critical", "unknown"]
StatusName = Literal["not_affected", "affected", "fixed", "under_investigation"]
Text = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class IndexBody(Body):
    """An advisory index: gzipped JSON by its size and SHA-256, where its data came from, and of when the data is."""

    sha256: Digest
    size: int = Field(ge=1, le=MAX_COMPRESSED)
    source: str = Field(min_length=1, max_length=MAX_SOURCE, description="Without a user name or password.")
    published_at: GivenTime
    ecosystem: Literal["PyPI"] = "PyPI"

    def given(self) -> IndexGiven:
        return IndexGiven(self.sha256, self.size, self.source, self.published_at, self.ecosystem)


class IndexUploadView(View):
    """Send the index in one request with exactly these headers, then make it current.

    Storage answers 412 if it has the index already.
    """

    url: str
    headers: dict[str, str]
    method: Literal["PUT"]
    expires_at: Time


class IndexView(View):
    """The index that versions are matched against. ``advisories`` and ``packages`` are how many it has."""

    ecosystem: str
    sha256: Digest
    size: Size
    source: str
    published_at: Time
    advisories: int
    packages: int
    updated_at: Time
    updated_by: str


class IndexStateView(View):
    """The current index, null if there is none, and whether the versions in use are still being matched against it.

    ``matched`` is how many were matched so far.
    """

    index: IndexView | None
    rematching: bool
    matched: int


class StatementBody(Body):
    """How the version stands to the vulnerability. ``not_affected`` takes a justification, or a detail of why."""

    status: StatusName
    justification: str | None = Field(
        None, min_length=1, max_length=64, description="As OpenVEX or CycloneDX name it: vulnerable_code_not_present."
    )
    detail: str = Field("", max_length=MAX_DETAIL)
    expires_at: GivenTime | None = None

    def given(self) -> StatementGiven:
        return StatementGiven(VexStatus(self.status), self.justification or "", self.detail, self.expires_at)


class StatementView(View):
    """What was stated. One that has expired does not stand any more."""

    id: str
    status: StatusName
    justification: str | None
    detail: str
    expires_at: Time | None
    stated_at: Time
    stated_by: str
    stands: bool


class VulnerabilityView(View):
    """A requirement that an advisory affects. ``lifted``: a statement says that it does not count against the version.

    Whose statements count, the gates of the model's scheme say.
    """

    id: str
    package: str
    version: str
    severity: SeverityName
    fixed: str | None
    aliases: list[str]
    lifted: bool


class AssessmentView(View):
    """What is known of the vulnerabilities of a version, worst first. ``matched_at`` is null if it was never matched.

    ``published_at`` is of when the advisories are, and ``requirements`` how many were looked at. ``unpinned`` are those
    that name no single version, so that nobody knows what they bring; ``#3`` is the third line, which names no package.
    ``cut`` is how much more was found than is kept.
    """

    model: str
    version: VersionNumber
    matched_at: Time | None
    index: Digest | None
    published_at: Time | None
    requirements: int
    vulnerabilities: list[VulnerabilityView]
    unpinned: list[str]
    cut: int
    statements: list[StatementView]


class AskAffected(Paging):
    """What to look for: a vulnerability by any of its names, or a package. ``limit`` counts models, of which a page
    looks at no more than 25.
    """

    advisory: Text | None = Field(None, description="The id of an advisory, or an alias such as a CVE.")
    package: Text | None = Field(None, description="The name of a package.")

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.advisory is None) == (self.package is None):
            raise ValueError("must have an advisory or a package, and not both")
        return self

    def sought(self) -> Sought:
        return Sought(self.advisory, self.package)


class AffectedVersionView(View):
    """A version in use that has what was asked for. ``requirements`` are its lines that name the package."""

    model: str
    version: VersionNumber
    stage: str
    aliases: list[str]
    requirements: list[str]
    vulnerabilities: list[VulnerabilityView]
