"""Checks of a version: report, list, withdraw."""

from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.evidence import check_decisions as decisions
from chalicelib.domain.evidence.check import Check
from chalicelib.domain.evidence.check_decisions import CheckReport
from chalicelib.domain.evidence.latest import Checks
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, model_keys
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve


@dataclass(frozen=True, slots=True)
class NamedCheck:
    name: str
    check: Check


def list_checks(services: Services, model: str, ref: str) -> tuple[NamedCheck, ...]:
    """The latest checks of a version by name (there are at most fifty). Raises VersionNotFoundError."""
    _, present = _loaded(services, model, resolve(services, model, ref))
    return tuple(NamedCheck(name, check) for name, check in sorted(present.by_name.items()))


def report_check(
    services: Services, request: Request, model: str, ref: str, name: str, given: CheckReport
) -> Changed[NamedCheck]:
    """Report a check of a READY version. Raises VersionNotReadyError, LimitExceededError, InvalidInputError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[NamedCheck]:
        current = loaded_model(snapshot, model)
        version = loaded_version(snapshot, model, number)
        present = snapshot.get(Checks, number) or Checks(number)
        _match(request, present.by_name.get(name), name)
        made = decisions.report(current, version, present, name, given, stamp)
        return made.map(lambda reported: NamedCheck(name, reported))

    def recall(subject: str) -> NamedCheck:
        version, present = _loaded(services, model, int(subject))
        return NamedCheck(name, decisions.existing(version, present, name))

    return change_model(services, request, model, decide, recall, _keys(model, number))


def withdraw_check(services: Services, request: Request, model: str, ref: str, name: str) -> Changed[None]:
    """Take a check back; its history stays. Raises CheckNotFoundError, PreconditionFailedError."""
    number = resolve(services, model, ref)

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        current = loaded_model(snapshot, model)
        version = loaded_version(snapshot, model, number)
        present = snapshot.get(Checks, number) or Checks(number)
        _match(request, present.by_name.get(name), name)
        return decisions.withdraw(current, version, present, name)

    return change_model(services, request, model, decide, lambda _: None, _keys(model, number))


def _keys(model: str, number: int) -> list[Key]:
    return [*model_keys(model, versions=[number]), keys.checks(model, number)]


def _loaded(services: Services, model: str, number: int) -> tuple[Version, Checks]:
    asked = [keys.version(model, number), keys.checks(model, number)]
    snapshot = load(services, model, asked)
    return loaded_version(snapshot, model, number), (snapshot.get(Checks, number) or Checks(number))


def _match(request: Request, present: Check | None, name: str) -> None:
    """Check the caller's ETag against the present check's."""
    request.check_match_if_there(None if present is None else present.revision, f"There is no check {name!r}")
