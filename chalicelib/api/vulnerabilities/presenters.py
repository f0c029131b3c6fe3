"""Advisory indexes and assessments as JSON documents."""

from typing import Any

from chalicelib.domain.instants import Instant
from chalicelib.domain.vulnerabilities.assessment import Assessment
from chalicelib.domain.vulnerabilities.finding import Finding
from chalicelib.registry.vulnerabilities.affected import AffectedVersion
from chalicelib.registry.vulnerabilities.indexes import IndexState, IndexUpload


def upload_document(upload: IndexUpload) -> dict[str, Any]:
    return {
        "url": upload.put.url,
        "headers": dict(upload.put.headers),
        "method": upload.put.method,
        "expires_at": upload.expires_at,
    }


def state_document(state: IndexState) -> dict[str, Any]:
    return {
        "index": None if state.current is None else state.current.document(),
        "rematching": state.rematching,
        "matched": 0 if state.rematch is None else state.rematch.done,
    }


def assessment_document(model: str, assessment: Assessment, now: Instant) -> dict[str, Any]:
    found = assessment.matched
    return {
        "model": model,
        "version": assessment.version,
        "matched_at": assessment.matched_at,
        "index": None if found is None else found.sha256,
        "published_at": None if found is None else found.published_at,
        "requirements": 0 if found is None else found.requirements,
        "vulnerabilities": [_vulnerability(assessment, one, now) for one in assessment.findings],
        "unpinned": [] if found is None else list(found.unpinned),
        "cut": 0 if found is None else found.cut,
        "statements": [
            {"id": name, **one.document(), "stands": one.stands(now)}
            for name, one in sorted(assessment.statements.items())
        ],
    }


def affected_document(affected: AffectedVersion, now: Instant) -> dict[str, Any]:
    version = affected.version
    return {
        "model": version.model,
        "version": version.number,
        "stage": version.stage,
        "aliases": list(version.aliases),
        "requirements": list(affected.requirements),
        "vulnerabilities": [_vulnerability(affected.assessment, one, now) for one in affected.findings],
    }


def _vulnerability(assessment: Assessment, finding: Finding, now: Instant) -> dict[str, Any]:
    return {**finding.document(), "lifted": assessment.lifts(finding, now)}
