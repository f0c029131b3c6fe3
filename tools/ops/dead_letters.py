"""Reading dead-letter queues: how much lies there, and what it is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from chalicelib.domain.instants import Instant, instant

# Limit of ReceiveMessage.
BATCH: Final = 10
# Long polling asks all servers of the queue, so an empty answer means an empty queue.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
_WAIT_SECONDS: Final = 1


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message of a dead-letter queue.

    ``payload`` is what the function was invoked with, or the message of a queue that it was given; None if that is no
    JSON. ``error`` says why it failed, as far as AWS tells.
    """

    id: str
    receipt: str
    sent_at: Instant
    body: str
    payload: Any
    error: str

    @property
    def about(self) -> str:
        """What it is about, in a few words."""
        if not isinstance(self.payload, dict):
            return ""
        told = self.payload.get("detail") or self.payload
        named = ("type", "event_type", "id", "model", "version", "webhook", "delivery", "deployment")
        return " ".join(f"{name}={told[name]}" for name in named if told.get(name) is not None)


def waiting(sqs: Any, queue: str) -> int:
    """About how many messages lie in a queue, also those that somebody is just looking at."""
    counted = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=list(counted))["Attributes"]
    return sum(int(attributes[name]) for name in counted)


def each(sqs: Any, queue: str, hidden_seconds: int) -> Iterator[DeadLetter]:
    """Every message of a queue once, hidden from other readers for ``hidden_seconds``."""
    seen: set[str] = set()
    while True:
        received = sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=BATCH,
            WaitTimeSeconds=_WAIT_SECONDS,
            VisibilityTimeout=hidden_seconds,
            MessageSystemAttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        fresh = [message for message in received if message["MessageId"] not in seen]
        if not fresh:
            return
        seen.update(message["MessageId"] for message in fresh)
        yield from map(_dead_letter, fresh)


def show_again(sqs: Any, queue: str, letter: DeadLetter) -> None:
    """Let other readers see a message at once."""
    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=letter.receipt, VisibilityTimeout=0)


def _dead_letter(message: dict[str, Any]) -> DeadLetter:
    """Three forms lie in these queues.

    Lambda writes a record around the payload of an invocation that failed. EventBridge writes the event that it could
    not hand to Lambda, and SQS moves a message as it is.
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    body = message["Body"]
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    given = {name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()}
    payload, error = document, given.get("ERROR_MESSAGE") or given.get("ERROR_CODE", "")
    if isinstance(document, dict) and "requestPayload" in document:
        answer = document.get("responsePayload")
        payload = document["requestPayload"]
        error = str(answer.get("errorMessage") or answer.get("errorType")) if isinstance(answer, dict) else ""
        error = error or str(document.get("requestContext", {}).get("condition", ""))
    sent_at = instant(datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC))
    return DeadLetter(message["MessageId"], message["ReceiptHandle"], sent_at, body, payload, error)
