"""Checks of a version: report, list, withdraw."""

from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.evidence import check_decisions as decisions
from chalicelib.domain.evidence.check import Check
from chalicelib.domain.evidence.check_decisions import CheckReport
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.decisions import existing as existing_model
from chalicelib.domain.versions.decisions import existing
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request, Snapshot, change_model, model_keys
from chalicelib.registry.versions.versions import resolve


@dataclass(frozen=True, slots=True)
class NamedCheck:
    name: str
    check: Check


def list_checks(services: Services, model: str, ref: str) -> tuple[NamedCheck, ...]:
    """The latest checks of a version by name (there are at most fifty). Raises VersionNotFoundError."""
    _, present = _loaded(services, model, resolve(services, model, ref))
    return tuple(NamedCheck(name, check) for name, check in sorted(present.items()))


def report_check(
    services: Services, request: Request, model: str, ref: str, name: str, given: CheckReport
) -> Changed[NamedCheck]:
    """Report a check of a READY version. Raises VersionNotReadyError, LimitExceededError, InvalidInputError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[NamedCheck]:
        current = existing_model(snapshot.model, model)
        version = existing(model, number, snapshot.version(number))
        present = snapshot.checks(number)
        _match(request, present.get(name), name)
        made = decisions.report(current, version, present, name, given, stamp)
        return Decision(NamedCheck(name, made.result), made.ledger, made.happening, made.changes, made.subject)

    def recall(subject: str) -> NamedCheck:
        version, present = _loaded(services, model, int(subject))
        return NamedCheck(name, decisions.existing(version, present, name))

    return change_model(services, request, model, decide, recall, _keys(model, number))


def withdraw_check(services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
    """Take a check back; its history stays. Raises CheckNotFoundError, PreconditionFailedError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[None]:
        current = existing_model(snapshot.model, model)
        version = existing(model, number, snapshot.version(number))
        present = snapshot.checks(number)
        _match(request, present.get(name), name)
        return decisions.withdraw(current, version, present, name, stamp)

    return change_model(services, request, model, decide, lambda _: None, _keys(model, number))


def _keys(model: str, number: int) -> list[Key]:
    return [*model_keys(model, versions=[number]), keys.checks(model, number)]


def _loaded(services: Services, model: str, number: int) -> tuple[Version, dict[str, Check]]:
    asked = [keys.version(model, number), keys.checks(model, number)]
    snapshot = Snapshot(model, asked, services.table.load(asked))
    return existing(model, number, snapshot.version(number)), snapshot.checks(number)


def _match(request: Request, present: Check | None, name: str) -> None:
    """Check the caller's ETag against the present check's."""
    request.check_match_if_there(None if present is None else present.revision, f"There is no check {name!r}")
