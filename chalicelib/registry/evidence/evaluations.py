"""Evaluations of a version: record, list, withdraw."""

from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.evidence import evaluation_decisions as decisions
from chalicelib.domain.evidence.evaluation import Evaluation
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.decisions import existing as existing_model
from chalicelib.domain.versions.decisions import existing
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request, Snapshot, change_model, model_keys
from chalicelib.registry.versions.versions import resolve


@dataclass(frozen=True, slots=True)
class NamedEvaluation:
    name: str
    evaluation: Evaluation


def list_evaluations(services: Services, model: str, ref: str) -> tuple[NamedEvaluation, ...]:
    """The latest evaluations of a version by name (there are at most fifty). Raises VersionNotFoundError."""
    _, present = _loaded(services, model, resolve(services, model, ref))
    return tuple(NamedEvaluation(name, found) for name, found in sorted(present.items()))


def record_evaluation(
    services: Services, request: Request, model: str, ref: str, name: str, given: Measurement
) -> Changed[NamedEvaluation]:
    """Record an evaluation of a READY version. Raises VersionNotReadyError, LimitExceededError, InvalidInputError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[NamedEvaluation]:
        current = existing_model(snapshot.model, model)
        version = existing(model, number, snapshot.version(number))
        present = snapshot.evaluations(number)
        _match(request, present.get(name), name)
        made = decisions.record(current, version, present, name, given, stamp)
        return Decision(NamedEvaluation(name, made.result), made.ledger, made.happening, made.changes, made.subject)

    def recall(subject: str) -> NamedEvaluation:
        version, present = _loaded(services, model, int(subject))
        return NamedEvaluation(name, decisions.existing(version, present, name))

    return change_model(services, request, model, decide, recall, _keys(model, number))


def withdraw_evaluation(services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
    """Take an evaluation back; its history stays. Raises EvaluationNotFoundError, PreconditionFailedError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[None]:
        current = existing_model(snapshot.model, model)
        version = existing(model, number, snapshot.version(number))
        present = snapshot.evaluations(number)
        _match(request, present.get(name), name)
        return decisions.withdraw(current, version, present, name, stamp)

    return change_model(services, request, model, decide, lambda _: None, _keys(model, number))


def _keys(model: str, number: int) -> list[Key]:
    return [*model_keys(model, versions=[number]), keys.evaluations(model, number)]


def _loaded(services: Services, model: str, number: int) -> tuple[Version, dict[str, Evaluation]]:
    asked = [keys.version(model, number), keys.evaluations(model, number)]
    snapshot = Snapshot(model, asked, services.table.load(asked))
    return existing(model, number, snapshot.version(number)), snapshot.evaluations(number)


def _match(request: Request, present: Evaluation | None, name: str) -> None:
    """Check the caller's ETag against the present evaluation's."""
    request.check_match_if_there(None if present is None else present.revision, f"There is no evaluation {name!r}")
