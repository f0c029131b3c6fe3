"""What follows a promotion, by itself: the deployed function carries it out on a platform, and back if it is bad.

The function has its own role, and the emulator enforces it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.e2e.functions import ALIAS, Function, serving_function
from tests.e2e.releases import PROMOTED, RULE, SERVED, Release
from tests.e2e.stack import Stack, eventually


@pytest.fixture
def function(stack: Stack) -> Iterator[Function]:
    # The stack's option deploy_lambda_functions allows the deployer no other names.
    with serving_function(stack, "moorage-e2e") as made:
        yield made


def set_target(release: Release, function: Function, **rollout: Any) -> None:
    """The target of the release, which is named like its model: the function's alias, for what enters production."""
    release.registry.targets.set(
        release.model,
        kind="lambda-alias",
        environment="production",
        models=[release.model],
        stage="production",
        config={"function": function.name, "alias": ALIAS},
        policy={"roll_back": True, "move_back": True, "rollout": rollout},
    )


@contextmanager
def ringing_alarm(stack: Stack) -> Iterator[str]:
    """The name of an alarm of CloudWatch that rings all the time."""
    client, name = stack.aws("cloudwatch"), stack.fresh_name("errors")
    client.put_metric_alarm(
        AlarmName=name,
        Namespace="Serving",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="the new version answers errors")
    yield name
    client.delete_alarms(AlarmNames=[name])


def test_promotions_change_what_callers_get_and_an_alarm_takes_the_bad_one_back(
    stack: Stack, release: Release, function: Function
) -> None:
    set_target(release, function)
    for version in (1, 2):
        assert release.promote(f"release {version}") == version
        done = release.ended(version)
        assert (done.status, done.version, done.opened_by) == ("succeeded", version, RULE), done.detail
        assert function.answer()["version"] == str(version)

    with ringing_alarm(stack) as alarm:
        set_target(release, function, shift="canary", percent=10, wait_seconds=600, alarms=[alarm])
        assert release.promote("release 3") == 3
        # The alarm still rings while the good version is put back.
        back = release.ended(4)
    assert (back.status, back.version, back.rolls_back) == ("succeeded", 2, 3), back.detail
    bad = release.registry.deployments.get(release.model, 3)
    assert (bad.status, bad.version, bad.rolled_back_by) == ("rolled_back", 3, 4)
    assert alarm in bad.detail
    assert function.answer()["version"] == "2"
    assert release.in_production() == 2
    (place,) = release.registry.deployments.where(release.model)
    assert place.wanted is not None and place.serving is not None
    assert (place.wanted.version, place.serving.version, place.active) == (2, 2, None)

    timeline = release.timeline()
    assert timeline.of_version(1) == [*PROMOTED, *SERVED]
    assert timeline.of_version(2) == [*PROMOTED, *SERVED, "version.transitioned", *SERVED]
    failed = ["deployment.opened", "deployment.started", "deployment.failed", "deployment.rolled_back"]
    assert timeline.of_version(3) == [*PROMOTED, *failed]
    for number in (1, 2, 3):
        deployment = release.registry.deployments.get(release.model, number)
        move = timeline.cause(deployment)
        assert (move.type, move.version, move.reason) == ("version.transitioned", number, f"release {number}")
        assert deployment.reason == move.reason
    returned = [event for event in timeline.events if event.type == "version.transitioned"][-1]
    assert (returned.version, returned.trigger, returned.actor) == (2, "rollback", RULE)
    for why in (returned.reason, back.reason, timeline.of_deployment(3)["deployment.failed"].reason):
        assert why is not None and alarm in why


def test_a_deployment_is_let_go_when_its_target_is_deleted_while_the_deployer_works(
    release: Release, function: Function
) -> None:
    set_target(release, function)
    release.promote()
    assert release.ended(1).status == "succeeded"
    set_target(release, function, shift="canary", percent=10, wait_seconds=600)
    release.promote()
    eventually(lambda: "10 %" in release.opened(2).detail, "the canary's share", seconds=120)
    release.registry.targets.delete(release.model)
    let_go = release.ended(2)
    assert let_go.status == "failed"
    assert let_go.detail == f"The model was taken off the target: the target {release.model} was deleted."
    assert list(release.registry.deployments.where(release.model)) == []
    # Nothing changes on the platform: the alias stays as the canary left it.
    assert (function.answer()["version"], function.weights()) == ("1", [0.1])
    assert release.in_production() == 2
