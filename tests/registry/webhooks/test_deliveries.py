"""Deliveries queued on request survive a failure of every AWS call: a retry with the same key queues one."""

from collections.abc import Callable

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.aws.services import Services
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import Delivery
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.webhooks import deliveries, saving
from tests.registry.build import request
from tests.registry.faults import When, failing

URL = "https://93.184.216.34/hook"
Act = Callable[[Services, Request, str, str], Changed[Delivery]]


def queue_test(services: Services, asked: Request, webhook: str, _: str) -> Changed[Delivery]:
    return deliveries.queue_test(services, asked, webhook)


def redeliver(services: Services, asked: Request, webhook: str, delivery: str) -> Changed[Delivery]:
    return deliveries.redeliver(services, asked, webhook, delivery)


def waiting(registry: Services) -> list[str]:
    """Bodies of the messages in the queue, which is emptied."""
    queue = registry.settings.delivery_queue_url
    sqs = boto3.client("sqs")
    bodies: list[str] = []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        bodies += [message["Body"] for message in messages]
        for message in messages:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return bodies


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("act", "rounds", "logged"), [(queue_test, 1, 2), (redeliver, 2, 1)])
def test_a_retry_after_any_failure_queues_one_delivery(
    registry: Services, when: When, act: Act, rounds: int, logged: int
) -> None:
    nth = 1
    while True:
        webhook = saving.create_webhook(registry, request(), URL, WebhookChange()).result.webhook.id
        earlier = deliveries.queue_test(registry, request(), webhook).result.id
        waiting(registry)
        asked = request(f"key-{nth}")
        with failing(registry, nth, when) as fault:
            try:
                act(registry, asked, webhook, earlier)
            except ReadTimeoutError:
                assert fault.struck
        again = act(registry, asked, webhook, earlier).result
        log = deliveries.list_deliveries(registry, webhook, 10, None).items
        assert len(log) == logged
        assert log[0].round == again.round == rounds
        bodies = set(waiting(registry))
        assert len(bodies) == 1
        assert f'"delivery":"{again.id}"' in bodies.pop()
        if not fault.struck:
            break
        nth += 1
    assert nth > 4, "the receipt's read, the delivery's read, the write and the queue were each struck"
