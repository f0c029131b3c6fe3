"""The SQS queue of steps. A message is a deployment that is to be stepped again, and comes when that makes sense."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json

# The longest delay of a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html
MAX_DELAY: Final = 900


@dataclass(frozen=True, slots=True)
class QueuedStep:
    """A step of an attempt of a deployment."""

    model: str
    deployment: int
    attempt: int


class StepQueue:
    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, step: QueuedStep, seconds: int) -> None:
        """Queue a step that comes in ``seconds``, or in fifteen minutes if that is sooner."""
        delay = min(max(seconds, 0), MAX_DELAY)
        self._client.send_message(QueueUrl=self._url, MessageBody=canonical_json(asdict(step)), DelaySeconds=delay)


def parse_message(body: str) -> QueuedStep:
    """The step in the body of a message."""
    return QueuedStep(**json.loads(body))
