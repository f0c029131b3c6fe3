"""Domain values as the JSON documents that answers carry."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chalicelib.domain.access.token_decisions import public_document
from chalicelib.domain.schemes.promotion_rule import rule_document

if TYPE_CHECKING:
    from chalicelib.aws.audit.anchor_store import StoredAnchor
    from chalicelib.domain.access.principal import Principal
    from chalicelib.domain.audit.anchor import ChainHead
    from chalicelib.domain.audit.usage import Usage
    from chalicelib.domain.lifecycle.retention_decisions import ExpiredVersion
    from chalicelib.domain.models.decisions import ModelState
    from chalicelib.domain.models.restrictions import Restriction
    from chalicelib.domain.versions.version import Version
    from chalicelib.registry.access.tokens import CreatedToken, SeenToken
    from chalicelib.registry.aliases.aliases import AliasView, Protection
    from chalicelib.registry.audit.anchors import AnchorLink
    from chalicelib.registry.audit.audit import Verification
    from chalicelib.registry.audit.history import PointerAt
    from chalicelib.registry.models.models import ListedModel
    from chalicelib.registry.promotion.stages import StageView
    from chalicelib.registry.versions.downloads import DownloadFile, DownloadManifest
    from chalicelib.registry.versions.uploads import FileUpload, PartPlan, UploadPlan


def listed_model(listed: ListedModel) -> dict[str, Any]:
    return {
        "name": listed.name,
        **listed.profile.document(),
        "created_at": listed.created_at,
        "created_by": listed.created_by,
    }


def model(state: ModelState) -> dict[str, Any]:
    head = state.model
    return {
        "name": head.name,
        **state.profile.document(),
        "created_at": head.created_at,
        "created_by": head.created_by,
        "updated_at": head.updated_at,
        "revised_at": head.revised_at,
        "last_version": head.last_version,
        "versions": head.versions,
        "aliases": {name: held.version for name, held in head.aliases.items() if held.version is not None},
        "stages": {name: {"version": held.version} for name, held in head.stages.items() if held.version is not None},
        "protected_aliases": list(head.protected_aliases),
        "promotion_rule": None if head.rule is None else rule_document(head.rule),
        "scheme": head.scheme.document(),
        "tier": head.tier.value,
        "retention": None if head.retention is None else head.retention.document(),
        "frozen": _restriction(head.frozen),
    }


def model_revision(state: ModelState) -> int:
    return state.model.head.revision


def version(shown: Version) -> dict[str, Any]:
    return {
        "model": shown.model,
        "number": shown.number,
        "status": shown.status.value,
        "stage": shown.stage,
        "stage_since": shown.stage_since,
        "aliases": list(shown.aliases),
        **shown.description.document(),
        "digest": shown.digest,
        "file_count": shown.file_count,
        "total_size": shown.total_size,
        "created_at": shown.created_at,
        "created_by": shown.created_by,
        "ready_at": shown.ready_at,
        "updated_at": shown.updated_at,
        "revised_at": shown.revised_at,
        "upload_expires_at": shown.upload_expires_at,
        "locked": _restriction(shown.lock),
        "legal_hold": _restriction(shown.legal_hold),
    }


def version_revision(shown: Version) -> int:
    return shown.revision


def upload_plan(plan: UploadPlan) -> dict[str, Any]:
    return {
        "version": plan.version.number,
        "expires_at": plan.expires_at,
        "files": [_upload(upload) for upload in plan.files],
    }


def _upload(upload: FileUpload) -> dict[str, Any]:
    file = upload.file
    shown: dict[str, Any] = {
        "path": file.path,
        "size": file.size,
        "kind": "single",
        "uploaded": upload.uploaded,
    }
    if file.multipart is not None:
        return shown | {
            "kind": "multipart",
            "part_size": file.multipart.part_size,
            "part_count": file.part_count,
            "uploaded_parts": [
                {"number": part.number, "size": part.size, "sha256": part.sha256} for part in upload.uploaded_parts
            ],
        }
    if upload.put is not None:
        shown |= {"url": upload.put.url, "headers": dict(upload.put.headers), "method": upload.put.method}
    return shown


def part_plan(plan: PartPlan) -> dict[str, Any]:
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


def manifest(shown: DownloadManifest, next_cursor: str | None) -> dict[str, Any]:
    return {
        "model": shown.model,
        "version": shown.number,
        "digest": shown.digest,
        "items": [_file(item) for item in shown.items],
        "next_cursor": next_cursor,
        "expires_at": shown.expires_at,
    }


def _file(item: DownloadFile) -> dict[str, Any]:
    file = item.file
    shown = {"path": file.path, "size": file.size, "sha256": file.sha256, "verified": file.verified.value}
    if file.uri is not None:
        return shown | {"uri": file.uri}
    return shown | {"url": item.url}


def alias(shown: AliasView) -> dict[str, Any]:
    return {
        "alias": shown.alias,
        "model": shown.model,
        "version": shown.version,
        "updated_at": shown.updated_at,
        "updated_by": shown.updated_by,
        "protected": shown.protected,
    }


def protection(shown: Protection) -> dict[str, Any]:
    return {"alias": shown.alias, "model": shown.model, "protected": shown.protected}


def alias_revision(shown: AliasView) -> int:
    return shown.revision


def stage(shown: StageView) -> dict[str, Any]:
    return {
        "name": shown.name,
        "exclusive": shown.exclusive,
        "protected": shown.protected,
        "next": list(shown.next),
        "version": shown.version,
    }


def deleted_version(shown: Version) -> dict[str, Any]:
    burial = shown.burial
    if burial is None:
        raise TypeError("only a buried version is shown as deleted")
    return {
        "model": shown.model,
        "number": shown.number,
        "label": shown.description.label,
        "status": shown.status.value,
        "stage": shown.stage,
        "digest": shown.digest,
        "file_count": shown.file_count,
        "total_size": shown.total_size,
        "created_at": shown.created_at,
        "created_by": shown.created_by,
        "ready_at": shown.ready_at,
        "deleted_at": burial.at,
        "deleted_by": burial.by,
        "reason": burial.reason,
        "purge_at": burial.purge_at,
        "legal_hold": _restriction(shown.legal_hold),
        "receipt": None if burial.receipt is None else burial.receipt.document(),
    }


def ripe(found: ExpiredVersion) -> dict[str, Any]:
    return {"version": found.number, "clause": found.clause, "since": found.since, "reason": found.reason}


def _restriction(placed: Restriction | None) -> dict[str, Any] | None:
    return None if placed is None else placed.document()


def standing(found: PointerAt) -> dict[str, Any]:
    return {"pointer": found.pointer, "time": found.time, "version": found.version, "move": found.move}


def verification(found: Verification) -> dict[str, Any]:
    fault = found.fault
    return {
        "ledger": found.ledger,
        "checked": found.checked,
        "from_sequence": found.from_sequence,
        "through_sequence": found.through_sequence,
        "head_hash": found.head_hash,
        "complete": found.complete,
        "intact": fault is None,
        "fault": None if fault is None else {"sequence": fault.sequence, "reason": fault.reason},
    }


def ledger(head: ChainHead) -> dict[str, Any]:
    return asdict(head)


def anchor(stored: StoredAnchor) -> dict[str, Any]:
    return stored._asdict()


def anchor_link(link: AnchorLink) -> dict[str, Any]:
    return asdict(link)


def usage(shown: Usage) -> dict[str, Any]:
    return asdict(shown)


def seen_token(seen: SeenToken) -> dict[str, Any]:
    return {**public_document(seen.token), "last_used_at": seen.last_used_at}


def created_token(created: CreatedToken) -> dict[str, Any]:
    return {**public_document(created.token), "token": created.plain}


def principal(shown: Principal) -> dict[str, Any]:
    return {
        "principal": shown.name,
        "groups": list(shown.groups),
        "grants": [
            {"role": str(grant.role), "models": grant.models, "actions": sorted(shown.actions(grant))}
            for grant in shown.grants
        ],
    }
