"""Puts every committed event from the DynamoDB stream on the event bus: in order per ledger, at least once."""

from typing import Any

from chalicelib.aws.ledger import event_items
from chalicelib.aws.log import log_line
from chalicelib.aws.services import services
from chalicelib.aws.table import from_attributes
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.registry.ledger.outbox import deliver


def relay(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Put a batch of the stream's new event items on the bus.

    Reports the first record whose event the bus did not accept, so that Lambda reads the stream again from there and no
    event overtakes another.
    """
    records = event["Records"]
    read = [event_items.event_from(from_attributes(record["dynamodb"]["NewImage"])) for record in records]
    # The stream gives the events of one transaction in any order.
    ordered = sorted(range(len(read)), key=lambda index: (read[index]["ledger"], read[index]["sequence"]))
    confirmed = deliver(services(), [read[index] for index in ordered])
    refused = min(ordered[confirmed:], default=len(records))
    failures = [record["dynamodb"]["SequenceNumber"] for record in records[refused : refused + 1]]
    log_line(
        "relay",
        events=len(read),
        confirmed=confirmed,
        correlation_ids=sorted({correlation_of(event) for event in read}),
        request_id=context.aws_request_id,
    )
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failures]}
