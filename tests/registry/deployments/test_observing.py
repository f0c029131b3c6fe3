"""Targets say what they serve. What differs from what is wanted is told once, and so is its end."""

import json
from datetime import timedelta

import pytest

from chalicelib.aws.names import DRIFTED_LINE
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Grant, Principal, Role
from chalicelib.domain.deployments.target_decisions import Setting
from chalicelib.domain.errors import DeploymentRefusedError, PermissionDeniedError, TargetNotFoundError
from chalicelib.registry.deployments import observing, places, targets
from chalicelib.registry.deployments.places import PlaceNow
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.versions import versions
from tests.registry.arranged import pass_time
from tests.registry.build import MODEL, model, request
from tests.registry.deployments.deploying import (
    ARGO,
    a_target,
    newest,
    open_for,
    place,
    report,
    told,
    versions_in_production,
)
from tests.registry.faults import Calls


def say(registry: Services, version: int | None, digest: str = "", by: Principal = ARGO) -> PlaceNow:
    return observing.observe(registry, Request(by, "request-3"), "eu", MODEL, version, digest)


def deployed(registry: Services, count: int = 1) -> int:
    """Deploy versions one after the other; answers the sequence of the last event."""
    a_target(registry)
    for number, event in enumerate(versions_in_production(registry, count), 1):
        open_for(registry, event)
        report(registry, number, "succeeded")
    return int(newest(registry)["sequence"])


def test_drift_is_told_once_and_so_is_its_end(registry: Services) -> None:
    since = deployed(registry, 2)
    for _ in range(3):
        say(registry, 2)
    assert told(registry, since) == []
    for _ in range(3):
        assert say(registry, 1).place is not None
    assert told(registry, since) == [("drifted", "2")]
    event = newest(registry)
    assert event["reason"] == "eu serves version 1; version 2 is wanted"
    assert (event["after"]["serving"], event["after"]["wanted"], place(registry).drifting) == (1, 2, True)
    say(registry, None)
    assert newest(registry)["reason"] == "eu serves no version; version 2 is wanted"
    for _ in range(3):
        say(registry, 2)
    assert told(registry, since) == [("drifted", "2"), ("drifted", "2"), ("agreed", "2")]
    assert not place(registry).drifting


def test_each_drift_is_logged_for_the_alarm(registry: Services, capsys: pytest.CaptureFixture[str]) -> None:
    deployed(registry, 2)
    capsys.readouterr()
    for version in (2, 1, 1, 2):
        say(registry, version)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["target"], one["wanted"], one["serving"]) for one in lines if one["log"] == DRIFTED_LINE] == [
        ("eu", 2, 1)
    ]


def test_other_bytes_under_the_right_number_are_drift(registry: Services) -> None:
    since = deployed(registry)
    right = versions.get_version(registry, MODEL, "1").digest
    assert right is not None
    say(registry, 1, right)
    assert told(registry, since) == []
    say(registry, 1, "0" * 64)
    assert newest(registry)["reason"] == "eu serves other bytes as version 1; version 1 is wanted"


def test_while_a_deployment_is_on_its_way_only_its_arrival_is_news(registry: Services) -> None:
    a_target(registry)
    first, second = versions_in_production(registry, 2)
    open_for(registry, first)
    report(registry, 1, "succeeded")
    open_for(registry, second)
    report(registry, 2, "in_progress")
    since = newest(registry)["sequence"]
    say(registry, 1)
    say(registry, None)
    assert told(registry, since) == []
    say(registry, 2)
    assert told(registry, since) == [("agreed", "2")]


def test_a_deployment_that_succeeds_ends_the_drift(registry: Services) -> None:
    a_target(registry)
    first, second = versions_in_production(registry, 2)
    open_for(registry, first)
    report(registry, 1, "succeeded")
    say(registry, 7)
    assert place(registry).drifts
    open_for(registry, second)
    # Until it has ended, anything may be served. The end of the drift is told all the same.
    assert not place(registry).drifts
    since = newest(registry)["sequence"]
    report(registry, 2, "succeeded")
    assert told(registry, since) == [("succeeded", "2"), ("agreed", "2")]


def test_an_unchanged_heartbeat_costs_one_read_and_a_write_now_and_then(registry: Services) -> None:
    deployed(registry)
    say(registry, 1)
    calls = Calls(registry.client("dynamodb"))
    for _ in range(3):
        say(registry, 1)
    assert calls.operations == ["BatchGetItem"] * 3
    pass_time(registry, timedelta(seconds=31))
    say(registry, 1)
    assert calls.operations[3:] == ["BatchGetItem", "PutItem"]


def test_a_target_that_goes_silent_shows_when_it_was_last_heard(registry: Services) -> None:
    deployed(registry)
    heard = registry.clock()
    say(registry, 1)
    pass_time(registry, timedelta(hours=5))
    (now,) = places.places_of(registry, MODEL)
    assert now.heartbeat is not None
    assert heard <= now.heartbeat.seen_at < registry.clock()
    assert now.heartbeat.serving.since <= now.heartbeat.seen_at


def test_what_a_target_serves_without_a_deployment_is_shown_and_is_no_drift(registry: Services) -> None:
    a_target(registry)
    model(registry)
    now = say(registry, 4)
    assert now.place is None and now.heartbeat is not None and now.heartbeat.serving.version == 4
    assert told(registry) == []
    assert places.places_of(registry, MODEL) == (now,)


def test_only_reporters_and_those_who_may_deploy_are_heard(registry: Services) -> None:
    deployed(registry)
    maintainer = Principal("token:mai", (Grant(Role.MAINTAINER, "fr*"),))
    assert say(registry, 1, by=maintainer).place is not None
    for stranger in (Principal("token:eve", ()), Principal("token:con", (Grant(Role.CONTRIBUTOR, "*"),))):
        with pytest.raises(PermissionDeniedError, match=f"You \\({stranger.name}\\) may not report"):
            say(registry, 1, by=stranger)
    with pytest.raises(PermissionDeniedError):
        observing.observe(registry, Request(ARGO, "r"), "nowhere", MODEL, 1, "")
    with pytest.raises(TargetNotFoundError):
        observing.observe(registry, Request(maintainer, "r"), "nowhere", MODEL, 1, "")


def test_a_target_says_nothing_of_models_that_it_does_not_take(registry: Services) -> None:
    deployed(registry)
    targets.set_target(registry, request(), "eu", "external", Setting("production", ["other*"], stage="production"))
    with pytest.raises(DeploymentRefusedError):
        observing.observe(registry, request(), "eu", MODEL, 1, "")
