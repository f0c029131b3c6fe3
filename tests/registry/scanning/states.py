"""Builders of scans: a registry that scans, results as the scanner gives them, and versions in quarantine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.instants import Instant
from chalicelib.domain.scanning.findings import Opinion, scanned
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.scan_result import ScanResult
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.domain.versions.version import Version
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.models.model_ledger import load
from chalicelib.registry.scanning import scans
from tests.domain.scanning.findings import FOUND
from tests.registry.build import MODEL, request

QUARANTINE = Principal("rule:quarantine", ())


@contextmanager
def scanning(registry: Services) -> Iterator[None]:
    """The registry scans versions."""
    with mock.patch.object(registry, "settings", replace(registry.settings, scanning=True)):
        yield


def stored(registry: Services, number: int = 1, model: str = MODEL) -> Version:
    version = load(registry, model, [keys.version(model, number), keys.buried(model, number)]).get(Version, number)
    assert version is not None
    return version


def finish(
    registry: Services,
    verdict: Verdict | None = Verdict.CLEAN,
    number: int = 1,
    *,
    model: str = MODEL,
    ruleset: int = RULESET,
    requested_at: Instant | None = None,
    path: str = "model.bin",
    made: Request | None = None,
    opinion: Opinion | None = None,
) -> bool:
    """Take over a result that found one file so; with None, one that failed. By default it answers the last request."""
    present = stored(registry, number, model)
    asked = requested_at or (Instant("") if present.scan is None else present.scan.requested_at)
    outcome = None if verdict is None else scanned({path: FOUND[verdict]})
    result = ScanResult(present.uid, asked, ruleset, outcome, "" if outcome else "It took too long.")
    return scans.finish_scan(registry, made or Request(QUARANTINE, "scan-1"), model, number, result, opinion)


def ask(registry: Services, number: int = 1, model: str = MODEL, made: Request | None = None) -> Version:
    with scanning(registry):
        return scans.request_scan(registry, made or request(), model, str(number)).result


def quarantined(registry: Services, number: int, model: str = MODEL, verdict: Verdict = Verdict.UNSAFE) -> None:
    """Put a READY version in quarantine."""
    ask(registry, number, model)
    assert finish(registry, verdict, number, model=model)
