"""Versions: the single calls of the API. ``Client.register`` and ``Client.download`` combine them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack

from moorage import paths
from moorage.comparison import Comparison
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.errors import NotFoundError
from moorage.listing import Listing, WholeList
from moorage.metadata import to_wire
from moorage.overviews import VersionOverview
from moorage.paths import VersionKey
from moorage.plain_values import NumberLike, ScalarLike, plain_json, plain_metrics, plain_parameters
from moorage.results import ListedFile, ManifestPage, Registration, SignedParts, UploadPlan, Version
from moorage.transitions import DryRun, NextMove


class VersionContent(TypedDict, total=False):
    """The fields of a new version. docs/api.md describes each. Times in ``metadata`` are datetimes.

    Numbers may be those of NumPy, pandas or ``decimal``. NaN and infinities are refused before any call.
    """

    label: str | None
    description: str | None
    tags: Mapping[str, str]
    metadata: Mapping[str, Any]
    parameters: Mapping[str, ScalarLike]
    metrics: Mapping[str, NumberLike]
    provenance: Mapping[str, Any]
    framework: Mapping[str, str]
    signature: Mapping[str, Any]
    task: str
    references: Sequence[Mapping[str, Any]]


class VersionChanges(TypedDict, total=False):
    """The fields of a version that can change. None clears a field; tags are replaced as a whole."""

    description: str | None
    tags: Mapping[str, str] | None


class Versions:
    """The versions of each model."""

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
        """Declare a version and its files. The result has the plan for uploading them."""
        return self._connection.post(
            Registration,
            paths.versions(model),
            {**version_body(content), "files": list(files)},
            idempotency_key=idempotency_key,
        )

    def get(self, model: str, version: VersionKey) -> Version:
        return self._connection.get(Version, paths.version(model, version))

    def latest(self, model: str) -> Version:
        """The READY version with the highest number. Raises NotFoundError if no version is READY."""
        newest = next((version for version in self.list(model) if version.ready), None)
        if newest is None:
            raise NotFoundError(f"{model} has no READY version: register one", code="version_not_found")
        return newest

    def overview(self, model: str, version: VersionKey) -> VersionOverview:
        """A version with its evidence, its open requests, and how it differs from the champion."""
        return self._connection.get(VersionOverview, f"{paths.version(model, version)}/overview")

    def list(self, model: str, *, limit: int | None = None) -> Listing[Version]:
        """The versions of a model, newest first."""
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
        """Delete a version. No alias may point at it and it may hold no stage."""
        self._connection.write("DELETE", paths.version(model, version))

    def upload_plan(self, model: str, version: VersionKey) -> UploadPlan:
        """The files that are still to be uploaded, with new URLs."""
        return self._connection.get(UploadPlan, f"{paths.version(model, version)}/upload")

    def sign_parts(self, model: str, version: VersionKey, path: str, digests: Mapping[int, str]) -> SignedParts:
        """Get URLs for at most 500 parts of one file. ``digests`` maps part numbers to SHA-256."""
        return self._connection.post(
            SignedParts,
            f"{paths.version(model, version)}/upload/parts",
            {"path": path, "parts": [{"number": n, "sha256": sha256} for n, sha256 in digests.items()]},
        )

    def finalise(self, model: str, version: VersionKey) -> Version:
        """Have the registry verify every file. The version is then READY."""
        return self._connection.post(Version, f"{paths.version(model, version)}/finalise")

    def files(self, model: str, version: VersionKey, *, limit: int | None = None) -> Listing[ListedFile]:
        """The files of a version, for who may read but not download them."""
        return self._connection.items(ListedFile, f"{paths.version(model, version)}/files", limit)

    def manifest_page(self, model: str, version: VersionKey, cursor: str | None = None) -> ManifestPage:
        """One page of the version's files, with URLs to download them.

        Raises ForbiddenError (``quarantined``) for a version in quarantine, and ConflictError (``scan_pending``) for
        one that is still being scanned after five minutes.
        """
        path = f"{paths.version(model, version)}/artifacts"
        return self._connection.get(ManifestPage, path, limit=100, cursor=cursor)

    def compare(self, model: str, *versions: VersionKey) -> Comparison:
        """Compare two to five versions, given by number or ``@alias``. Differences are relative to the first."""
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
        """Move a version to a stage. With ``expected_stage``, only if it is in that stage now."""
        body = {"to_stage": to_stage, "reason": reason, "expected_stage": expected_stage}
        return self._connection.post(
            Version,
            f"{paths.version(model, version)}/transitions",
            {name: value for name, value in body.items() if value is not None},
        )

    def explain(self, model: str, version: VersionKey, to_stage: str) -> DryRun:
        """Find out whether a version could move to a stage now: the result of every gate, and the missing approvals."""
        return self._connection.get(DryRun, f"{paths.version(model, version)}/transitions/{paths.segment(to_stage)}")

    def transitions(self, model: str, version: VersionKey) -> WholeList[NextMove]:
        """Find out for every move that the scheme allows from where a version stands whether it could be made now."""
        return self._connection.whole(NextMove, f"{paths.version(model, version)}/transitions")

    def override(
        self, model: str, version: VersionKey, to_stage: str, reason: str, *, expected_stage: str | None = None
    ) -> Version:
        """Break glass: move a version regardless of gates and approvals. The event records what was overridden."""
        body = {"to_stage": to_stage, "reason": reason}
        if expected_stage is not None:
            body["expected_stage"] = expected_stage
        return self._connection.post(Version, f"{paths.version(model, version)}/override", body)


def version_body(content: VersionContent) -> dict[str, Any]:
    """The body that declares a version with ``content``. Raises ValueError for a value that JSON cannot hold."""
    body = {name: value for name, value in content.items() if value is not None}
    if (metrics := content.get("metrics")) is not None:
        body["metrics"] = plain_metrics(metrics)
    if (parameters := content.get("parameters")) is not None:
        body["parameters"] = plain_parameters(parameters)
    if "metadata" in body:
        body["metadata"] = to_wire(body["metadata"])
    plain: dict[str, Any] = plain_json(body)
    return plain
