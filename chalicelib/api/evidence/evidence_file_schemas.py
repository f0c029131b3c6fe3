"""Schemas of evidence files."""

from typing import Literal

from pydantic import Field

from chalicelib.api.document import Body, Digest, Query, Size, Time, View
from chalicelib.domain.evidence.evidence_file import MAX_SIZE, NewFile


class StartEvidenceFile(Body):
    """A file to upload. ``evaluation`` names the evaluation that it belongs to."""

    size: int = Field(ge=1, le=MAX_SIZE)
    sha256: Digest
    evaluation: str | None = None
    description: str | None = None

    def new_file(self) -> NewFile:
        return NewFile(self.size, self.sha256, self.evaluation, self.description)


class FinishEvidenceFile(Body):
    """``id`` is that of the upload."""

    id: str = Field(min_length=1, max_length=64)


class ListEvidenceFiles(Query):
    evaluation: str | None = Field(None, min_length=1, max_length=64, description="Only files of this evaluation.")


class EvidenceFileUploadView(View):
    """Send the file in one request with exactly these headers, then finish the upload with its ``id``."""

    id: str
    name: str
    url: str
    headers: dict[str, str]
    method: Literal["PUT"]
    expires_at: Time


class EvidenceFileView(View):
    name: str
    size: Size
    sha256: Digest
    evaluation: str | None
    description: str | None
    attached_at: Time
    attached_by: str


class EvidenceFileDownloadView(EvidenceFileView):
    """A file with the URL to download it from until ``expires_at``."""

    url: str
    expires_at: Time
