"""Assessments of versions, to items and back."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.evidence.reporter_fields import reporter_fields
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.models.model import Model
from chalicelib.domain.severity import Severity
from chalicelib.domain.vulnerabilities.assessment import Assessment, Matched
from chalicelib.domain.vulnerabilities.finding import Finding
from chalicelib.domain.vulnerabilities.statement import Statement, VexStatus


def _assessment_item(model: Model, assessment: Assessment) -> Item:
    found = assessment.matched
    document = {
        "matched": None if found is None else _matched_document(found),
        "matched_at": assessment.matched_at,
        "statements": {name: _statement_document(one) for name, one in assessment.statements.items()},
        "revision": assessment.revision,
    }
    return item(keys.vulnerabilities(model.name, assessment.version), body(document))


def assessment_from(stored: Item) -> Assessment:
    found = document_from(stored)
    matched = found.get("matched")
    return Assessment(
        keys.number_of(stored),
        None if matched is None else _matched_from(matched),
        found.get("matched_at"),
        {name: _statement_from(one) for name, one in found["statements"].items()},
        found["revision"],
    )


def _matched_document(found: Matched) -> dict[str, Any]:
    return {
        "sha256": found.sha256,
        "published_at": found.published_at,
        "index": found.index,
        "requirements": found.requirements,
        "findings": [one.document() for one in found.findings],
        "unpinned": list(found.unpinned),
        "cut": found.cut,
    }


def _matched_from(stored: Mapping[str, Any]) -> Matched:
    findings = tuple(
        Finding(
            one["id"],
            one["package"],
            one["version"],
            Severity(one["severity"]),
            one["fixed"] or "",
            tuple(one["aliases"]),
        )
        for one in stored["findings"]
    )
    return Matched(**{**known_fields(Matched, stored), "findings": findings, "unpinned": tuple(stored["unpinned"])})


def _statement_document(statement: Statement) -> dict[str, Any]:
    return {
        **statement.document(),
        "person": statement.person,
        "roles": list(statement.roles),
        "claims": {name: list(values) for name, values in statement.claims.items()},
    }


def _statement_from(stored: Mapping[str, Any]) -> Statement:
    return Statement(
        **{
            **known_fields(Statement, stored),
            **reporter_fields(stored),
            "status": VexStatus(stored["status"]),
            "justification": stored["justification"] or "",
        }
    )


CODECS: Final = (
    Codec(
        Assessment,
        lambda model, number: (keys.vulnerabilities(model, number),),
        _assessment_item,
        assessment_from,
        prefix=keys.of_versions("vulnerabilities"),
    ),
)
