"""Checks, evaluations, evidence files and comparisons as JSON documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from chalicelib.domain.evidence.check import Check
    from chalicelib.domain.evidence.comparison import Comparison, EvaluationRow, MetricRow, Row
    from chalicelib.domain.evidence.evaluation import Evaluation
    from chalicelib.domain.evidence.evidence_file import EvidenceFile
    from chalicelib.domain.evidence.recorded import MeasuredPoint, Recorded
    from chalicelib.domain.instants import Instant
    from chalicelib.domain.versions.version import Version
    from chalicelib.registry.evidence.evaluation_history import EvaluationSeries
    from chalicelib.registry.evidence.evidence_files import Downloadable, Upload
    from chalicelib.registry.evidence.named import Named

# The sections of a comparison whose rows have a name and one value for each version.
_ROW_SECTIONS: Final = (
    "checks",
    "parameters",
    "provenance",
    "datasets",
    "requirements",
    "framework",
    "signature",
    "files",
)


def check_document(named: Named[Check], now: Instant) -> dict[str, Any]:
    check = named.entry
    return {"name": named.name, "state": check.state(now), **check.document(), "valid": check.valid(now)}


def evaluation_document(named: Named[Evaluation]) -> dict[str, Any]:
    return {"name": named.name, **named.entry.document()}


def recorded_document(recorded: Recorded) -> dict[str, Any]:
    return {"version": recorded.version, **recorded.document()}


def evaluation_series_document(model: str, evaluation: str, series: EvaluationSeries) -> dict[str, Any]:
    return {
        "model": model,
        "evaluation": evaluation,
        "metrics": {metric: [_point(one) for one in points] for metric, points in series.metrics.items()},
        "directions": dict(series.directions),
    }


def _point(one: MeasuredPoint) -> dict[str, Any]:
    return {"version": one.version, "measured_at": one.measured_at, "value": one.value, **one.measure.document()}


def evidence_file_document(named: Named[EvidenceFile]) -> dict[str, Any]:
    return {"name": named.name, **named.entry.document()}


def evidence_file_download_document(found: Downloadable) -> dict[str, Any]:
    return {**evidence_file_document(found.file), "url": found.url, "expires_at": found.expires_at}


def evidence_file_upload_document(upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.id,
        "name": upload.name,
        "url": upload.put.url,
        "headers": dict(upload.put.headers),
        "method": upload.put.method,
        "expires_at": upload.expires_at,
    }


def comparison_document(model: str, comparison: Comparison) -> dict[str, Any]:
    return {
        "model": model,
        "versions": [_compared_version(version) for version in comparison.versions],
        "metrics": metric_row_documents(comparison.metrics),
        "evaluations": [_evaluation_row(row) for row in comparison.evaluations],
        **{section: row_documents(getattr(comparison, section)) for section in _ROW_SECTIONS},
        "truncated": comparison.truncated,
        "directions": dict(comparison.directions),
    }


def metric_row_documents(rows: Iterable[MetricRow]) -> list[dict[str, Any]]:
    return [_metric_row(row) for row in rows]


def row_documents(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [{"name": row.name, "values": row.values} for row in rows]


def _metric_row(row: MetricRow) -> dict[str, Any]:
    document: dict[str, Any] = {"name": row.name, "values": row.values, "differences": row.differences}
    if row.verdicts:
        document["verdicts"] = [None if one is None else one.document() for one in row.verdicts]
    return document


def _evaluation_row(row: EvaluationRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "kinds": row.kinds,
        "measured_at": row.measured_at,
        "datasets": row.datasets,
        "metrics": metric_row_documents(row.metrics),
        "slices": [{"group": part.group, "metrics": metric_row_documents(part.metrics)} for part in row.slices],
    }


def _compared_version(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "label": version.description.label,
        "status": version.status.value,
        "stage": version.stage,
        "aliases": list(version.aliases),
        "digest": version.digest,
        "file_count": version.file_count,
        "total_size": version.total_size,
        "created_at": version.created_at,
        "created_by": version.created_by,
    }
