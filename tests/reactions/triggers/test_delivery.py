"""A trigger reaches its product by the queue, the log and the guard of every webhook, and fails for good if refused."""

import base64
import json
from typing import Any

import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import State
from chalicelib.domain.webhooks.health import MAX_FAILURES
from chalicelib.registry.webhooks import deliveries, saving, webhooks
from chalicelib.registry.webhooks.saving import CreatedWebhook
from tests.reactions.triggers.products import PRODUCTS, SECRET
from tests.reactions.webhooks.receiving import Answer, DeliveryQueueDouble, Receiver, last_event, log_of, notify
from tests.registry.build import model, request


def trigger(registry: Services, outside: Receiver, name: str, secret: str | None = None) -> CreatedWebhook:
    """A webhook for a product that answers at ``outside``."""
    product = PRODUCTS[name]
    outside.judge = product.judge
    base = outside.url.removesuffix("/hook?key=query-secret")
    known = secret or product.credential
    given = WebhookChange(settings=product.settings)
    url, credential = (base + product.at, known) if known is not None else (None, base + product.at)
    if product.credential is None and secret is not None:
        url, credential = None, f"{base}/{secret}"
    assert credential is not None
    return saving.create_webhook(registry, request(), url, given, FORMATS.named(name), credential).result


def told(registry: Services, created: CreatedWebhook) -> dict[str, Any]:
    """An event that the webhook sends, queued."""
    saving.update_webhook(registry, request(), created.webhook.id, WebhookChange(events=["*"]))
    if created.webhook.format == "pagerduty":
        other = saving.create_webhook(registry, request(), created.webhook.url, WebhookChange()).result.webhook
        saving.disable_gone(registry, "r", other)
        event = last_event(registry, "registry")
    else:
        model(registry)
        event = last_event(registry, "model:fraud")
    notify(event)
    return event


@pytest.mark.parametrize("name", PRODUCTS)
def test_the_product_takes_the_event_and_what_its_answer_leads_to_is_logged(
    name: str, outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = trigger(outgoing, outside, name)
    event = told(outgoing, created)
    assert queue.send(queue.receive()) == []
    (logged,) = log_of(outgoing, created)
    assert logged.state is State.SUCCEEDED, logged.attempts
    assert logged.attempts[0].links == PRODUCTS[name].links
    (received,) = outside.received
    assert received.headers["Moorage-Event-Id"] == event["id"]
    assert received.headers["Moorage-Delivery-Id"] == logged.id


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_test_is_a_request_that_the_product_takes(
    name: str, outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = trigger(outgoing, outside, name)
    deliveries.queue_test(outgoing, request(), created.webhook.id)
    assert queue.send(queue.receive()) == []
    assert log_of(outgoing, created)[0].state is State.SUCCEEDED


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_refused_credential_ends_the_delivery_at_once_in_the_dead_letters(
    name: str, outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = trigger(outgoing, outside, name, secret="revoked")
    told(outgoing, created)
    records = queue.receive()
    assert queue.send(records) == records
    assert queue.postponed[-1] == 0
    assert queue.send(records) == records, "it stays for the dead letters, and is not sent again"
    (logged,) = log_of(outgoing, created)
    assert (logged.state, len(logged.attempts), len(outside.received)) == (State.FAILED, 1, 1)
    assert logged.next_attempt_at is None


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_an_outage_is_waited_for(
    status: int, outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = trigger(outgoing, outside, "github-dispatch")
    outside.judge = lambda _: Answer(status)
    told(outgoing, created)
    queue.send(queue.receive())
    (logged,) = log_of(outgoing, created)
    assert logged.state is State.PENDING and logged.next_attempt_at is not None


def test_a_delivery_that_failed_for_good_can_be_sent_again_with_a_new_credential(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = trigger(outgoing, outside, "gitlab", secret="revoked")
    told(outgoing, created)
    queue.send(queue.receive())
    saving.update_webhook(outgoing, request(), created.webhook.id, WebhookChange(), SECRET)
    (failed,) = log_of(outgoing, created)
    deliveries.redeliver(outgoing, request(), created.webhook.id, failed.id)
    assert queue.send(queue.receive()) == []
    (logged,) = log_of(outgoing, created)
    assert (logged.state, logged.id) == (State.SUCCEEDED, failed.id)


def test_refusals_that_are_final_count_as_failures_and_a_new_credential_begins_anew(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = trigger(outgoing, outside, "gitlab", secret="revoked")
    own = created.webhook.id

    def refused(times: int) -> None:
        for _ in range(times):
            deliveries.queue_test(outgoing, request(), own)
        queue.send(queue.receive())

    refused(2)
    assert webhooks.get_health(outgoing, own)[1].failures == 2
    saving.update_webhook(outgoing, request(), own, WebhookChange(), "revoked-too")
    assert webhooks.get_health(outgoing, own)[1].failures == 0
    refused(MAX_FAILURES)
    found = webhooks.get_webhook(outgoing, own)
    assert not found.enabled and "failed for good" in found.disabled_reason
    assert {len(one.attempts) for one in log_of(outgoing, created)} == {1}
    saving.update_webhook(outgoing, request(), own, WebhookChange(enabled=True), SECRET)
    saving.disable_failing(outgoing, "r", found, "it kept failing")
    assert webhooks.get_webhook(outgoing, own).enabled, "the failures were of another credential"


def test_a_trigger_carries_the_headers_of_its_owner_and_an_answer_that_repeats_them_is_logged_without(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = trigger(outgoing, outside, "gitlab")
    headers = {"Authorization": "Bearer proxy-password", "X-Gate": "gate-password"}
    plain = WebhookChange(custom_headers={"X-Env": "production"})
    saving.update_webhook(outgoing, request(), created.webhook.id, plain, headers=headers)
    outside.judge = lambda received: Answer(500, body=json.dumps(received.headers).encode() + b" proxy-password")
    deliveries.queue_test(outgoing, request(), created.webhook.id)
    queue.send(queue.receive())
    (received,) = outside.received
    assert {name: received.headers[name] for name in (*headers, "X-Env")} == {**headers, "X-Env": "production"}
    excerpt = log_of(outgoing, created)[0].attempts[0].excerpt
    assert "production" in excerpt and "[secret]" in excerpt
    assert "proxy-password" not in excerpt and "gate-password" not in excerpt


@pytest.mark.parametrize("name", PRODUCTS)
def test_no_secret_is_shown_or_logged(
    name: str, outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    created = trigger(outgoing, outside, name)
    secrets = (SECRET, "secret-path", "secret-sig")
    # A receiver that repeats everything that it was sent.
    outside.judge = lambda received: Answer(
        500, body=(received.path + json.dumps(received.headers)).encode() + received.body
    )
    told(outgoing, created)
    queue.send(queue.receive())
    (logged,) = log_of(outgoing, created)
    sent = deliveries.get_sent(outgoing, created.webhook.id, logged.id)
    shown = [
        repr(webhooks.get_webhook(outgoing, created.webhook.id)),
        repr(created),
        json.dumps(sent.message.payload),
        json.dumps(last_event(outgoing, "registry")),
        capsys.readouterr().out,
    ]
    basic = [base64.b64encode(f"{user}:{SECRET}".encode()).decode() for user in ("", "moorage")]
    for secret in (*secrets, *basic):
        assert not any(secret in text for text in (*shown, logged.attempts[0].excerpt))
    assert "[secret]" in logged.attempts[0].excerpt


def test_what_a_form_sends_is_shown_as_its_fields(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = trigger(outgoing, outside, "jenkins")
    told(outgoing, created)
    queue.send(queue.receive())
    (logged,) = log_of(outgoing, created)
    payload = deliveries.get_sent(outgoing, created.webhook.id, logged.id).message.payload
    assert (payload["MOORAGE_EVENT_TYPE"], payload["MOORAGE_MODEL"]) == ("model.created", "fraud")


def test_a_secret_in_the_body_is_replaced_where_it_is_shown(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    created = trigger(outgoing, outside, "gitlab")
    told(outgoing, created)
    queue.send(queue.receive())
    (logged,) = log_of(outgoing, created)
    sent = deliveries.get_sent(outgoing, created.webhook.id, logged.id)
    assert sent.message.payload["token"] == "[secret]"
    assert json.loads(outside.received[0].body)["token"] == SECRET
