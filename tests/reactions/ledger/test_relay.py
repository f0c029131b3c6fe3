"""Every committed event reaches the bus: in order, at least once, whatever fails."""

from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.names import OUTBOX_SHARD
from chalicelib.aws.services import Services
from chalicelib.reactions.ledger.relay import relay
from tests.registry.ledger.bus import LEDGER, Bus, committed, waiting

CONTEXT = SimpleNamespace(aws_request_id="lambda-1")


def stream_records(registry: Services, events: int) -> list[dict[str, Any]]:
    """The stream's records of a model with so many events."""
    committed(registry, events)
    client, table = registry.client("dynamodb"), registry.table.name
    records = []
    for sequence in range(1, events + 1):
        key = keys.event(LEDGER, sequence)
        image = client.get_item(TableName=table, Key={"PK": {"S": key.partition}, "SK": {"S": key.sort}})["Item"]
        records.append({"dynamodb": {"NewImage": image, "SequenceNumber": f"s{sequence}"}})
    return records


def test_the_relay_puts_events_on_the_bus_in_order_and_takes_them_out_of_the_outbox(
    registry: Services,
) -> None:
    records = stream_records(registry, 12)
    assert waiting(registry) == 12
    bus = Bus(registry)
    assert relay({"Records": records}, CONTEXT) == {"batchItemFailures": []}
    assert bus.accepted == ["model.created"] + ["model.updated"] * 11
    assert waiting(registry) == 0


def test_an_event_that_the_bus_refuses_is_reported_and_nothing_overtakes_it_for_good(registry: Services) -> None:
    records = stream_records(registry, 3)
    Bus(registry, refused=frozenset({2}))
    assert relay({"Records": records}, CONTEXT) == {"batchItemFailures": [{"itemIdentifier": "s2"}]}
    assert waiting(registry) == 2


def test_events_of_one_transaction_are_put_on_the_bus_in_order_in_whichever_order_the_stream_gives_them(
    registry: Services,
) -> None:
    first, second, third = stream_records(registry, 3)
    bus = Bus(registry)
    assert relay({"Records": [first, third, second]}, CONTEXT) == {"batchItemFailures": []}
    assert bus.sequences == [1, 2, 3]


def test_of_records_in_another_order_than_their_events_none_is_skipped_by_a_refusal(registry: Services) -> None:
    first, second, third = stream_records(registry, 3)
    Bus(registry, refused=frozenset({2}))
    assert relay({"Records": [first, third, second]}, CONTEXT) == {"batchItemFailures": [{"itemIdentifier": "s3"}]}
    assert waiting(registry) == 2


def test_a_crash_after_the_bus_and_before_the_outbox_sends_again(registry: Services) -> None:
    records = stream_records(registry, 1)
    bus = Bus(registry)
    client = registry.client("dynamodb")

    def crash(**_: Any) -> None:
        raise ConnectionError("gone")

    client.meta.events.register("before-call.dynamodb.UpdateItem", crash)
    with pytest.raises(ConnectionError):
        relay({"Records": records}, CONTEXT)
    client.meta.events.unregister("before-call.dynamodb.UpdateItem", crash)
    relay({"Records": records}, CONTEXT)
    assert bus.accepted == ["model.created", "model.created"]
    item = registry.table.get(keys.event(LEDGER, 1))
    assert item is not None and OUTBOX_SHARD not in item
