"""The calls with which OCI clients pull a version: its tags, its manifest, and its blobs."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from chalicelib.api.call import Answer
from chalicelib.api.scanning.presenters import verdict_headers
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.audit.usage import FILE, Use
from chalicelib.domain.oci.modelpack import CONFIG_TYPE, MANIFEST_TYPE, Document, digest
from chalicelib.registry.audit.use_counts import record_use
from chalicelib.registry.oci import pulls


@dataclass(frozen=True, slots=True)
class OciCall:
    """A call about a model. ``repository`` is its name, ``reference`` a tag or a digest, as the caller wrote them."""

    services: Services
    principal: Principal
    method: str
    repository: str
    model: str
    reference: str
    query: Mapping[str, str]


def tags(call: OciCall) -> Answer:
    """The tags that name a version, in order; after ``last``, and at most ``n``, if the caller asks for that.

    https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
    """
    listed = [tag for tag in pulls.tags(call.services, call.model) if tag > call.query.get("last", "")]
    most = call.query.get("n", "")
    if not most.isdecimal() or int(most[:9]) >= len(listed):
        return Answer({"name": call.repository, "tags": listed})
    page = listed[: int(most)]
    headers = {}
    if page:
        following = urlencode({"n": most, "last": page[-1]})
        headers["Link"] = f'</v2/{call.repository}/tags/list?{following}>; rel="next"'
    return Answer({"name": call.repository, "tags": page}, headers=headers)


def manifest(call: OciCall) -> Answer:
    """The manifest of a version."""
    found = pulls.manifest_at(call.services, call.model, call.reference)
    # Not an annotation: a manifest is named by its digest, which must not change with the verdict.
    return _document(found.document, MANIFEST_TYPE, verdict_headers(found.clearance))


def blob(call: OciCall) -> Answer:
    """A configuration, or a redirect to a file's bytes. To GET a file is a use of the version that it was found in."""
    found = pulls.blob_at(call.services, call.model, call.reference, call.method)
    if isinstance(found, Document):
        return _document(found, CONFIG_TYPE)
    if call.method == "GET":
        record_use(Use(call.model, found.number, call.principal.name, FILE, call.services.clock()))
    return Answer(
        status=307,
        secret=True,
        digest=found.file.sha256,
        headers={
            "Location": str(found.url),
            "Docker-Content-Digest": digest(found.file.sha256),
            **verdict_headers(found.clearance),
        },
    )


def _document(document: Document, media_type: str, more: Mapping[str, str] | None = None) -> Answer:
    # An ETag is quoted, and the digest of OCI has a header of its own.
    headers = {"Content-Type": media_type, "Docker-Content-Digest": digest(document.sha256), **(more or {})}
    return Answer(text=document.text, digest=document.sha256, headers=headers)
