"""Events go to the bus in batches that EventBridge takes, and a refused one is not overtaken in the count."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.aws.ledger.bus import MAX_BYTES, MAX_ENTRIES, EventBus


class Client:
    """EventBridge's client: keeps the batches, and refuses the events with these sequence numbers."""

    def __init__(self, *refused: int) -> None:
        self.batches: list[list[dict[str, Any]]] = []
        self._refused = refused

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - boto3's name
        self.batches.append(Entries)
        refusal, acceptance = {"ErrorCode": "ThrottlingException"}, {"EventId": "1"}
        sequences = [json.loads(entry["Detail"])["sequence"] for entry in Entries]
        return {"Entries": [refusal if sequence in self._refused else acceptance for sequence in sequences]}


def event(sequence: int) -> dict[str, Any]:
    return {"type": "model.updated", "time": "2026-11-23T09:30:00.250Z", "sequence": sequence, "metric": 0.1}


def test_an_entry_says_what_rules_match_on_and_carries_the_event() -> None:
    client = Client()
    assert EventBus(client, "registry").put([event(1)]) == 1
    ((entry,),) = client.batches
    assert (entry["EventBusName"], entry["Source"], entry["DetailType"]) == ("registry", "moorage", "model.updated")
    assert entry["Time"] == datetime(2026, 11, 23, 9, 30, 0, 250_000, UTC)
    assert json.loads(entry["Detail"]) == event(1)


def test_many_events_go_in_batches_in_order() -> None:
    client = Client()
    assert EventBus(client, "registry").put([event(number) for number in range(25)]) == 25
    assert [len(batch) for batch in client.batches] == [MAX_ENTRIES, MAX_ENTRIES, 5]
    put = [json.loads(entry["Detail"])["sequence"] for batch in client.batches for entry in batch]
    assert put == list(range(25))


@pytest.mark.parametrize(("refused", "accepted", "batches"), [((0,), 0, 1), ((4, 2), 2, 1), ((13,), 13, 2)])
def test_the_count_ends_at_the_first_refused_event_and_no_later_batch_is_put(
    refused: tuple[int, ...], accepted: int, batches: int
) -> None:
    client = Client(*refused)
    assert EventBus(client, "registry").put([event(number) for number in range(25)]) == accepted
    assert len(client.batches) == batches


def fat(sequence: int, size: int) -> dict[str, Any]:
    return event(sequence) | {"ledger": "model:fraud", "description": "ü" * (size // 2)}


def test_fat_events_go_in_batches_that_the_bus_takes() -> None:
    client = Client()
    events = [fat(number, 60 * 1024) for number in range(10)]
    assert EventBus(client, "registry").put(events) == 10
    assert len(client.batches) == 3
    for batch in client.batches:
        assert sum(len(entry["Detail"].encode()) for entry in batch) <= MAX_BYTES
    put = [json.loads(entry["Detail"])["sequence"] for batch in client.batches for entry in batch]
    assert put == list(range(10))


def test_an_event_that_no_call_takes_ends_the_count_and_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    client = Client()
    assert EventBus(client, "registry").put([event(1), fat(2, MAX_BYTES), event(3)]) == 1
    assert [len(batch) for batch in client.batches] == [1]
    line = json.loads(capsys.readouterr().out)
    assert (line["log"], line["ledger"], line["sequence"]) == ("event_too_large", "model:fraud", 2)
