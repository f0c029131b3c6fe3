"""A queued delivery reaches its receiver: signed, once, tried again until it succeeds, and logged."""

import json
import subprocess
import sys
from typing import Any

import pytest
from moorage import WebhookVerificationError, verify_webhook
from standardwebhooks.webhooks import Webhook as IndependentVerifier

from chalicelib.aws.names import OUTBOUND_ALLOW_VARIABLE
from chalicelib.aws.services import Services, reset_services
from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import LEASE, MAX_ATTEMPTS, State
from chalicelib.registry.webhooks import deliveries, saving, webhooks
from chalicelib.registry.webhooks.saving import CreatedWebhook
from tests.reactions.webhooks.receiving import (
    Answer,
    Clock,
    DeliveryQueueDouble,
    Received,
    Receiver,
    last_event,
    log_of,
    notify,
    webhook,
)
from tests.registry.build import model, request
from tests.registry.faults import failing


def queued_event(registry: Services, outside: Receiver) -> tuple[CreatedWebhook, dict[str, Any]]:
    """A webhook, and an event whose delivery to it is queued."""
    created = webhook(registry, outside.url, models=["fraud"])
    model(registry)
    event = last_event(registry, "model:fraud")
    notify(event)
    return created, event


def test_a_receiver_gets_the_event_signed_with_the_webhooks_secret(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created, event = queued_event(outgoing, outside)
    assert queue.send(queue.receive()) == []
    (received,) = outside.received
    verified = IndependentVerifier(created.secret).verify(received.body, received.headers)
    assert verified == {"type": "model.created", "timestamp": event["time"], "data": event}
    assert received.headers["Content-Type"] == "application/json"
    (logged,) = log_of(outgoing, created)
    assert (logged.id, logged.state) == (received.headers["webhook-id"], State.SUCCEEDED)
    assert [(attempt.status, attempt.error) for attempt in logged.attempts] == [(204, None)]


def test_after_a_rotation_both_secrets_sign_until_the_old_one_ends(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(outgoing, monkeypatch)
    created = webhook(outgoing, outside.url)
    rotated = saving.rotate_secret(outgoing, request(), created.webhook.id, 60).result
    assert created.secret is not None and rotated.secret is not None and rotated.secret != created.secret

    def accepted_by() -> list[bool]:
        deliveries.queue_test(outgoing, request(), created.webhook.id)
        assert queue.send(queue.receive()) == []
        received = outside.received[-1]
        return [verifies(secret, received) for secret in (created.secret, rotated.secret)]

    assert accepted_by() == [True, True]
    clock.move_to(rotated.webhook.old_secrets_end_at)
    assert accepted_by() == [False, True]


def verifies(secret: str | None, received: Received) -> bool:
    assert secret is not None
    # The verifier of the SDK takes the time; the clock here is set by hand.
    try:
        verify_webhook(secret, received.headers, received.body, now=int(received.headers["webhook-timestamp"]))
    except WebhookVerificationError:
        return False
    return True


def test_a_delivery_carries_custom_and_secret_headers_beside_those_of_its_format(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    given = WebhookChange(custom_headers={"X-Env": "prod"})
    headers = {"Authorization": "Bearer hush"}
    created = saving.create_webhook(outgoing, request(), outside.url, given, headers=headers).result
    deliveries.queue_test(outgoing, request(), created.webhook.id)
    assert queue.send(queue.receive()) == []
    (received,) = outside.received
    assert (received.headers["X-Env"], received.headers["Authorization"]) == ("prod", "Bearer hush")
    assert IndependentVerifier(created.secret).verify(received.body, received.headers)


def test_secret_headers_that_cannot_be_decrypted_fail_the_attempt_and_say_what_to_do(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"Authorization": "Bearer hush"}
    created = saving.create_webhook(outgoing, request(), outside.url, WebhookChange(), headers=headers).result
    deliveries.queue_test(outgoing, request(), created.webhook.id)
    monkeypatch.setattr(outgoing, "signing_key", lambda: b"another")
    assert len(queue.send(queue.receive())) == 1
    assert outside.received == []
    assert "list of secret headers cannot be read" in str(log_of(outgoing, created)[0].attempts[0].error)


def test_a_webhook_may_allow_fewer_attempts(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(outgoing, monkeypatch)
    created = webhook(outgoing, outside.url, max_attempts=2)
    deliveries.queue_test(outgoing, request(), created.webhook.id)
    outside.answers = [Answer(503)]
    kept = queue.send(queue.receive())
    clock.move_to(log_of(outgoing, created)[0].next_attempt_at)
    assert queue.send(kept) == kept
    (logged,) = log_of(outgoing, created)
    assert (logged.state, len(logged.attempts)) == (State.FAILED, 2)


def test_what_a_delivery_sends_is_shown_as_the_receiver_got_it(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created, _ = queued_event(outgoing, outside)
    deliveries.queue_test(outgoing, request(), created.webhook.id)
    queue.send(queue.receive())
    assert len(outside.received) == 2
    for received in outside.received:
        sent = deliveries.get_sent(outgoing, created.webhook.id, received.headers["webhook-id"])
        assert (sent.message.body, sent.delivery.state) == (received.body, State.SUCCEEDED)


def test_a_delivery_that_succeeded_is_never_sent_again(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    _, event = queued_event(outgoing, outside)
    records = queue.receive()
    queue.send(records)
    notify(event)
    assert queue.send(records) == []
    assert queue.send(queue.receive()) == []
    assert len(outside.received) == 1


def test_a_message_that_comes_while_the_same_is_being_sent_waits(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    queued_event(outgoing, outside)
    records = queue.receive()
    second: list[Any] = []
    outside.meanwhile = lambda: second.append(queue.send(records))
    assert queue.send(records) == []
    assert second == [records]
    assert len(outside.received) == 1


def test_a_failed_attempt_is_logged_and_made_again_later_with_the_same_id_and_body(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(outgoing, monkeypatch)
    created, _ = queued_event(outgoing, outside)
    outside.answers = [Answer(500, body=b"out of order"), Answer(204)]
    kept = queue.send(queue.receive())
    (logged,) = log_of(outgoing, created)
    assert logged.state is State.PENDING
    assert (logged.attempts[0].status, logged.attempts[0].excerpt) == (500, "out of order")
    assert queue.postponed[-1] in (5, 6)

    assert queue.send(kept) == kept, "too early"
    clock.move_to(logged.next_attempt_at)
    assert queue.send(kept) == []
    first, second = outside.received
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert int(second.headers["webhook-timestamp"]) > int(first.headers["webhook-timestamp"])
    assert IndependentVerifier(created.secret).verify(second.body, second.headers)
    (logged,) = log_of(outgoing, created)
    assert (logged.state, [attempt.status for attempt in logged.attempts]) == (State.SUCCEEDED, [500, 204])


def test_a_delivery_that_uses_up_its_attempts_is_left_to_the_dead_letters(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(outgoing, monkeypatch)
    created, _ = queued_event(outgoing, outside)
    outside.answers = [Answer(503)]
    records = queue.receive()
    for _ in range(MAX_ATTEMPTS - 1):
        assert queue.send(records) == records
        clock.move_to(log_of(outgoing, created)[0].next_attempt_at)
    assert queue.send(records) == records
    assert queue.send(records) == records
    (logged,) = log_of(outgoing, created)
    assert (logged.state, len(logged.attempts)) == (State.FAILED, MAX_ATTEMPTS)
    assert len(outside.received) == MAX_ATTEMPTS
    assert queue.postponed[-2:] == [0, 0]


def test_one_failing_message_leaves_the_others_of_its_batch_alone(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created, _ = queued_event(outgoing, outside)
    down = webhook(outgoing, "http://127.0.0.1:9/", events=["model.created"])
    notify(last_event(outgoing, "model:fraud"))
    poison = {"messageId": "m-poison", "receiptHandle": "r", "body": "{"}
    kept = queue.send([poison, *queue.receive()])
    assert kept[0] == poison
    assert [json.loads(record["body"])["webhook"] for record in kept[1:]] == [down.webhook.id]
    assert log_of(outgoing, created)[0].state is State.SUCCEEDED
    assert log_of(outgoing, down)[0].attempts[0].status is None


def test_a_receiver_that_is_gone_has_its_webhook_disabled_with_an_event(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created, _ = queued_event(outgoing, outside)
    outside.answers = [Answer(410)]
    assert queue.send(queue.receive()) == []
    assert not webhooks.get_webhook(outgoing, created.webhook.id).enabled
    event = last_event(outgoing, "registry")
    assert (event["type"], event["actor"], event["after"]) == (
        event_types.WEBHOOK_DISABLED,
        "sender",
        {"enabled": False},
    )
    assert log_of(outgoing, created)[0].state is State.CANCELLED


def test_410_from_an_old_url_does_not_disable_a_webhook_that_has_moved(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created, _ = queued_event(outgoing, outside)
    outside.answers = [Answer(410)]
    moved = WebhookChange(url=outside.url + "&moved=1")
    outside.meanwhile = lambda: saving.update_webhook(outgoing, request(), created.webhook.id, moved)
    queue.send(queue.receive())
    assert webhooks.get_webhook(outgoing, created.webhook.id).enabled


def test_a_delivery_to_a_disabled_webhook_is_cancelled(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created, _ = queued_event(outgoing, outside)
    saving.update_webhook(outgoing, request(), created.webhook.id, WebhookChange(enabled=False))
    assert queue.send(queue.receive()) == []
    assert outside.received == []
    assert log_of(outgoing, created)[0].state is State.CANCELLED


def test_a_delivery_to_a_deleted_webhook_is_dropped(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created, _ = queued_event(outgoing, outside)
    saving.delete_webhook(outgoing, request(), created.webhook.id)
    assert queue.send(queue.receive()) == []
    assert outside.received == []


def test_a_redirect_is_a_failure_and_not_followed(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created, _ = queued_event(outgoing, outside)
    outside.answers = [Answer(307, {"Location": "/elsewhere"})]
    assert len(queue.send(queue.receive())) == 1
    assert len(outside.received) == 1
    assert "redirects are not followed" in str(log_of(outgoing, created)[0].attempts[0].error)


def test_a_host_that_became_private_is_not_reached(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    created, _ = queued_event(outgoing, outside)
    monkeypatch.setenv(OUTBOUND_ALLOW_VARIABLE, "")
    reset_services()
    assert len(queue.send(queue.receive())) == 1
    assert outside.received == []
    assert "not public" in str(log_of(outgoing, created)[0].attempts[0].error)


def test_without_time_for_an_attempt_none_is_begun(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created, _ = queued_event(outgoing, outside)
    queue.milliseconds_left = 15_000
    records = queue.receive()
    assert queue.send(records) == records
    assert outside.received == []
    assert log_of(outgoing, created) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_no_crash_between_two_calls_loses_a_delivery(
    when: Any,
    outgoing: Services,
    queue: DeliveryQueueDouble,
    outside: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(outgoing, monkeypatch)
    created = webhook(outgoing, outside.url, models=["fraud-*"])
    nth = 1
    while True:
        model(outgoing, f"fraud-{nth}")
        notify(last_event(outgoing, f"model:fraud-{nth}"))
        records = queue.receive()
        outside.received.clear()
        with failing(outgoing, nth, when) as fault:
            queue.send(records)
        clock.move_to(later(clock.now, LEASE))
        assert queue.send(records) == []
        assert log_of(outgoing, created)[0].state is State.SUCCEEDED
        assert len({received.headers["webhook-id"] for received in outside.received}) == 1
        if not fault.struck:
            break
        nth += 1
    assert nth > 3, "read, claim and settle were each struck"


def test_a_test_reaches_a_disabled_webhook(outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver) -> None:
    created = webhook(outgoing, outside.url, events=["alias.set"], enabled=False)
    delivery = deliveries.queue_test(outgoing, request(), created.webhook.id).result
    assert queue.send(queue.receive()) == []
    (received,) = outside.received
    verified: Any = IndependentVerifier(created.secret).verify(received.body, received.headers)
    assert (verified["type"], verified["data"]["webhook"]) == ("webhook.test", created.webhook.id)
    assert received.headers["webhook-id"] == delivery.id


def test_a_redelivery_sends_again_under_the_same_id_once(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created, _ = queued_event(outgoing, outside)
    old = queue.receive()
    queue.send(old)
    (logged,) = log_of(outgoing, created)
    deliveries.redeliver(outgoing, request(), created.webhook.id, logged.id)
    assert queue.send(old) == [], "a message of the first round has no effect"
    fresh = queue.receive()
    assert queue.send(fresh) == []
    assert queue.send(fresh) == []
    first, second = outside.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert log_of(outgoing, created)[0].round == 2


def test_log_lines_have_ids_and_outcome_but_no_secret_url_or_body(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    created, _ = queued_event(outgoing, outside)
    outside.answers = [Answer(500, body=b"answer-body")]
    capsys.readouterr()
    queue.send(queue.receive())
    text = capsys.readouterr().out
    (line,) = [json.loads(line) for line in text.splitlines()]
    assert (line["webhook"], line["status"], line["attempt"]) == (created.webhook.id, 500, 1)
    assert not any(leak in text for leak in ("query-secret", created.secret, "answer-body", "127.0.0.1"))


@pytest.mark.parametrize("function", ["notifier", "sender"])
def test_event_functions_do_not_pay_for_what_only_the_api_needs(function: str) -> None:
    code = (
        f"import sys, chalicelib.reactions.webhooks.{function}\n"
        "heavy = [name for name in sys.modules if name.split('.')[0] == 'pydantic' "
        "or name.startswith('chalicelib.api')]\n"
        "print(heavy)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
