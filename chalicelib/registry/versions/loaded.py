"""Versions out of a snapshot."""

from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.decisions import existing
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import loaded_model


def loaded_version(snapshot: Snapshot, model: str, number: int) -> Version:
    """The version of a snapshot, unless it is deleted. Raises VersionNotFoundError."""
    return existing(model, number, snapshot.get(Version, number))


def matched_version(snapshot: Snapshot, model: str, number: int, request: Request) -> tuple[Model, Version]:
    """The model and its version, the caller's ETag checked against the version's.

    Raises ModelNotFoundError, VersionNotFoundError, PreconditionFailedError.
    """
    current = loaded_model(snapshot, model)
    version = loaded_version(snapshot, model, number)
    request.check_match(version.revision)
    return current, version
