"""Scans: show one, ask for one, take over its result, and break the glass."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.errors import ScanningOffError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.decision import NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.models.model import Model
from chalicelib.domain.scanning.findings import Findings, Opinion
from chalicelib.domain.scanning.scan_result import ScanResult
from chalicelib.domain.schemes.reporters import independence_of_check
from chalicelib.domain.versions import scan_decisions as decisions
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_scheme, model_keys
from chalicelib.registry.versions.aliased import aliased, same_version
from chalicelib.registry.versions.loaded import loaded_version, matched_version
from chalicelib.registry.versions.versions import get_version, parse_ref, resolve


@dataclass(frozen=True, slots=True)
class ShownScan:
    """A version with what its last finished scan found, if one was; ``now`` is when that was read."""

    version: Version
    findings: Findings | None
    now: Instant


def get_scan(services: Services, model: str, ref: str) -> ShownScan:
    """The scan of a version, in one read by number and two by ``@alias``.

    Raises VersionNotFoundError, AliasNotFoundError, RecordEditedError.
    """
    parsed = parse_ref(ref)
    if isinstance(parsed, int):
        return _shown(services, model, parsed)
    found = aliased(services, model, parsed)
    shown = _shown(services, model, found.number)
    same_version(found, shown.version)
    return shown


def request_scan(services: Services, request: Request, model: str, ref: str) -> Changed[Version]:
    """Ask for a scan of a READY version. Raises ScanningOffError, VersionNotReadyError, VersionNotFoundError."""
    if not services.settings.scanning:
        raise ScanningOffError("This registry does not scan versions: its operator has switched scanning off.")
    return _change(services, request, model, ref, lambda _, *decided: decisions.request_scan(*decided))


def release(
    services: Services, request: Request, model: str, ref: str, reason: str, expires_at: Instant
) -> Changed[Version]:
    """Give out the bytes of a version in quarantine until ``expires_at``.

    Raises SeparationOfDutiesError, InvalidInputError, NotQuarantinedError, VersionNotReadyError, VersionNotFoundError.
    """

    def decide(snapshot: Snapshot, current: Model, version: Version, stamp: Stamp) -> Outcome[Version]:
        expected = independence_of_check(loaded_scheme(snapshot), current.tier, decisions.CHECK)
        return decisions.release(current, version, reason, expires_at, stamp, expected)

    return _change(services, request, model, ref, decide, scheme=True)


def restore_quarantine(services: Services, request: Request, model: str, ref: str) -> Changed[Version]:
    """End the release of a version. Raises VersionNotFoundError."""
    return _change(services, request, model, ref, lambda _, *decided: decisions.restore_quarantine(*decided))


def finish_scan(
    services: Services, request: Request, model: str, number: int, result: ScanResult, opinion: Opinion | None = None
) -> bool:
    """Take over the result of a scan, with the second opinion if there is to be one; answers whether it counted.

    One that comes again, late, or for a version that is gone does not. Raises ContentionError.
    """

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[bool]:
        current = snapshot.get(Model)
        if current is None or current.deleted:
            return NoChange(False)
        version = snapshot.get(Version, number)
        return decisions.finish_scan(current, loaded_scheme(snapshot).scanning, version, result, stamp, opinion)

    asked = [*model_keys(model, versions=[number], scheme=True), keys.findings(model, number)]
    return change_model(services, request, model, decide, lambda _: True, asked).result


def _shown(services: Services, model: str, number: int) -> ShownScan:
    snapshot = load(services, model, [keys.version(model, number), keys.findings(model, number)])
    version = loaded_version(snapshot, model, number)
    return ShownScan(version, snapshot.get(Findings, number), services.clock())


def _change(
    services: Services,
    request: Request,
    model: str,
    ref: str,
    decide: Callable[[Snapshot, Model, Version, Stamp], Outcome[Version]],
    scheme: bool = False,
) -> Changed[Version]:
    number = resolve(services, model, ref)

    def decided(snapshot: Snapshot, stamp: Stamp) -> Outcome[Version]:
        current, version = matched_version(snapshot, model, number, request)
        return decide(snapshot, current, version, stamp)

    def recall(subject: str) -> Version:
        return get_version(services, model, subject)

    asked = model_keys(model, versions=[number], scheme=scheme)
    return change_model(services, request, model, decided, recall, asked)
