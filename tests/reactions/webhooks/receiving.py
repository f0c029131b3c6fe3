"""A webhook's receiver on loopback, and the delivery queue as Lambda reads it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from chalicelib.aws.services import Services
from chalicelib.domain.instants import Instant
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.deliveries import Delivery
from chalicelib.reactions.webhooks.notifier import notifier
from chalicelib.reactions.webhooks.sender import sender
from chalicelib.registry.audit import audit
from chalicelib.registry.webhooks import deliveries, saving
from chalicelib.registry.webhooks.saving import CreatedWebhook
from tests.loopback import Quiet, serving
from tests.registry.build import request


@dataclass
class Answer:
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Records each request, calls ``meanwhile``, and gives the next of ``answers``; the last one is repeated.

    With ``judge``, it answers what that says of the request.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: list[Received] = []
        self.answers: list[Answer] = [Answer()]
        self.meanwhile: Callable[[], object] = lambda: None
        self.judge: Callable[[Received], Answer] | None = None

    def handle(self, received: Received) -> Answer:
        self.received.append(received)
        self.meanwhile()
        if self.judge is not None:
            return self.judge(received)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiver() -> Iterator[Receiver]:
    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = receiving.handle(Received(self.path, dict(self.headers.items()), body))
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

    with serving(Handler) as url:
        receiving = Receiver(f"{url}/hook?key=query-secret")
        yield receiving


class Clock:
    """The registry's clock, set by hand."""

    def __init__(self, registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = registry.clock()
        monkeypatch.setattr(registry, "clock", lambda: self.now)

    def move_to(self, at: Instant | None) -> None:
        assert at is not None
        self.now = at


class DeliveryQueueDouble:
    """Acts on the queue as Lambda does: gives messages to the sender, and removes those that it has finished.

    ``postponed`` lists for how many seconds the sender had messages hidden.
    """

    def __init__(self, registry: Services) -> None:
        # Not the registry's client, because Lambda's calls are not the registry's.
        self._sqs = boto3.client("sqs")
        self._url = registry.settings.delivery_queue_url
        self.postponed: list[int] = []
        self.milliseconds_left = 120_000
        registry.client("sqs").meta.events.register(
            "provide-client-params.sqs.ChangeMessageVisibility",
            lambda params, **_: self.postponed.append(params["VisibilityTimeout"]),
        )

    def receive(self) -> list[dict[str, Any]]:
        """The records of all visible messages."""
        records: list[dict[str, Any]] = []
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            records += [
                {
                    "messageId": message["MessageId"],
                    "receiptHandle": message["ReceiptHandle"],
                    "body": message["Body"],
                }
                for message in messages
            ]
        return records

    def send(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Give ``records`` to the sender. Returns those that stay in the queue."""
        context = SimpleNamespace(
            aws_request_id="lambda-1", get_remaining_time_in_millis=lambda: self.milliseconds_left
        )
        answer = sender({"Records": records}, context)
        failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        for record in records:
            if record["messageId"] not in failed:
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=record["receiptHandle"])
        return [record for record in records if record["messageId"] in failed]


def webhook(registry: Services, url: str, **given: object) -> CreatedWebhook:
    change = WebhookChange(**given)  # type: ignore[arg-type]
    return saving.create_webhook(registry, request(), url, change).result


def last_event(registry: Services, ledger: str) -> dict[str, Any]:
    """The newest event of a ledger."""
    return audit.list_events(registry, ledger, "newest", 1, None).items[0]


def notify(event: dict[str, Any]) -> None:
    """Give an event to the notifier as the bus does."""
    bus_event = {"source": "moorage", "detail-type": event["type"], "detail": json.loads(json.dumps(event))}
    notifier(bus_event, SimpleNamespace(aws_request_id="lambda-1"))


def log_of(registry: Services, created: CreatedWebhook) -> list[Delivery]:
    return list(deliveries.list_deliveries(registry, created.webhook.id, 50, None).items)
