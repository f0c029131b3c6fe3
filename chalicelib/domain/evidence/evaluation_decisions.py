"""Recording and withdrawing evaluations of a version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain import documents, names
from chalicelib.domain.errors import EvaluationNotFoundError
from chalicelib.domain.evidence import evaluation as bounds
from chalicelib.domain.evidence.evaluation import Evaluation, Kind, Slice
from chalicelib.domain.evidence.latest import Evaluations
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.models.guards import check_not_locked
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.version import Version


@dataclass(frozen=True, slots=True)
class Measurement:
    """What is recorded of an evaluation; measured now, if ``measured_at`` does not say otherwise."""

    kind: Kind
    metrics: Mapping[str, float]
    slices: Sequence[Slice] = ()
    dataset: Mapping[str, str] | None = None
    measured_at: Instant | None = None


def record(
    model: Model,
    version: Version,
    present: Evaluations,
    name: str,
    given: Measurement,
    stamp: Stamp,
) -> Decision[Evaluation]:
    """Put the latest evaluation ``name`` in the place of the one before. READY versions only, as for checks."""
    names.evaluation_name(name)
    check_not_locked(model, ready(version).number)
    evaluation = Evaluation(
        kind=given.kind,
        metrics=bounds.metrics(given.metrics),
        slices=bounds.slices(given.slices),
        dataset=bounds.dataset(given.dataset),
        measured_at=bounds.measured_at(given.measured_at, stamp.time),
        reported_at=stamp.time,
        reported_by=stamp.actor,
    )
    # Its event carries it and the one before, and must fit the bus.
    documents.check_size(evaluation.document(), "evaluation")
    before = present.by_name.get(name)
    latest = Evaluations(version.number, bounds.bounded({**present.by_name, name: evaluation}))
    return decided(
        latest,
        model,
        EventDraft(
            event_types.EVALUATION_RECORDED,
            None if before is None else _event_fields(name, before),
            _event_fields(name, evaluation),
            version=version.number,
        ),
        Put(latest),
        subject=str(version.number),
    ).map(lambda saved: saved.by_name[name])


def withdraw(model: Model, version: Version, present: Evaluations, name: str) -> Decision[None]:
    """Take the evaluation ``name`` back. Raises EvaluationNotFoundError."""
    evaluation = existing(version, present, name)
    check_not_locked(model, version.number)
    rest = {other: kept for other, kept in present.by_name.items() if other != name}
    return decided(
        None,
        model,
        EventDraft(event_types.EVALUATION_WITHDRAWN, _event_fields(name, evaluation), None, version=version.number),
        Put(Evaluations(version.number, rest)),
    )


def existing(version: Version, present: Evaluations, name: str) -> Evaluation:
    """The evaluation of this name. Raises EvaluationNotFoundError."""
    evaluation = present.by_name.get(name)
    if evaluation is None:
        raise EvaluationNotFoundError(f"Version {version.number} of {version.model!r} has no evaluation {name!r}.")
    return evaluation


def _event_fields(name: str, evaluation: Evaluation) -> dict[str, object]:
    return {"evaluation": name, **evaluation.document()}
