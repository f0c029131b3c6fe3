"""Statements about the vulnerabilities of a version: made and taken back."""

from chalicelib.aws.services import Services
from chalicelib.domain.evidence.reporting import Reporting
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.schemes.reporters import expected_of_check
from chalicelib.domain.vulnerabilities import decisions
from chalicelib.domain.vulnerabilities.assessment import Assessment
from chalicelib.domain.vulnerabilities.statement import StatementGiven
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, loaded_model, loaded_scheme
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve
from chalicelib.registry.vulnerabilities.assessing import assessment_keys, get_assessment, present_assessment


def state(
    services: Services, request: Request, model: str, ref: str, name: str, given: StatementGiven
) -> Changed[Assessment]:
    """State how a READY version stands to a vulnerability. Raises VersionNotReadyError, InvalidInputError,
    SeparationOfDutiesError, ReporterRefusedError, LimitExceededError, PreconditionFailedError.
    """
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Assessment]:
        present = _matching(snapshot, number, request)
        version = loaded_version(snapshot, model, number)
        reporting = _reporting(snapshot, model, request)
        return decisions.state(loaded_model(snapshot, model), version, present, name, given, stamp, reporting)

    def recall(subject: str) -> Assessment:
        return get_assessment(services, model, subject)

    return change_model(services, request, model, decide, recall, assessment_keys(model, number, scheme=True))


def unstate(services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
    """Take a statement back; its events stay. Raises VexStatementNotFoundError, PreconditionFailedError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[None]:
        present = _matching(snapshot, number, request)
        version = loaded_version(snapshot, model, number)
        reporting = _reporting(snapshot, model, request)
        return decisions.unstate(loaded_model(snapshot, model), version, present, name, stamp, reporting)

    asked = assessment_keys(model, number, scheme=True)
    return change_model(services, request, model, decide, lambda _: None, asked)


def _matching(snapshot: Snapshot, number: int, request: Request) -> Assessment:
    """The assessment, the caller's ETag checked."""
    present = present_assessment(snapshot, number)
    request.check_match(present.revision)
    return present


def _reporting(snapshot: Snapshot, model: str, request: Request) -> Reporting:
    tier = loaded_model(snapshot, model).tier
    expected = expected_of_check(loaded_scheme(snapshot), tier, decisions.CHECK)
    return Reporting.of(request.principal, model, expected)
