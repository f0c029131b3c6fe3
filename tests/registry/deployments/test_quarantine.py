"""Versions in quarantine are not deployed: a target reads their files itself. They are when they come out."""

from datetime import timedelta

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.errors import ScanPendingError, VersionQuarantinedError
from chalicelib.domain.instants import later
from chalicelib.domain.scanning.verdict import Verdict
from chalicelib.registry.aliases import aliases
from chalicelib.registry.deployments import opening
from chalicelib.registry.promotion import stages
from chalicelib.registry.scanning import scans
from tests.registry.build import MODEL, model, ready, request
from tests.registry.deployments.deploying import a_target, newest, open_for, place, pointed, report, statuses
from tests.registry.scanning.states import ask, finish, quarantined


@pytest.fixture(autouse=True)
def target(registry: Services) -> None:
    """A target for what the alias ``live`` points at: a version in quarantine."""
    a_target(registry, alias="live")
    model(registry)
    ready(registry)
    quarantined(registry, 1)


def test_a_version_in_quarantine_is_deployed_neither_by_a_move_nor_by_hand(registry: Services) -> None:
    event = pointed(registry, "live", 1)
    (opened,) = opening.open_for_event(registry, event)
    assert opened.deployment is None and "in quarantine" in opened.reason
    with pytest.raises(VersionQuarantinedError):
        opening.deploy(registry, request(), MODEL, "eu", "1", None)
    ask(registry)
    with pytest.raises(ScanPendingError):
        opening.deploy(registry, request(), MODEL, "eu", "1", None)


def test_a_version_is_deployed_when_its_scan_lets_it_out_and_once(registry: Services) -> None:
    open_for(registry, pointed(registry, "live", 1))
    ask(registry)
    finish(registry, Verdict.CLEAN)
    event = newest(registry)
    assert [open_for(registry, event) for _ in range(2)] == [[1], [None]]
    assert (place(registry).wanted, statuses(registry)) == (1, ["pending"])


def test_a_version_is_deployed_when_it_is_released(registry: Services) -> None:
    open_for(registry, pointed(registry, "live", 1))
    until = later(registry.clock(), timedelta(hours=1))
    scans.release(registry, request(), MODEL, "1", "incident 7", until)
    assert open_for(registry, newest(registry)) == [1]


def test_a_scan_that_changes_nothing_deploys_nothing_again(registry: Services) -> None:
    ready(registry)
    open_for(registry, pointed(registry, "live", 2))
    report(registry, 1, "succeeded")
    ask(registry, 2)
    finish(registry, Verdict.CLEAN, 2)
    assert open_for(registry, newest(registry)) == [None]


def test_a_scan_deploys_nothing_where_the_alias_has_moved_on_or_the_verdict_is_not_allowed(registry: Services) -> None:
    open_for(registry, pointed(registry, "live", 1))
    ask(registry)
    finish(registry, Verdict.REVIEW)
    assert open_for(registry, newest(registry)) == []
    ready(registry)
    aliases.set_alias(registry, request(), MODEL, "live", 2, None, None)
    ask(registry)
    finish(registry, Verdict.CLEAN)
    assert open_for(registry, newest(registry)) == []


@pytest.fixture
def same_time(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything happens in one millisecond."""
    now = registry.clock()
    monkeypatch.setattr(registry, "clock", lambda: now)


def test_what_moves_before_the_scan_in_the_same_millisecond_is_deployed_when_it_comes_out(
    registry: Services, same_time: None
) -> None:
    open_for(registry, pointed(registry, "live", 1))
    ask(registry)
    finish(registry, Verdict.CLEAN)
    assert open_for(registry, newest(registry)) == [1]


def test_what_moves_after_the_scan_in_the_same_millisecond_is_deployed_by_its_own_event(
    registry: Services, same_time: None
) -> None:
    ask(registry)
    finish(registry, Verdict.CLEAN)
    scanned = newest(registry)
    moved = pointed(registry, "live", 1)
    # The deployer hears of the scan late.
    assert open_for(registry, scanned) == []
    assert open_for(registry, moved) == [1]


def test_what_enters_a_stage_after_the_scan_in_the_same_millisecond_is_deployed_by_its_own_event(
    registry: Services, same_time: None
) -> None:
    a_target(registry, "staged")
    ask(registry)
    finish(registry, Verdict.CLEAN)
    scanned = newest(registry)
    stages.transition(registry, request(), MODEL, 1, "production", None, None)
    moved = newest(registry)
    assert open_for(registry, scanned) == []
    assert open_for(registry, moved) == [1]
