"""Stating what nodes come from: who may, and in which ledger."""

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.errors import (
    PermissionDeniedError,
    VersionHeldError,
    VersionLockedError,
    VersionNotFoundError,
)
from chalicelib.domain.lineage.link import LinkType
from chalicelib.domain.lineage.node import Kind, Node, dataset_node, version_node
from chalicelib.domain.lineage.stated import Stated
from chalicelib.domain.lineage.walk import Direction
from chalicelib.registry.audit import audit
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.lifecycle import restrictions
from chalicelib.registry.lineage.stating import state, unstate
from tests.registry import derived, proven
from tests.registry.build import model, ready, request
from tests.registry.lineage.build import shown

RUN = Node(Kind.RUN, "r1")
CLICKS = dataset_node("clicks")
VERSION = version_node("fraud", 1)


def asked_by(role: Role, models: str) -> Request:
    return Request(Principal("token:airflow", (Grant(role, models),)), "request-1")


def types(registry: Services, ledger: str) -> list[str]:
    page = audit.list_events(registry, ledger, "newest", 100, None)
    return [event["type"] for event in page.items if "lineage" in event["type"]]


def test_links_are_stated_in_the_ledger_of_what_they_are_of(registry: Services) -> None:
    ready(registry, model(registry))
    stated = [Stated(VERSION, ((LinkType.MADE_BY, RUN),)), Stated(RUN, ((LinkType.USED, CLICKS),))]
    for _ in range(2):
        state(registry, request(), stated)
    assert types(registry, "model:fraud") == ["lineage.stated"]
    assert types(registry, "registry") == ["registry.lineage_stated"]
    assert shown(registry, VERSION, Direction.UP) == [("r1", ""), ("clicks", "")]
    assert shown(registry, CLICKS, Direction.DOWN) == [("r1", ""), ("fraud", "1")]
    derived.check(registry)
    proven.check(registry)


def test_links_are_stated_by_who_may_report_there_and_read_what_is_named(registry: Services) -> None:
    ready(registry, model(registry))
    ready(registry, model(registry, "secret"))
    of_version = [Stated(VERSION, ((LinkType.MADE_BY, RUN),))]
    state(registry, asked_by(Role.CONTRIBUTOR, "fraud"), of_version)
    with pytest.raises(PermissionDeniedError, match="report checks"):
        state(registry, asked_by(Role.VIEWER, "*"), of_version)
    with pytest.raises(PermissionDeniedError, match="the registry"):
        state(registry, asked_by(Role.CONTRIBUTOR, "fraud"), [Stated(RUN, ((LinkType.USED, CLICKS),))])
    of_secret = [Stated(VERSION, ((LinkType.BASED_ON, version_node("secret", 1)),))]
    with pytest.raises(PermissionDeniedError, match="read the model 'secret'"):
        state(registry, asked_by(Role.CONTRIBUTOR, "fraud"), of_secret)


def test_nothing_is_stated_if_a_part_is_refused(registry: Services) -> None:
    ready(registry, model(registry))
    both = [Stated(VERSION, ((LinkType.MADE_BY, RUN),)), Stated(RUN, ((LinkType.USED, CLICKS),))]
    with pytest.raises(PermissionDeniedError):
        state(registry, asked_by(Role.CONTRIBUTOR, "fraud"), both)
    assert shown(registry, VERSION, Direction.UP) == []


def test_nothing_is_stated_of_a_version_that_is_missing_or_locked(registry: Services) -> None:
    model(registry)
    of_version = [Stated(VERSION, ((LinkType.MADE_BY, RUN),))]
    with pytest.raises(VersionNotFoundError):
        state(registry, request(), of_version)
    ready(registry)
    restrictions.lock_version(registry, request(), "fraud", "1", "audit")
    with pytest.raises(VersionLockedError):
        state(registry, request(), of_version)


def test_what_was_stated_is_taken_back_on_both_sides_of_the_links(registry: Services) -> None:
    ready(registry, model(registry))
    wrong = Stated(VERSION, ((LinkType.TRAINED_ON, CLICKS),))
    state(registry, request(), [Stated(VERSION, ((LinkType.MADE_BY, RUN),)), wrong])
    state(registry, request(), [Stated(RUN, ((LinkType.USED, CLICKS),))])
    for _ in range(2):
        unstate(registry, request(), [wrong])
        unstate(registry, request(), [Stated(RUN, ((LinkType.USED, CLICKS),))])
    assert shown(registry, VERSION, Direction.UP) == [("r1", "")]
    assert shown(registry, CLICKS, Direction.DOWN) == []
    assert types(registry, "model:fraud") == ["lineage.unstated", "lineage.stated", "lineage.stated"]
    assert types(registry, "registry") == ["registry.lineage_unstated", "registry.lineage_stated"]
    derived.check(registry)
    proven.check(registry)


def test_what_a_version_says_itself_is_not_taken_back(registry: Services) -> None:
    ready(registry, model(registry), provenance={"run": {"id": "r1"}})
    before = shown(registry, VERSION, Direction.UP)
    assert before != []
    unstate(registry, request(), [Stated(VERSION, ((LinkType.MADE_BY, RUN),))])
    assert shown(registry, VERSION, Direction.UP) == before
    assert types(registry, "model:fraud") == []


def test_links_are_taken_back_by_who_may_state_them(registry: Services) -> None:
    ready(registry, model(registry))
    stated = [Stated(VERSION, ((LinkType.MADE_BY, RUN),))]
    state(registry, request(), stated)
    with pytest.raises(PermissionDeniedError, match="report checks"):
        unstate(registry, asked_by(Role.VIEWER, "*"), stated)
    assert shown(registry, VERSION, Direction.UP) == [("r1", "")]
    unstate(registry, asked_by(Role.CONTRIBUTOR, "fraud"), stated)
    assert shown(registry, VERSION, Direction.UP) == []


def test_what_was_stated_of_a_version_under_a_legal_hold_stays(registry: Services) -> None:
    ready(registry, model(registry))
    stated = [Stated(VERSION, ((LinkType.MADE_BY, RUN),))]
    state(registry, request(), stated)
    restrictions.hold_version(registry, request(), "fraud", "1", "a claim")
    with pytest.raises(VersionHeldError, match="until the hold is released"):
        unstate(registry, request(), stated)
