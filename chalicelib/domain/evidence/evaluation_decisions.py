"""Recording and withdrawing evaluations of a version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain import documents, names
from chalicelib.domain.errors import EvaluationNotFoundError
from chalicelib.domain.evidence import evaluation as bounds
from chalicelib.domain.evidence.evaluation import Evaluation, Kind, Slice
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, SaveEvaluations
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
    present: Mapping[str, Evaluation],
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
        revision=model.next_revision,
    )
    # Its event carries it and the one before, and must fit the bus.
    documents.check_size(evaluation.document(), "evaluation")
    before = present.get(name)
    return Decision(
        evaluation,
        replace(model, updated_at=stamp.time),
        EventDraft(
            event_types.EVALUATION_RECORDED,
            None if before is None else _told(name, before),
            _told(name, evaluation),
            version=version.number,
        ),
        (SaveEvaluations(version.number, bounds.bounded({**present, name: evaluation})),),
        subject=str(version.number),
    )


def withdraw(
    model: Model, version: Version, present: Mapping[str, Evaluation], name: str, stamp: Stamp
) -> Decision[None]:
    """Take the evaluation ``name`` back. Raises EvaluationNotFoundError."""
    evaluation = existing(version, present, name)
    check_not_locked(model, version.number)
    rest = {other: kept for other, kept in present.items() if other != name}
    return Decision(
        None,
        replace(model, updated_at=stamp.time),
        EventDraft(event_types.EVALUATION_WITHDRAWN, _told(name, evaluation), None, version=version.number),
        (SaveEvaluations(version.number, rest),),
    )


def existing(version: Version, present: Mapping[str, Evaluation], name: str) -> Evaluation:
    """The evaluation of this name. Raises EvaluationNotFoundError."""
    evaluation = present.get(name)
    if evaluation is None:
        raise EvaluationNotFoundError(f"Version {version.number} of {version.model!r} has no evaluation {name!r}.")
    return evaluation


def _told(name: str, evaluation: Evaluation) -> dict[str, object]:
    return {"evaluation": name, **evaluation.document()}
