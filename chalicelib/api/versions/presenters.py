"""Versions, uploads and manifests as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.api.scanning.presenters import verdict_of, version_scan_document
from chalicelib.domain.search.entries import first_metrics
from chalicelib.domain.versions import portability

if TYPE_CHECKING:
    from chalicelib.domain.versions.manifest import File
    from chalicelib.domain.versions.version import Version
    from chalicelib.registry.versions.downloads import DownloadFile, DownloadManifest
    from chalicelib.registry.versions.file_pages import FilePage
    from chalicelib.registry.versions.uploads import FileUpload, PartPlan, UploadPlan


def version_document(version: Version) -> dict[str, Any]:
    return {
        "model": version.model,
        "number": version.number,
        "status": version.status.value,
        "stage": version.stage,
        "stage_since": version.stage_since,
        "aliases": list(version.aliases),
        **version.description.document(),
        "digest": version.digest,
        "file_count": version.file_count,
        "total_size": version.total_size,
        "created_at": version.created_at,
        "created_by": version.created_by,
        "ready_at": version.ready_at,
        "updated_at": version.updated_at,
        "revised_at": version.revised_at,
        "upload_expires_at": version.upload_expires_at,
        "locked": None if version.lock is None else version.lock.document(),
        "legal_hold": None if version.legal_hold is None else version.legal_hold.document(),
        "scan": version_scan_document(version),
    }


def version_summary_document(version: Version | None) -> dict[str, Any] | None:
    if version is None:
        return None
    return {
        "number": version.number,
        "label": version.description.label,
        "status": version.status.value,
        "stage": version.stage,
        "stage_since": version.stage_since,
        "aliases": list(version.aliases),
        "created_at": version.created_at,
        "created_by": version.created_by,
        "metrics": dict(first_metrics(version)),
        "clearance": None if version.clearance is None else version.clearance.document(),
    }


def registered_document(plan: UploadPlan) -> dict[str, Any]:
    """A version that was just registered, and where to upload its files."""
    warnings = portability.warnings(upload.file.path for upload in plan.files)
    return {
        "version": version_document(plan.version),
        "upload": upload_plan_document(plan),
        "warnings": [{"path": warning.pointer, "message": warning.message} for warning in warnings],
    }


def upload_plan_document(plan: UploadPlan) -> dict[str, Any]:
    return {
        "version": plan.version.number,
        "expires_at": plan.expires_at,
        "files": [_upload(upload) for upload in plan.files],
    }


def _upload(upload: FileUpload) -> dict[str, Any]:
    file = upload.file
    document: dict[str, Any] = {
        "path": file.path,
        "size": file.size,
        "kind": "single",
        "uploaded": upload.uploaded,
    }
    if file.multipart is not None:
        return document | {
            "kind": "multipart",
            "part_size": file.multipart.part_size,
            "part_count": file.part_count,
            "uploaded_parts": [
                {"number": part.number, "size": part.size, "sha256": part.sha256} for part in upload.uploaded_parts
            ],
        }
    if upload.put is not None:
        document |= {"url": upload.put.url, "headers": dict(upload.put.headers), "method": upload.put.method}
    return document


def part_plan_document(plan: PartPlan) -> dict[str, Any]:
    return {
        "path": plan.path,
        "parts": [
            {
                "number": part.number,
                "url": part.put.url,
                "headers": dict(part.put.headers),
                "method": part.put.method,
            }
            for part in plan.parts
        ],
        "expires_at": plan.expires_at,
    }


def manifest_document(manifest: DownloadManifest, next_cursor: str | None, registry_signs: bool) -> dict[str, Any]:
    return {
        "model": manifest.model,
        "version": manifest.number,
        "digest": manifest.digest,
        "verdict": verdict_of(manifest.clearance),
        "items": [_file(item) for item in manifest.items],
        "next_cursor": next_cursor,
        "expires_at": manifest.expires_at,
        "registry_signs": registry_signs,
    }


def file_page_document(page: FilePage, next_cursor: str | None) -> dict[str, Any]:
    return {
        "model": page.served.model,
        "version": page.served.number,
        "digest": page.served.digest,
        "items": [
            {
                "path": file.path,
                "size": file.size,
                "sha256": file.sha256,
                "verified": file.verified.value,
                "kind": _kind(file),
            }
            for file in page.files
        ],
        "next_cursor": next_cursor,
    }


def _kind(file: File) -> str:
    if file.uri is not None:
        return "reference"
    return "single" if file.multipart is None else "multipart"


def _file(item: DownloadFile) -> dict[str, Any]:
    file = item.file
    document = {"path": file.path, "size": file.size, "sha256": file.sha256, "verified": file.verified.value}
    if file.uri is not None:
        return document | {"uri": file.uri}
    return document | {"url": item.url}
