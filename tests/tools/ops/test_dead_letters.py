"""What lies in the dead-letter queues is shown, given back to what failed on it, and lost in no case."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.delivery_log import DeliveryLog
from chalicelib.aws.webhooks.delivery_queue import QueuedDelivery, parse_message
from chalicelib.domain.webhooks.deliveries import State
from chalicelib.registry.webhooks import deliveries, saving
from infra.workload import WORKLOADS
from tests.registry.arranged import a_webhook
from tests.registry.build import request
from tests.tools.ops.stack import HASH, Stack
from tools.ops.parts import WITH_DEAD_LETTERS

EVENT = {
    "detail-type": "version.ready",
    "detail": {"id": "e1", "type": "version.ready", "model": "fraud", "version": 3},
}


def after_lambda(payload: object) -> dict[str, Any]:
    """The record that Lambda writes about an invocation that failed."""
    return {
        "version": "1.0",
        "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": payload,
        "responsePayload": {"errorMessage": "no such table", "errorType": "KeyError"},
    }


@pytest.fixture
def stack(registry: Services) -> Stack:
    return Stack(registry)


def test_all_queues_are_counted_with_what_to_do_about_them(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.put("notifier", EVENT)
    stack.put("notifier", EVENT)
    assert stack.run("dead-letters") == 0
    shown = capsys.readouterr().out
    assert f"notifier: 2\n  {WORKLOADS['notifier'].dead_letters}\n  {stack.queue('notifier')}\n" in shown
    assert all(f"{name}: 0\n" in shown for name in WITH_DEAD_LETTERS if name != "notifier")


def test_messages_are_shown_with_their_error_and_stay(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.put("promoter", after_lambda(EVENT))
    stack.put("promoter", EVENT, ERROR_CODE="THROTTLING", ERROR_MESSAGE="too many calls")
    stack.put("promoter", "not JSON")
    assert stack.run("dead-letters", "promoter") == 0
    shown = capsys.readouterr().out
    assert shown.count("type=version.ready id=e1 model=fraud version=3\n") == 2
    assert "  no such table\n" in shown and "  too many calls\n" in shown and "not JSON\n" in shown
    assert len(stack.left(stack.queue("promoter"))) == 3


def test_an_event_is_given_back_in_the_form_in_which_it_came(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.put("notifier", after_lambda(EVENT))
    stack.put("notifier", EVENT, ERROR_CODE="THROTTLING")
    assert stack.run("redrive", "notifier") == 0
    assert stack.invoked == [("notifier-function", EVENT)] * 2
    assert stack.left(stack.queue("notifier")) == []
    assert capsys.readouterr().out.endswith("2 given back, 0 failed again and stay in the queue\n")


def test_a_message_stays_hidden_while_the_nine_before_it_are_handled(stack: Stack) -> None:
    stack.put("notifier", EVENT)
    assert stack.run("redrive", "notifier") == 0
    assert min(stack.hidden_seconds) > 10 * WORKLOADS["notifier"].timeout_seconds


def test_what_fails_again_stays_and_the_rest_is_done(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    bad = {"detail": {"id": "e2", "type": "version.ready"}}
    for body in (bad, EVENT, "not JSON"):
        stack.put("promoter", body)
    stack.fails = lambda payload: payload == bad
    assert stack.run("redrive", "promoter") == 1
    shown = capsys.readouterr().out
    assert '"errorMessage": "no"' in shown and "the message is not JSON" in shown
    assert shown.endswith("1 given back, 2 failed again and stay in the queue\n")
    assert sorted(stack.left(stack.queue("promoter"))) == sorted([json.dumps(bad), "not JSON"])


def test_the_deployers_steps_go_back_to_their_queue_and_its_events_to_the_function(
    stack: Stack, registry: Services
) -> None:
    step = {"model": "fraud", "deployment": 1, "attempt": 1}
    stack.put("deployer", step)
    stack.put("deployer", EVENT)
    assert stack.run("redrive", "deployer") == 0
    assert stack.invoked == [("deployer-function", EVENT)]
    assert [json.loads(body) for body in stack.left(registry.settings.step_queue_url)] == [step]


def test_results_that_were_not_judged_leave_the_scanners_queue_and_its_events_go_back(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.put("scanner", {"requestContext": {"condition": "RetryAttemptsExhausted"}, "DDBStreamBatchInfo": {}})
    stack.put("scanner", after_lambda(EVENT))
    assert stack.run("redrive", "scanner") == 0
    assert stack.invoked == [("scanner-function", EVENT)]
    assert stack.left(stack.queue("scanner")) == []
    assert "the keeper asks for these scans again" in capsys.readouterr().out


def test_the_relays_dead_letters_are_not_given_back(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.put("relay", {"DDBStreamBatchInfo": {}})
    assert stack.run("redrive", "relay") == 1
    assert "The keeper has sent their events" in capsys.readouterr().err
    assert len(stack.left(stack.queue("relay"))) == 1


def given_up(registry: Services, state: State | None) -> QueuedDelivery:
    """A delivery whose message is in no queue any more. Its log entry is in a state; None: it has none."""
    made = a_webhook(registry, "ci")
    if state is None:
        return QueuedDelivery("d1", made, "version.ready", "model:fraud", 1, registry.clock())
    delivery = deliveries.queue_test(registry, request(), made).result
    client, url = registry.client("sqs"), registry.settings.delivery_queue_url
    client.purge_queue(QueueUrl=url)
    log = DeliveryLog(registry.table)
    entry = log.get(made, delivery.id)
    assert entry is not None and log.save(entry, replace(delivery, state=state), registry.clock())
    return QueuedDelivery(delivery.id, made, delivery.event_type, None, None, delivery.created_at)


@pytest.mark.parametrize(
    ("state", "queued_round"),
    # One that has failed needs a new round: the sender settles it else. One that has succeeded needs nothing.
    [(State.FAILED, 2), (State.PENDING, 1), (None, 1), (State.SUCCEEDED, None), (State.CANCELLED, None)],
)
def test_a_delivery_is_queued_so_that_the_sender_attempts_it(
    stack: Stack, registry: Services, state: State | None, queued_round: int | None
) -> None:
    delivery = given_up(registry, state)
    stack.put("sender", asdict(delivery))
    assert stack.run("redrive", "sender") == 0
    expected = [] if queued_round is None else [replace(delivery, round=queued_round)]
    assert [parse_message(body) for body in stack.left(registry.settings.delivery_queue_url)] == expected
    assert stack.left(stack.queue("sender")) == [] == stack.invoked


def test_a_delivery_of_a_deleted_webhook_is_let_go(
    stack: Stack, registry: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    delivery = given_up(registry, State.FAILED)
    saving.delete_webhook(registry, request(), delivery.webhook)
    stack.put("sender", asdict(delivery))
    assert stack.run("redrive", "sender") == 0
    assert "its webhook was deleted" in capsys.readouterr().out
    assert stack.left(stack.queue("sender")) == [] == stack.left(registry.settings.delivery_queue_url)


def test_a_stack_of_another_release_is_refused(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    del stack.names[f"MessagingUsageDeadLetters{HASH}"]
    assert stack.run("dead-letters", "usage") == 1
    assert "The stack has no MessagingUsageDeadLetters." in capsys.readouterr().err
