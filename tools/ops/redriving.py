"""Giving dead letters back to what failed on them, one after the other, and removing those that succeeded."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.delivery_queue import parse_message
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import DeliveryNotFoundError, WebhookNotFoundError
from chalicelib.domain.webhooks.deliveries import State
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.webhooks import deliveries
from infra.workload import DEPLOYER, RELAY, SCANNER, SENDER, WORKLOADS
from tools.ops.dead_letters import BATCH, DeadLetter, each, show_again
from tools.ops.parts import STEPS, Parts
from tools.stack import ToolFailure

# Beside the time that the function may take: for what comes before and after.
_GRACE_SECONDS: Final = 60
# Characters of an error that are shown.
_MAX_ERROR: Final = 300
_OPERATOR: Final = Principal("operator", ())

Client = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Redriven:
    """What became of a dead letter. It is out of the queue if it is ``done``."""

    letter: DeadLetter
    done: bool
    outcome: str


def redrive(function: str, parts: Parts, client: Client, services: Services) -> Iterator[Redriven]:
    """Give every dead letter of a function back to it. Those that fail again stay in the queue.

    A message is removed after it was handled, so one that an interrupted run had handled is handled twice. All
    functions take that. Raises ToolFailure for the relay.
    """
    if function == RELAY:
        raise ToolFailure(
            "The relay's dead letters name records of the stream, which are gone after a day. The keeper has sent "
            "their events from the outbox. Purge the queue."
        )
    sqs, queue = client("sqs"), parts.dead_letters(function)
    handle = _handler(function, parts, client, services)
    left: list[DeadLetter] = []
    # The last message of a batch waits for all before it. At most 2.7 of the 12 hours that SQS allows.
    hidden_seconds = BATCH * (WORKLOADS[function].timeout_seconds + _GRACE_SECONDS)
    try:
        for letter in each(sqs, queue, hidden_seconds):
            redriven = handle(letter)
            if redriven.done:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=letter.receipt)
            else:
                left.append(letter)
            yield redriven
    finally:
        # Not before the end, or the queue would give them again.
        for letter in left:
            show_again(sqs, queue, letter)


def _handler(function: str, parts: Parts, client: Client, services: Services) -> Callable[[DeadLetter], Redriven]:
    if function == SENDER:
        return lambda letter: _deliver_again(services, letter)
    invoked, sqs = parts.function(function), client("sqs")
    # The function may take that long. A call that is repeated would invoke it twice at once.
    longest = WORKLOADS[function].timeout_seconds + _GRACE_SECONDS
    lambda_ = client("lambda", config=Config(read_timeout=longest, retries={"total_max_attempts": 1}))

    def invoke(letter: DeadLetter) -> Redriven:
        if function == DEPLOYER and _is_step(letter):
            sqs.send_message(QueueUrl=parts.named(STEPS), MessageBody=letter.body)
            return Redriven(letter, True, "queued")
        if function == SCANNER and _is_of_stream(letter):
            return Redriven(letter, True, "results that were not judged: the keeper asks for these scans again")
        if letter.payload is None:
            return Redriven(letter, False, "the message is not JSON")
        answer = lambda_.invoke(FunctionName=invoked, Payload=json.dumps(letter.payload).encode())
        if "FunctionError" not in answer:
            return Redriven(letter, True, "done")
        return Redriven(letter, False, answer["Payload"].read().decode(errors="replace")[:_MAX_ERROR])

    return invoke


def _is_step(letter: DeadLetter) -> bool:
    """Whether it is a message of the queue of steps; the others are events of the bus."""
    return isinstance(letter.payload, dict) and "attempt" in letter.payload


def _is_of_stream(letter: DeadLetter) -> bool:
    """Whether it names records of the table's stream, which the function quarantine was given.

    https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    """
    return isinstance(letter.payload, dict) and "DDBStreamBatchInfo" in letter.payload


def _deliver_again(services: Services, letter: DeadLetter) -> Redriven:
    """Queue a delivery again: one that has failed with all attempts anew, as a redelivery over the API does."""
    queued = parse_message(letter.body)
    try:
        logged = deliveries.get_delivery(services, queued.webhook, queued.delivery)
        if logged.state is State.FAILED:
            request = Request(_OPERATOR, letter.id)
            deliveries.redeliver(services, request, queued.webhook, queued.delivery)
            return Redriven(letter, True, "queued, with all attempts anew")
        if logged.state is not State.PENDING or queued.round < logged.round:
            return Redriven(letter, True, f"it is {logged.state.value} already")
    except WebhookNotFoundError:
        return Redriven(letter, True, "its webhook was deleted")
    except DeliveryNotFoundError:
        # No attempt was ever logged, or the log's thirty days are over.
        pass
    services.queue.send([queued])
    return Redriven(letter, True, "queued")


def unreachable(error: ClientError) -> str:
    """What AWS refused, for a person."""
    return f"AWS refused {error.operation_name}: {error.response['Error'].get('Message', error)}"
