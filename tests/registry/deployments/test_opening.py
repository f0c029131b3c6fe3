"""Moves open deployments, each once, in the order of the moves and not of their events."""

from datetime import timedelta

import pytest

from chalicelib.aws.correlation import correlated
from chalicelib.aws.services import Services
from chalicelib.domain.errors import (
    DeploymentClosedError,
    DeploymentRefusedError,
    TargetDisabledError,
    TargetNotFoundError,
    VersionInUseError,
)
from chalicelib.registry.aliases import challengers
from chalicelib.registry.deployments import deployments, opening
from chalicelib.registry.promotion import stages
from chalicelib.registry.versions import versions
from tests.registry.arranged import pass_time
from tests.registry.build import MODEL, model, ready, request
from tests.registry.deployments.deploying import (
    a_target,
    moved,
    newest,
    open_for,
    place,
    pointed,
    report,
    statuses,
    told,
    versions_in_production,
)


def test_entering_the_stage_opens_a_deployment_that_names_its_cause(registry: Services) -> None:
    a_target(registry)
    (event,) = versions_in_production(registry, 1)
    assert open_for(registry, event) == [1]
    opened = deployments.get_deployment(registry, MODEL, 1)
    assert (opened.version, opened.status, opened.target) == (1, "pending", "eu")
    assert (opened.cause.event_id, opened.cause.sequence) == (event["id"], event["sequence"])
    assert opened.opened_by == "rule:deployments"
    assert (place(registry).wanted, place(registry).active) == (1, 1)


def test_an_event_that_comes_twice_opens_one_deployment(registry: Services) -> None:
    a_target(registry)
    (event,) = versions_in_production(registry, 1)
    assert [open_for(registry, event) for _ in range(3)] == [[1], [None], [None]]
    report(registry, 1, "succeeded")
    assert open_for(registry, event) == [None]
    assert statuses(registry) == ["succeeded"]


def test_events_out_of_order_never_deploy_an_older_move_over_a_newer_one(registry: Services) -> None:
    a_target(registry)
    first, second, third = versions_in_production(registry, 3)
    assert [open_for(registry, event) for event in (third, first, second)] == [[1], [None], [None]]
    assert place(registry).wanted == 3


def test_a_newer_move_supersedes_a_deployment_that_nobody_has_begun(registry: Services) -> None:
    a_target(registry)
    for event in versions_in_production(registry, 2):
        open_for(registry, event)
    assert statuses(registry) == ["superseded", "pending"]
    assert deployments.get_deployment(registry, MODEL, 1).superseded_by == 2
    with pytest.raises(DeploymentClosedError, match="superseded by deployment 2"):
        report(registry, 1, "in_progress")


def test_a_newer_move_waits_for_a_deployment_that_runs(registry: Services) -> None:
    a_target(registry)
    first, second, third = versions_in_production(registry, 3)
    open_for(registry, first)
    report(registry, 1, "in_progress")
    open_for(registry, second)
    with pytest.raises(DeploymentClosedError, match="waits until deployment 1"):
        report(registry, 2, "in_progress")
    open_for(registry, third)
    assert statuses(registry) == ["in_progress", "superseded", "pending"]
    since = newest(registry)["sequence"]
    report(registry, 1, "succeeded")
    # Deployers are told that the turn of the next has come.
    assert told(registry, since) == [("succeeded", "1"), ("opened", "3")]
    report(registry, 3, "succeeded")
    assert statuses(registry) == ["succeeded", "superseded", "succeeded"]
    assert place(registry).good == 3


def test_the_turn_of_a_deployment_that_waited_belongs_to_its_own_release(registry: Services) -> None:
    a_target(registry)
    first, second = versions_in_production(registry, 2)
    for event, release in ((first, "release-1"), (second, "release-2")):
        with correlated(release):
            open_for(registry, event)
            report(registry, 1, "in_progress")
    with correlated("release-1"):
        report(registry, 1, "succeeded")
    turn = newest(registry)
    assert (turn["type"], turn["subject"], turn["correlation_id"]) == ("deployment.opened", "2", "release-2")
    assert place(registry).waiting_correlation_id == ""


def test_moving_an_alias_opens_a_deployment_on_targets_of_the_alias_alone(registry: Services) -> None:
    a_target(registry, "by-stage")
    a_target(registry, "by-alias", alias="champion")
    versions_in_production(registry, 2)
    (opened,) = opening.open_for_event(registry, pointed(registry, "champion", 2))
    assert opened.target == "by-alias"
    challengers.set_challenger(registry, request(), MODEL, 1, None, None)
    assert open_for(registry, newest(registry)) == []
    challengers.promote_challenger(registry, request(), MODEL, None, None)
    assert open_for(registry, newest(registry)) == [2]
    assert deployments.get_deployment(registry, MODEL, 2).version == 1


def test_a_version_that_is_moved_out_of_the_way_is_not_deployed(registry: Services) -> None:
    a_target(registry)
    _, second = versions_in_production(registry, 2)
    # The second move displaced version 1 into the archive.
    assert second["after"]["displaced"] == 1
    assert [opened.target for opened in opening.open_for_event(registry, second)] == ["eu"]
    stages.transition(registry, request(), MODEL, "2", "archived", None, None)
    assert open_for(registry, newest(registry)) == []


def test_targets_that_are_off_or_for_other_models_get_nothing(registry: Services) -> None:
    a_target(registry, "off", enabled=False)
    (event,) = versions_in_production(registry, 1)
    (opened,) = opening.open_for_event(registry, event)
    assert (opened.deployment, opened.reason) == (None, "the target is switched off")
    with pytest.raises(TargetDisabledError):
        opening.deploy(registry, request(), MODEL, "off", "1", None)


def test_a_target_is_for_the_moves_that_come_after_it_also_when_older_events_are_replayed(registry: Services) -> None:
    (event,) = versions_in_production(registry, 1)
    pass_time(registry, timedelta(seconds=1))
    a_target(registry)
    (opened,) = opening.open_for_event(registry, event)
    assert (opened.deployment, opened.reason) == (None, "the move was made before the target")
    assert open_for(registry, moved(registry)) == [1]


def test_an_event_whose_version_was_deleted_since_opens_nothing_and_says_why(registry: Services) -> None:
    a_target(registry, alias="try")
    model(registry)
    ready(registry)
    event = pointed(registry, "try", 1)
    ready(registry)
    pointed(registry, "try", 2)
    versions.delete_version(registry, request(), MODEL, "1")
    (opened,) = opening.open_for_event(registry, event)
    assert (opened.deployment, opened.reason) == (None, "version 1 has been deleted since it was moved")


def test_by_hand_only_what_the_stage_holds_or_what_was_good_is_deployed(registry: Services) -> None:
    a_target(registry)
    first, second = versions_in_production(registry, 2)
    open_for(registry, first)
    report(registry, 1, "succeeded")
    ready(registry)
    with pytest.raises(DeploymentRefusedError, match="Version 3 of 'fraud' is neither"):
        opening.deploy(registry, request(), MODEL, "eu", "3", None)
    assert opening.deploy(registry, request(), MODEL, "eu", "2", "now").result.reason == "now"
    # Any move before the one by hand is older.
    assert open_for(registry, second) == [None]
    again = opening.deploy(registry, request("key"), MODEL, "eu", "1", "back").result
    assert (again.version, again.number) == (1, 3)
    assert opening.deploy(registry, request("key"), MODEL, "eu", "1", "back").replayed
    assert open_for(registry, moved(registry)) == [4]
    with pytest.raises(TargetNotFoundError):
        opening.deploy(registry, request(), MODEL, "nowhere", "2", None)


def test_a_failed_deployment_is_tried_again_as_its_next_attempt(registry: Services) -> None:
    a_target(registry)
    (event,) = versions_in_production(registry, 1)
    open_for(registry, event)
    first = deployments.get_deployment(registry, MODEL, 1)
    with pytest.raises(DeploymentClosedError, match="only one that failed"):
        opening.retry(registry, request(), MODEL, 1, None)
    report(registry, 1, "failed", "no capacity")
    again = opening.retry(registry, request(), MODEL, 1, None).result
    assert (again.attempt, again.status, again.detail) == (2, "pending", "")
    assert again.token != first.token
    with pytest.raises(DeploymentClosedError, match="attempt 1"):
        report(registry, 1, "succeeded", attempt=1)
    assert report(registry, 1, "succeeded", attempt=2).status == "succeeded"


def test_a_version_that_has_left_the_stage_is_not_tried_again(registry: Services) -> None:
    a_target(registry)
    (event,) = versions_in_production(registry, 1)
    open_for(registry, event)
    report(registry, 1, "failed", "it answers nonsense")
    stages.transition(registry, request(), MODEL, 1, "archived", None, None)
    with pytest.raises(DeploymentRefusedError, match="Version 1 of 'fraud' is neither"):
        opening.retry(registry, request(), MODEL, 1, None)
    assert statuses(registry) == ["failed"]


def test_versions_that_a_target_serves_or_needs_cannot_be_deleted(registry: Services) -> None:
    a_target(registry)
    first, second = versions_in_production(registry, 2)
    for number, event in enumerate((first, second), 1):
        open_for(registry, event)
        if number == 1:
            report(registry, number, "succeeded")
    with pytest.raises(VersionInUseError, match="target 'eu'"):
        versions.delete_version(registry, request(), MODEL, "1")
    report(registry, 2, "succeeded")
    versions.delete_version(registry, request(), MODEL, "1")
