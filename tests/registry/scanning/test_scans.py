"""Results of scans and releases that come at the same time, and results for what is gone."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.instants import later
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.scan_result import ScanResult
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.registry.models import models
from chalicelib.registry.scanning import scans
from chalicelib.registry.versions import versions
from tests.registry import derived, proven
from tests.registry.build import MODEL, model, ready, request
from tests.registry.scanning.states import ask, finish, quarantined, stored


def test_a_release_and_a_result_at_once_both_count(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    model(registry)
    ready(registry)
    quarantined(registry, 1)
    ask(registry)
    transact = registry.table.transact

    def raced(writes: Any) -> None:
        monkeypatch.setattr(registry.table, "transact", transact)
        assert finish(registry, Verdict.REVIEW)
        transact(writes)

    monkeypatch.setattr(registry.table, "transact", raced)
    monkeypatch.setattr(registry, "sleep", lambda _: None)
    until = later(registry.clock(), timedelta(hours=1))
    scans.release(registry, request(), MODEL, "1", "incident 7", until)
    scan = stored(registry).scan
    assert scan is not None and scan.release is not None and scan.verdict is Verdict.REVIEW
    derived.check(registry)
    proven.check(registry)


def test_a_result_for_a_model_that_is_gone_counts_for_nothing(registry: Services) -> None:
    model(registry)
    ready(registry)
    ask(registry)
    scan = stored(registry).scan
    assert scan is not None
    result = ScanResult(stored(registry).uid, scan.requested_at, RULESET, None, "It took too long.")
    versions.delete_version(registry, request(), MODEL, "1")
    models.delete_model(registry, request(), MODEL)
    assert not scans.finish_scan(registry, request(), MODEL, 1, result)
    assert not scans.finish_scan(registry, request(), "never", 1, result)
