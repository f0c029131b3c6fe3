"""Every committed event reaches the bus: in order, at least once, whatever fails."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.aws import keys
from chalicelib.aws.names import OUTBOX, OUTBOX_SHARD
from chalicelib.aws.services import Services
from chalicelib.domain.instants import Instant
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.reactions.ledger.relay import relay
from chalicelib.registry.ledger.outbox import redeliver_overdue
from chalicelib.registry.models import models
from tests.registry.build import model, request

FOREVER = Instant("2999-01-01T00:00:00.000Z")
CONTEXT = SimpleNamespace(aws_request_id="lambda-1")


class Bus:
    """What was put on the bus, as its client saw it; refuses the entries it is told to."""

    def __init__(self, registry: Services, refused: frozenset[int] = frozenset()) -> None:
        self.taken: list[str] = []
        self._refused = refused
        self._seen = 0
        registry.client("events").meta.events.register("before-call.events.PutEvents", self._put)

    def _put(self, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:

        entries = []
        for entry in json.loads(params["body"])["Entries"]:
            self._seen += 1
            if self._seen in self._refused:
                entries.append({"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"})
            else:
                self.taken.append(json.loads(entry["Detail"])["type"])
                entries.append({"EventId": str(self._seen)})
        return SimpleNamespace(status_code=200), {"Entries": entries, "FailedEntryCount": 0}


def told(registry: Services, events: int) -> list[dict[str, Any]]:
    """A model with so many events, as the stream's records."""
    model(registry)
    for index in range(events - 1):
        models.update_model(registry, request(), "fraud", ProfileChange(owner=f"owner {index}"))
    client, table = registry.client("dynamodb"), registry.table.name
    records = []
    for sequence in range(1, events + 1):
        key = keys.event("model:fraud", sequence)
        image = client.get_item(TableName=table, Key={"PK": {"S": key.partition}, "SK": {"S": key.sort}})["Item"]
        records.append({"dynamodb": {"NewImage": image, "SequenceNumber": f"s{sequence}"}})
    return records


def waiting(registry: Services) -> int:
    shard = keys.shard("model:fraud")
    return len(registry.table.query_index(OUTBOX, shard, 100)[0])


def test_the_relay_puts_events_on_the_bus_in_order_and_takes_them_out_of_the_outbox(
    registry: Services,
) -> None:
    records = told(registry, 12)
    assert waiting(registry) == 12
    bus = Bus(registry)
    assert relay({"Records": records}, CONTEXT) == {"batchItemFailures": []}
    assert bus.taken == ["model.created"] + ["model.updated"] * 11
    assert waiting(registry) == 0


def test_an_event_that_the_bus_refuses_is_named_and_nothing_overtakes_it_for_good(registry: Services) -> None:
    records = told(registry, 3)
    Bus(registry, refused=frozenset({2}))
    assert relay({"Records": records}, CONTEXT) == {"batchItemFailures": [{"itemIdentifier": "s2"}]}
    assert waiting(registry) == 2


def test_events_that_the_stream_lost_are_sent_by_the_keeper_in_order(registry: Services) -> None:
    told(registry, 3)
    bus = Bus(registry)
    assert redeliver_overdue(registry, FOREVER) == 3
    assert bus.taken == ["model.created", "model.updated", "model.updated"]
    assert redeliver_overdue(registry, FOREVER) == 0


def test_fresh_events_are_left_to_the_relay(registry: Services) -> None:
    told(registry, 2)
    assert redeliver_overdue(registry, Instant("2000-01-01T00:00:00.000Z")) == 0


def test_a_crash_after_the_bus_and_before_the_outbox_sends_again(
    registry: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = told(registry, 1)
    bus = Bus(registry)
    client = registry.client("dynamodb")

    def crash(**_: Any) -> None:
        raise ConnectionError("gone")

    client.meta.events.register("before-call.dynamodb.UpdateItem", crash)
    with pytest.raises(ConnectionError):
        relay({"Records": records}, CONTEXT)
    client.meta.events.unregister("before-call.dynamodb.UpdateItem", crash)
    relay({"Records": records}, CONTEXT)
    assert bus.taken == ["model.created", "model.created"]
    item = registry.table.get(keys.event("model:fraud", 1))
    assert item is not None and OUTBOX_SHARD not in item
