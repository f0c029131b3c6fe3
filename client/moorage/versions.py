"""Versions: the single calls. ``Client.register`` and ``Client.download`` put them together."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict, Unpack

from moorage import paths
from moorage.comparison import Comparison
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.metadata import to_wire
from moorage.paths import VersionKey
from moorage.results import ManifestPage, Number, Registration, Scalar, SignedParts, UploadPlan, Version
from moorage.transitions import DryRun


class VersionContent(TypedDict, total=False):
    """What a version says of itself; docs/api.md describes each. Times in ``metadata`` are datetimes."""

    label: str | None
    description: str | None
    tags: Mapping[str, str]
    metadata: Mapping[str, Any]
    parameters: Mapping[str, Scalar]
    metrics: Mapping[str, Number]
    provenance: Mapping[str, Any]
    framework: Mapping[str, str]
    signature: Mapping[str, Any]
    references: Sequence[Mapping[str, Any]]


class VersionChanges(TypedDict, total=False):
    """What may change in a version. None empties a field; tags replace all there were."""

    description: str | None
    tags: Mapping[str, str] | None


class Versions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        model: str,
        files: Sequence[Mapping[str, Any]],
        *,
        idempotency_key: str | None = None,
        **content: Unpack[VersionContent],
    ) -> Registration:
        """Declare a version and its files; the answer says how to upload them."""
        body = {name: value for name, value in content.items() if value is not None}
        if "metadata" in body:
            body["metadata"] = to_wire(body["metadata"])
        return self._connection.post(
            Registration,
            paths.versions(model),
            {**body, "files": list(files)},
            idempotency_key=idempotency_key,
        )

    def get(self, model: str, version: VersionKey) -> Version:
        return self._connection.get(Version, paths.version(model, version))

    def list(self, model: str, *, limit: int | None = None) -> Iterator[Version]:
        """Newest first."""
        return self._connection.items(Version, paths.versions(model), limit)

    def update(
        self,
        model: str,
        version: VersionKey,
        *,
        if_match: str | None = None,
        **changes: Unpack[VersionChanges],
    ) -> Version:
        path = paths.version(model, version)
        return decode(Version, self._connection.write("PATCH", path, dict(changes), if_match=if_match))

    def delete(self, model: str, version: VersionKey) -> None:
        """Delete a version that no alias and no stage holds."""
        self._connection.write("DELETE", paths.version(model, version))

    def upload_plan(self, model: str, version: VersionKey) -> UploadPlan:
        """What is still to be uploaded, with fresh URLs."""
        return self._connection.get(UploadPlan, f"{paths.version(model, version)}/upload")

    def sign_parts(self, model: str, version: VersionKey, path: str, digests: Mapping[int, str]) -> SignedParts:
        """URLs for at most 500 parts of one file: ``digests`` is part number to SHA-256."""
        return self._connection.post(
            SignedParts,
            f"{paths.version(model, version)}/upload/parts",
            {"path": path, "parts": [{"number": n, "sha256": sha256} for n, sha256 in digests.items()]},
        )

    def finalise(self, model: str, version: VersionKey) -> Version:
        """Have every file verified; the version is READY then."""
        return self._connection.post(Version, f"{paths.version(model, version)}/finalise")

    def manifest_page(self, model: str, version: VersionKey, cursor: str | None = None) -> ManifestPage:
        """Files with URLs to download them."""
        path = f"{paths.version(model, version)}/artifacts"
        return self._connection.get(ManifestPage, path, limit=100, cursor=cursor)

    def compare(self, model: str, *versions: VersionKey) -> Comparison:
        """Two to five versions, by number or ``@alias``; differences are from the first."""
        named = ",".join(paths.version_key(version) for version in versions)
        return self._connection.get(Comparison, f"{paths.model(model)}/compare", versions=named)

    def transition(
        self,
        model: str,
        version: VersionKey,
        to_stage: str,
        *,
        reason: str | None = None,
        expected_stage: str | None = None,
    ) -> Version:
        """Move a version to a stage; with ``expected_stage``, only if it stands there now."""
        body = {"to_stage": to_stage, "reason": reason, "expected_stage": expected_stage}
        return self._connection.post(
            Version,
            f"{paths.version(model, version)}/transitions",
            {name: value for name, value in body.items() if value is not None},
        )

    def explain(self, model: str, version: VersionKey, to_stage: str) -> DryRun:
        """What a move to a stage would meet now: every gate with what it found, and who has yet to approve."""
        return self._connection.get(DryRun, f"{paths.version(model, version)}/transitions/{paths.segment(to_stage)}")

    def override(
        self, model: str, version: VersionKey, to_stage: str, reason: str, *, expected_stage: str | None = None
    ) -> Version:
        """Break glass: move a version whatever its gates and approvals say; the event names what was overridden."""
        body = {"to_stage": to_stage, "reason": reason}
        if expected_stage is not None:
            body["expected_stage"] = expected_stage
        return self._connection.post(Version, f"{paths.version(model, version)}/override", body)
