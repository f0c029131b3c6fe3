"""Deployments of kinds with a driver are carried out in steps, which may come twice, late, or be cut off."""

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws.correlation import correlated
from chalicelib.aws.deployments.step_queue import QueuedStep, parse_message
from chalicelib.aws.services import Services
from chalicelib.domain.deployments.deployment import Status
from chalicelib.domain.deployments.driving import Found, Order, Step
from chalicelib.domain.deployments.external import EXTERNAL
from chalicelib.domain.deployments.kinds import Kind, Kinds
from chalicelib.domain.deployments.reporting import Report
from chalicelib.domain.deployments.target import Policy
from chalicelib.domain.deployments.target_decisions import Setting
from chalicelib.reactions.deployments import deployer
from chalicelib.registry.deployments import deployments, opening, places, reporting, stepping, targets
from chalicelib.registry.lifecycle import sweep
from chalicelib.registry.versions import versions
from tests.registry.arranged import pass_time
from tests.registry.build import MODEL, request
from tests.registry.deployments.deploying import moved, newest, open_for, statuses, told, versions_in_production
from tests.registry.faults import Crash

ORDERS: list[Order] = []
ANSWERS: list[Step | Exception] = []
DRIVES: list[Callable[[Order], Step]] = []
DRIVEN = Kind("driven", EXTERNAL.config, EXTERNAL.rollout, driver=f"{__name__}:drive")
FIRST = QueuedStep(MODEL, 1, 1)


def drive(order: Order) -> Step:
    """A driver that answers what a test says."""
    ORDERS.append(order)
    if DRIVES:
        return DRIVES.pop()(order)
    answer = ANSWERS.pop(0)
    if isinstance(answer, Exception):
        raise answer
    return answer


@pytest.fixture(autouse=True)
def driven(registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target of a kind with a driver."""
    kinds = Kinds([EXTERNAL, DRIVEN])
    for module in (targets, stepping, deployer):
        monkeypatch.setattr(module, "KINDS", kinds)
    ORDERS.clear()
    ANSWERS.clear()
    DRIVES.clear()
    setting = Setting("production", ["*"], stage="production", config={"endpoint": "fraud"})
    targets.set_target(registry, request(), "eu", "driven", setting)


def opened(registry: Services) -> dict[str, Any]:
    """The event of a deployment that was opened after a move."""
    (event,) = versions_in_production(registry, 1)
    open_for(registry, event)
    return newest(registry)


def step(registry: Services, which: QueuedStep = FIRST) -> stepping.Stepped:
    return stepping.step(registry, which, "lambda-1")


def react(event: dict[str, Any]) -> None:
    deployer.deployer(json.loads(json.dumps(event)), SimpleNamespace(aws_request_id="lambda-1"))


def test_a_driver_is_told_what_to_serve_and_where(registry: Services) -> None:
    with correlated("release-7"):
        opened(registry)
    ANSWERS.append(Step(Found.SERVING, "in service", links={"Console": "https://console.example.com"}))
    assert step(registry) == stepping.Stepped("serving", "in service", correlation_id="release-7")
    (order,) = ORDERS
    version = versions.get_version(registry, MODEL, "1")
    assert (order.model, order.version, order.digest) == (MODEL, 1, version.digest)
    assert order.uri == f"s3://artifacts/artifacts/{version.uid}/"
    assert (order.config, order.memo, len(order.deployment)) == ({"endpoint": "fraud"}, {}, 32)
    ended = deployments.get_deployment(registry, MODEL, 1)
    assert (ended.status, ended.detail, ended.reported_by) == ("succeeded", "in service", "rule:deployments")
    assert ended.links == {"Console": "https://console.example.com"}
    assert newest(registry)["trigger"] == "rule"


def test_steps_remember_and_show_how_it_stands_until_the_end(registry: Services) -> None:
    opened(registry)
    ANSWERS.append(Step(Found.WORKING, "creating", {"config": "c-1"}, {"Console": "https://c.example"}, again_in=20))
    assert step(registry).again_in == 20
    # Somebody else looks before the step is due: the message came twice. It comes again when the step is due.
    again = step(registry)
    assert (again.found, again.again_in) == ("waiting", 19)
    shown = deployments.get_deployment(registry, MODEL, 1)
    assert (shown.status, shown.detail, shown.links) == ("in_progress", "creating", {"Console": "https://c.example"})
    pass_time(registry, timedelta(seconds=20))
    ANSWERS.append(Step(Found.FAILED, "no capacity"))
    step(registry)
    assert [order.memo for order in ORDERS] == [{}, {"config": "c-1"}]
    assert told(registry) == [("opened", "1"), ("started", "1"), ("failed", "1")]
    assert step(registry).found == "over"


def test_a_retry_is_another_order_that_remembers_nothing(registry: Services) -> None:
    opened(registry)
    ANSWERS.extend([Step(Found.WORKING, "creating", {"config": "c-1"}), Step(Found.FAILED, "no capacity")])
    step(registry)
    pass_time(registry, timedelta(minutes=1))
    step(registry)
    opening.retry(registry, request(), MODEL, 1, None)
    ANSWERS.append(Step(Found.SERVING, "in service"))
    assert step(registry).found == "over"
    assert step(registry, QueuedStep(MODEL, 1, 2)).found == "serving"
    assert ORDERS[2].memo == {} and ORDERS[2].deployment != ORDERS[0].deployment


def test_a_driver_that_is_cut_off_is_stepped_again(registry: Services) -> None:
    opened(registry)
    ANSWERS.extend([Crash(), Step(Found.SERVING, "in service")])
    with pytest.raises(Crash):
        step(registry)
    assert statuses(registry) == ["in_progress"]
    assert step(registry).found == "serving"


def test_a_process_that_stalled_does_not_replace_what_a_later_step_remembers(registry: Services) -> None:
    opened(registry)

    def overtaken(order: Order) -> Step:
        ANSWERS.extend([Step(Found.WORKING, "moving", {"moved": "yes"}), Step(Found.SERVING, "in service")])
        assert step(registry).found == "working"
        return Step(Found.WORKING, "creating", {"moved": "no"})

    DRIVES.append(overtaken)
    assert step(registry).found == "overtaken"
    pass_time(registry, timedelta(minutes=1))
    assert step(registry).found == "serving"
    assert ORDERS[-1].memo == {"moved": "yes"}


def test_a_step_that_stalled_says_nothing_of_a_later_attempt(registry: Services) -> None:
    opened(registry)

    def given_up(order: Order) -> Step:
        pass_time(registry, timedelta(hours=2))
        assert sweep.sweep_due(registry, "keeper-1") == 1
        opening.retry(registry, request(), MODEL, 1, None)
        return Step(Found.SERVING, "in service")

    DRIVES.append(given_up)
    assert step(registry).found == "closed"
    again = deployments.get_deployment(registry, MODEL, 1)
    assert (again.attempt, again.status) == (2, "pending")


def test_a_roll_back_goes_at_once_whatever_the_policy_says(registry: Services) -> None:
    policy = Policy(roll_back=True, rollout={"alarms": ["errors"]})
    setting = Setting("production", ["*"], stage="production", policy=policy)
    targets.set_target(registry, request(), "eu", "driven", setting)
    ANSWERS.extend([Step(Found.SERVING, "in service"), Step(Found.FAILED, "alarm"), Step(Found.SERVING, "back")])
    for number, event in enumerate(versions_in_production(registry, 2), 1):
        open_for(registry, event)
        step(registry, QueuedStep(MODEL, number, 1))
    react({"detail": newest(registry)})
    assert step(registry, QueuedStep(MODEL, 3, 1)).found == "serving"
    # An alarm that the bad version set off still rings for a while. It must not keep the good one away.
    assert [(order.version, order.policy) for order in ORDERS] == [
        (1, {"alarms": ["errors"]}),
        (2, {"alarms": ["errors"]}),
        (1, {}),
    ]


def test_a_deployment_that_was_opened_while_its_target_was_deleted_lets_the_model_go(registry: Services) -> None:
    event = opened(registry)
    targets.delete_target(registry, request(), "eu")
    # The event of the deletion was handled before the deployment was there.
    assert step(registry).found == "over"
    react({"detail": event})
    react({"detail": event})
    assert (statuses(registry), places.places_of(registry, MODEL), ORDERS) == (["failed"], (), [])
    ended = deployments.get_deployment(registry, MODEL, 1)
    assert ended.detail == "The model was taken off the target: the target eu was deleted."


def test_a_driver_is_not_given_the_configuration_of_another_kind(registry: Services) -> None:
    event = opened(registry)
    targets.delete_target(registry, request(), "eu")
    targets.set_target(registry, request(), "eu", "external", Setting("production", ["*"], stage="production"))
    react({"detail": event})
    assert step(registry) == stepping.Stepped("over", "the target was made anew, of the kind external")
    assert (statuses(registry), ORDERS) == (["pending"], [])


def test_a_report_on_a_deployment_of_a_driver_leaves_what_its_steps_remember(registry: Services) -> None:
    opened(registry)
    ANSWERS.extend([Step(Found.WORKING, "creating", {"config": "c-1"}), Step(Found.SERVING, "in service")])
    step(registry)
    note = Report(Status.IN_PROGRESS, "a person looks at it")
    reporting.report(registry, request(), MODEL, 1, note)
    assert deployments.get_deployment(registry, MODEL, 1).detail == "a person looks at it"
    pass_time(registry, timedelta(minutes=1))
    step(registry)
    assert ORDERS[-1].memo == {"config": "c-1"}


@pytest.mark.parametrize("steps_before", [0, 1])
def test_a_report_that_comes_during_a_step_does_not_end_the_steps(registry: Services, steps_before: int) -> None:
    def reported(_: Order) -> Step:
        note = Report(Status.IN_PROGRESS, "a person looks at it")
        reporting.report(registry, request(), MODEL, 1, note)
        return Step(Found.WORKING, "creating", {"config": "c-2"}, again_in=20)

    opened(registry)
    for _ in range(steps_before):
        ANSWERS.append(Step(Found.WORKING, "begun", {"config": "c-1"}))
        step(registry)
        pass_time(registry, timedelta(minutes=1))
    DRIVES.append(reported)
    assert step(registry).again_in == 20
    pass_time(registry, timedelta(minutes=1))
    ANSWERS.append(Step(Found.SERVING, "in service"))
    step(registry)
    assert (ORDERS[-1].memo, statuses(registry)) == ({"config": "c-2"}, ["succeeded"])


def test_a_newer_move_waits_for_a_deployment_that_was_stepped(registry: Services) -> None:
    opened(registry)
    ANSWERS.append(Step(Found.WORKING, "creating"))
    step(registry)
    open_for(registry, moved(registry))
    assert step(registry, QueuedStep(MODEL, 2, 1)).found == "waiting"
    pass_time(registry, timedelta(minutes=1))
    ANSWERS.append(Step(Found.SERVING, "in service"))
    step(registry)
    turn = newest(registry)
    assert (turn["type"], turn["subject"], turn["after"]["waits_for"]) == ("deployment.opened", "2", None)
    ANSWERS.append(Step(Found.SERVING, "in service"))
    react({"detail": turn})
    assert statuses(registry) == ["succeeded", "succeeded"]


def test_the_deployer_steps_what_was_opened_and_queues_the_next_step(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = opened(registry)
    sent: list[tuple[QueuedStep, int]] = []
    monkeypatch.setattr(registry.steps, "send", lambda which, seconds: sent.append((which, seconds)))
    ANSWERS.append(Step(Found.WORKING, "creating", again_in=45))
    react({"detail": event})
    assert sent == [(FIRST, 45)]
    pass_time(registry, timedelta(minutes=1))
    ANSWERS.append(Step(Found.SERVING, "in service"))
    react({"Records": [{"body": json.dumps({"model": MODEL, "deployment": 1, "attempt": 1})}]})
    assert (statuses(registry), len(sent)) == (["succeeded"], 1)


def test_a_step_that_was_saved_but_not_queued_is_queued_when_the_event_comes_again(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = opened(registry)
    sent: list[tuple[QueuedStep, int]] = []

    def lost_once(which: QueuedStep, seconds: int) -> None:
        monkeypatch.setattr(registry.steps, "send", lambda which, seconds: sent.append((which, seconds)))
        raise Crash

    monkeypatch.setattr(registry.steps, "send", lost_once)
    ANSWERS.append(Step(Found.WORKING, "creating", again_in=45))
    with pytest.raises(Crash):
        react({"detail": event})
    react({"detail": event})
    # The driver was asked once, and the message comes when its next step makes sense.
    assert (sent, len(ORDERS)) == ([(FIRST, 44)], 1)


def test_a_step_comes_from_the_queue_as_it_was_sent(registry: Services) -> None:
    registry.steps.send(FIRST, 0)
    client, url = registry.client("sqs"), registry.settings.step_queue_url
    (message,) = client.receive_message(QueueUrl=url)["Messages"]
    assert parse_message(message["Body"]) == FIRST
    # SQS takes no longer delay.
    registry.steps.send(FIRST, 100_000)


def test_kinds_without_a_driver_are_left_to_who_reports(registry: Services) -> None:
    targets.delete_target(registry, request(), "eu")
    setting = Setting("production", ["*"], stage="production")
    targets.set_target(registry, request(), "eu", "external", setting)
    event = opened(registry)
    react({"detail": event})
    assert (statuses(registry), ORDERS) == (["pending"], [])
