"""Deleted and expired versions as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.domain.lifecycle.retention_decisions import ExpiredVersion
    from chalicelib.domain.versions.version import Version


def deleted_version_document(version: Version) -> dict[str, Any]:
    burial = version.burial
    if burial is None:
        raise TypeError("only a buried version is shown as deleted")
    return {
        "model": version.model,
        "number": version.number,
        "label": version.description.label,
        "status": version.status.value,
        "stage": version.stage,
        "digest": version.digest,
        "file_count": version.file_count,
        "total_size": version.total_size,
        "created_at": version.created_at,
        "created_by": version.created_by,
        "ready_at": version.ready_at,
        "deleted_at": burial.at,
        "deleted_by": burial.by,
        "reason": burial.reason,
        "purge_at": burial.purge_at,
        "legal_hold": None if version.legal_hold is None else version.legal_hold.document(),
        "receipt": None if burial.receipt is None else burial.receipt.document(),
    }


def expired_version_document(version: ExpiredVersion) -> dict[str, Any]:
    return {"version": version.number, "clause": version.clause, "since": version.since, "reason": version.reason}
