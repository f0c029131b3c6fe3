"""Evaluations of a version: record, list, withdraw."""

from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.evidence import evaluation_decisions as decisions
from chalicelib.domain.evidence.evaluation import Evaluation
from chalicelib.domain.evidence.evaluation_decisions import Measurement
from chalicelib.domain.evidence.latest import Evaluations
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, model_keys
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve


@dataclass(frozen=True, slots=True)
class NamedEvaluation:
    name: str
    evaluation: Evaluation


def list_evaluations(services: Services, model: str, ref: str) -> tuple[NamedEvaluation, ...]:
    """The latest evaluations of a version by name (there are at most fifty). Raises VersionNotFoundError."""
    _, present = _loaded(services, model, resolve(services, model, ref))
    return tuple(NamedEvaluation(name, found) for name, found in sorted(present.by_name.items()))


def record_evaluation(
    services: Services, request: Request, model: str, ref: str, name: str, given: Measurement
) -> Changed[NamedEvaluation]:
    """Record an evaluation of a READY version. Raises VersionNotReadyError, LimitExceededError, InvalidInputError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[NamedEvaluation]:
        current = loaded_model(snapshot, model)
        version = loaded_version(snapshot, model, number)
        present = snapshot.get(Evaluations, number) or Evaluations(number)
        _match(request, present.by_name.get(name), name)
        made = decisions.record(current, version, present, name, given, stamp)
        return made.map(lambda reported: NamedEvaluation(name, reported))

    def recall(subject: str) -> NamedEvaluation:
        version, present = _loaded(services, model, int(subject))
        return NamedEvaluation(name, decisions.existing(version, present, name))

    return change_model(services, request, model, decide, recall, _keys(model, number))


def withdraw_evaluation(services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
    """Take an evaluation back; its history stays. Raises EvaluationNotFoundError, PreconditionFailedError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        current = loaded_model(snapshot, model)
        version = loaded_version(snapshot, model, number)
        present = snapshot.get(Evaluations, number) or Evaluations(number)
        _match(request, present.by_name.get(name), name)
        return decisions.withdraw(current, version, present, name)

    return change_model(services, request, model, decide, lambda _: None, _keys(model, number))


def _keys(model: str, number: int) -> list[Key]:
    return [*model_keys(model, versions=[number]), keys.evaluations(model, number)]


def _loaded(services: Services, model: str, number: int) -> tuple[Version, Evaluations]:
    asked = [keys.version(model, number), keys.evaluations(model, number)]
    snapshot = load(services, model, asked)
    return loaded_version(snapshot, model, number), (snapshot.get(Evaluations, number) or Evaluations(number))


def _match(request: Request, present: Evaluation | None, name: str) -> None:
    """Check the caller's ETag against the present evaluation's."""
    request.check_match_if_there(None if present is None else present.revision, f"There is no evaluation {name!r}")
