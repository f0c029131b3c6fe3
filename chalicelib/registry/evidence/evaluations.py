"""Evaluations of a version: record, list, withdraw."""

from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.evidence.evaluation import Evaluation, Evaluations
from chalicelib.domain.evidence.evaluation_decisions import EVALUATIONS, Measurement, record
from chalicelib.domain.schemes.reporters import expected_of_evaluation
from chalicelib.registry.evidence.named import EvidenceOfVersions, Named
from chalicelib.registry.ledger.commit import Changed, Request

_EVALUATIONS: Final = EvidenceOfVersions(EVALUATIONS, Evaluations, keys.evaluations, expected_of_evaluation)


def list_evaluations(services: Services, model: str, ref: str) -> tuple[Named[Evaluation], ...]:
    """The latest evaluations of a version by name (there are at most fifty). Raises VersionNotFoundError."""
    return _EVALUATIONS.all(services, model, ref)


def record_evaluation(
    services: Services, request: Request, model: str, ref: str, name: str, given: Measurement
) -> Changed[Named[Evaluation]]:
    """Record an evaluation of a READY version.

    Raises ReporterRefusedError, SeparationOfDutiesError, VersionNotReadyError, LimitExceededError, InvalidInputError.
    """
    return _EVALUATIONS.record(
        services,
        request,
        model,
        ref,
        name,
        lambda loaded, stamp: record(
            loaded.model, loaded.version, loaded.present, name, given, stamp, loaded.reporting
        ),
    )


def withdraw_evaluation(services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
    """Take an evaluation back; its history stays. Raises EvaluationNotFoundError, PreconditionFailedError."""
    return _EVALUATIONS.withdraw(services, request, model, ref, name)
