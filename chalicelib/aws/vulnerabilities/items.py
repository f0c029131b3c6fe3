"""Assessments of versions, the current index, and how far a rematch is, to items and back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.evidence.reporter_fields import reporter_fields
from chalicelib.aws.item import BODY, body, document_from, due, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.names import PARTITION_KEY
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Model
from chalicelib.domain.severity import Severity
from chalicelib.domain.vulnerabilities.assessment import Assessment, Matched
from chalicelib.domain.vulnerabilities.current_index import CurrentIndex
from chalicelib.domain.vulnerabilities.finding import Finding
from chalicelib.domain.vulnerabilities.rematch import Rematch
from chalicelib.domain.vulnerabilities.statement import Statement, VexStatus

# The condition that a rematch is stored as it was read, given its body as ``:read``.
UNCHANGED: Final = f"attribute_exists({PARTITION_KEY}) AND {BODY} = :read"


def rematch_item(rematch: Rematch, at: Instant | None) -> Item:
    """The item of a rematch that goes on at ``at``; of one that has ended, which the keeper's index lacks, if None."""
    attributes = body(asdict(rematch))
    return item(keys.rematch(rematch.ecosystem), attributes if at is None else attributes | due(rematch.ecosystem, at))


def rematch_from(stored: Item) -> Rematch:
    return Rematch(**known_fields(Rematch, document_from(stored)))


def rematch_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Another index begins a rematch from the first model on, in place of one that is under way."""
    for one in settlement.of(CurrentIndex):
        if one.before != one.after:
            stamp = settlement.stamp
            begun = Rematch(one.after.ecosystem, stamp.event_id, correlation_id=stamp.correlation_id)
            yield table.put_write(rematch_item(begun, stamp.time))


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


def _index_item(_: Any, current: CurrentIndex) -> Item:
    document = {**current.document(), "revision": current.revision}
    return item(keys.advisory_index(current.ecosystem), body(document))


def current_index_from(stored: Item) -> CurrentIndex:
    return CurrentIndex(**known_fields(CurrentIndex, document_from(stored)))


CODECS: Final = (
    Codec(
        Assessment,
        lambda model, number: (keys.vulnerabilities(model, number),),
        _assessment_item,
        assessment_from,
        prefix=keys.of_versions("vulnerabilities"),
    ),
)
REGISTRY_CODECS: Final = (
    Codec(
        CurrentIndex,
        lambda _, ecosystem: (keys.advisory_index(ecosystem),),
        _index_item,
        current_index_from,
        prefix=keys.ADVISORY_INDEX_PREFIX,
    ),
)
