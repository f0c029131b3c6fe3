"""Recording and withdrawing evaluations of a version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain import documents, names
from chalicelib.domain.errors import EvaluationNotFoundError
from chalicelib.domain.evidence import evaluation as bounds
from chalicelib.domain.evidence.evaluation import Evaluation, Evaluations, Kind, Slice
from chalicelib.domain.evidence.kind import EvidenceKind
from chalicelib.domain.evidence.latest import Latest
from chalicelib.domain.evidence.measure import Measure, measures
from chalicelib.domain.evidence.paired import Paired, paired
from chalicelib.domain.evidence.reporting import ANYBODY, Reporting
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.version import Version

EVALUATIONS: Final = EvidenceKind(
    "evaluation",
    event_types.EVALUATION_RECORDED,
    event_types.EVALUATION_WITHDRAWN,
    EvaluationNotFoundError,
    Evaluation.document,
)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What is recorded of an evaluation; measured now, if ``measured_at`` does not say otherwise."""

    kind: Kind
    metrics: Mapping[str, float]
    slices: Sequence[Slice] = ()
    dataset: Mapping[str, str] | None = None
    measured_at: Instant | None = None
    measures: Mapping[str, Measure] = field(default_factory=dict)
    paired: Paired | None = None


def record(
    model: Model,
    version: Version,
    present: Latest[Evaluation],
    name: str,
    given: Measurement,
    stamp: Stamp,
    reporting: Reporting = ANYBODY,
) -> Decision[Evaluation]:
    """Put the latest evaluation ``name`` in the place of the one before. READY versions only, as for checks.

    ``reporting`` says whose evaluations count. Raises ReporterRefusedError, SeparationOfDutiesError.
    """
    names.evaluation_name(name)
    reporter = reporting.checked(f"the evaluation {name!r} of {model.name!r}", version, stamp)
    check_not_locked(model, ready(version).number)
    evaluation = Evaluation(
        kind=given.kind,
        metrics=bounds.metrics(given.metrics),
        slices=bounds.slices(given.slices),
        dataset=bounds.dataset(given.dataset),
        measured_at=bounds.measured_at(given.measured_at, stamp.time),
        reported_at=stamp.time,
        reported_by=stamp.actor,
        measures=measures(given.measures, given.metrics, "/metrics"),
        paired=paired(given.paired, version.number, model.last_version),
        person=reporter.person,
        roles=reporter.roles,
        claims=reporter.claims,
    )
    # Its event carries it and the one before, and must fit the bus.
    documents.check_size(evaluation.document(), "evaluation")
    latest = Evaluations(version.number, bounds.bounded({**present.by_name, name: evaluation}))
    return EVALUATIONS.record(model, version, present, name, latest)
