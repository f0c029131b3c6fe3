"""What events of earlier releases say of checks, evaluations and attestations."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from chalicelib.domain.evidence.attestation import Attestations
from chalicelib.domain.evidence.check import Check, Checks
from chalicelib.domain.evidence.evaluation import Evaluation, Evaluations
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import Facts, escaped, place
from chalicelib.domain.ledger.rebuilding import UNKNOWN, Event, Read, Reading, Readings, Rebuilt

_ATTESTED: Final = ("predicate_type", "recorded_at", "recorded_by")


def report_field(name: str, field: str = "") -> str:
    """The field of a version's latest reports that has one field of the report of a name."""
    return f"by_name/{escaped(name)}/{field}"


def _said_of(report: type[Check] | type[Evaluation]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(report) if one.name != "revision")


def _reading(noun: str, kind: str, said: tuple[str, ...]) -> Reading:
    """Reads events whose fields have the report's name as ``noun`` and say ``said`` of it."""

    def read(event: Event, _: Rebuilt) -> Iterator[Read]:
        report: dict[str, Any] = event["after"] or {}
        name = (report or event["before"] or {}).get(noun)
        if event["version"] is None or name is None:
            return
        facts: Facts = {report_field(name, field): report.get(field) for field in said}
        # Of a report of the first releases no revision is stored. A withdrawn one has none in any case.
        facts[report_field(name, "revision")] = UNKNOWN if report else None
        yield place(kind, event["version"]), {"version": event["version"], **facts}

    return read


_CHECK: Final = _reading("check", Checks.kind, _said_of(Check))
_EVALUATION: Final = _reading("evaluation", Evaluations.kind, _said_of(Evaluation))
_ATTESTATION: Final = _reading("attestation", Attestations.kind, _ATTESTED)

READINGS: Final[Readings] = {
    event_types.CHECK_OPENED: _CHECK,
    event_types.CHECK_EXTENDED: _CHECK,
    event_types.CHECK_REPORTED: _CHECK,
    event_types.CHECK_WITHDRAWN: _CHECK,
    event_types.EVALUATION_RECORDED: _EVALUATION,
    event_types.EVALUATION_WITHDRAWN: _EVALUATION,
    event_types.ATTESTATION_RECORDED: _ATTESTATION,
    event_types.ATTESTATION_WITHDRAWN: _ATTESTATION,
}
