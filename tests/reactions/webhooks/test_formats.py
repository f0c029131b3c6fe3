"""Webhooks whose stored format is missing or unknown."""

import json

import pytest

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.webhooks.deliveries import State
from chalicelib.domain.webhooks.webhook import STANDARD
from chalicelib.registry.webhooks import deliveries, webhooks
from tests.reactions.webhooks.receiving import DeliveryQueueDouble, Receiver, last_event, log_of, notify, webhook
from tests.registry.build import model, request


def store(registry: Services, webhook_id: str, **fields: str | None) -> None:
    """Set fields of a stored webhook; None removes one."""
    stored = registry.table.get(keys.webhook(webhook_id))
    assert stored is not None
    body = {**json.loads(str(stored["body"])), **fields}
    kept = {field: value for field, value in body.items() if value is not None}
    registry.table.put({**stored, "body": json.dumps(kept)}, "attribute_exists(PK)", None)


def test_a_webhook_stored_before_there_were_formats_is_a_standard_one(outgoing: Services, outside: Receiver) -> None:
    created = webhook(outgoing, outside.url).webhook
    store(outgoing, created.id, format=None, name=None, sealed_secret=None)
    assert webhooks.get_webhook(outgoing, created.id) == created
    assert created.format == STANDARD


def test_a_webhook_of_an_unknown_format_is_logged_and_keeps_no_event_from_others(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    known, unknown = webhook(outgoing, outside.url).webhook, webhook(outgoing, outside.url).webhook
    store(outgoing, unknown.id, format="pager")
    model(outgoing)
    notify(last_event(outgoing, "model:fraud"))
    assert [json.loads(record["body"])["webhook"] for record in queue.receive()] == [known.id]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (skipped,) = (line for line in lines if line["log"] == "webhook_skipped")
    assert (skipped["webhook"], skipped["error"]) == (unknown.id, "UnknownFormatError")
    assert "'pager'" in skipped["detail"]


def test_a_delivery_in_an_unknown_format_fails_with_the_reason_in_the_log_and_the_others_are_sent(
    outgoing: Services, queue: DeliveryQueueDouble, outside: Receiver
) -> None:
    known, unknown = webhook(outgoing, outside.url), webhook(outgoing, outside.url)
    store(outgoing, unknown.webhook.id, format="pager")
    for created in (known, unknown):
        deliveries.queue_test(outgoing, request(), created.webhook.id)
    assert len(queue.send(queue.receive())) == 1
    assert len(outside.received) == 1
    (logged,) = log_of(outgoing, unknown)
    assert (logged.state, log_of(outgoing, known)[0].state) == (State.PENDING, State.SUCCEEDED)
    assert "does not know the webhook format 'pager'" in str(logged.attempts[0].error)
