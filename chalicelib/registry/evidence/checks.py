"""Checks of a version: open, report, list, withdraw."""

from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.evidence.check import Check, Checks
from chalicelib.domain.evidence.check_decisions import CHECKS, CheckOpening, CheckReport, open_check, report
from chalicelib.domain.schemes.reporters import expected_of_check
from chalicelib.registry.evidence.named import EvidenceOfVersions, Named
from chalicelib.registry.ledger.commit import Changed, Request

_CHECKS: Final = EvidenceOfVersions(CHECKS, Checks, keys.checks, expected_of_check)


def list_checks(services: Services, model: str, ref: str) -> tuple[Named[Check], ...]:
    """The latest checks of a version by name (there are at most fifty). Raises VersionNotFoundError."""
    return _CHECKS.all(services, model, ref)


def await_check(
    services: Services, request: Request, model: str, ref: str, name: str, given: CheckOpening
) -> Changed[Named[Check]]:
    """Open a check of a READY version. Raises VersionNotReadyError, LimitExceededError, InvalidInputError."""
    return _CHECKS.record(
        services,
        request,
        model,
        ref,
        name,
        lambda loaded, stamp: open_check(loaded.model, loaded.version, loaded.present, name, given, stamp),
    )


def report_check(
    services: Services, request: Request, model: str, ref: str, name: str, given: CheckReport
) -> Changed[Named[Check]]:
    """Report a check of a READY version.

    Raises ReporterRefusedError, SeparationOfDutiesError, VersionNotReadyError, LimitExceededError, InvalidInputError.
    """
    return _CHECKS.record(
        services,
        request,
        model,
        ref,
        name,
        lambda loaded, stamp: report(
            loaded.model, loaded.version, loaded.present, name, given, stamp, loaded.reporting
        ),
    )


def withdraw_check(services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
    """Take a check back; its history stays. Raises CheckNotFoundError, PreconditionFailedError."""
    return _CHECKS.withdraw(services, request, model, ref, name)
