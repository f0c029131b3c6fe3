"""Many pipelines write one model at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from moorage.errors import RETRYABLE_STATUSES

from chalicelib.domain.ledger.events import GENESIS, verify_chain
from tests.e2e.stack import Stack, declared, eventually

WRITERS = 64


def test_64_concurrent_registrations_give_64_numbers_and_one_chain_all_of_it_on_the_bus(stack: Stack) -> None:
    model = stack.fresh_name("race")
    seen = _subscribe(stack, model)
    with stack.http() as http:
        assert http.post("/v1/models", json={"name": model}).status_code == 201

        def register(index: int) -> int:
            # A pipeline that is answered with a conflict, a throttle or a timeout tries again with its key.
            for _ in range(10):
                answer = http.post(
                    f"/v1/models/{model}/versions",
                    json={"files": [declared(f"{index}.bin", str(index).encode())]},
                    headers={"Idempotency-Key": f"{model}-{index}"},
                )
                if answer.status_code not in {409, *RETRYABLE_STATUSES}:
                    break
            assert answer.status_code == 201, answer.text
            number: int = answer.json()["version"]["number"]
            return number

        with ThreadPoolExecutor(WRITERS) as pool:
            numbers = list(pool.map(register, range(WRITERS)))
        assert sorted(numbers) == list(range(1, WRITERS + 1))

        events: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            query = {"order": "oldest", "limit": 100} | ({"cursor": cursor} if cursor else {})
            page = http.get(f"/v1/models/{model}/events", params=query).json()
            events += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
    assert [event["type"] for event in events] == ["model.created"] + ["version.created"] * WRITERS
    assert verify_chain(events[0]["ledger"], events, 0, GENESIS) is None
    wanted = {event["id"] for event in events}
    eventually(lambda: wanted <= seen() or None, "delivery of every event to the bus", seconds=120)


def _subscribe(stack: Stack, model: str) -> Any:
    """A queue of our own on the bus; answers a function that gives the ids seen so far."""
    sqs, bus = stack.aws("sqs"), stack.aws("events")
    queue = sqs.create_queue(QueueName=model)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["moorage"], "detail": {"model": [model]}}
    bus.put_rule(Name=model, EventBusName=stack.outputs["BusName"], EventPattern=json.dumps(pattern))
    bus.put_targets(Rule=model, EventBusName=stack.outputs["BusName"], Targets=[{"Id": "queue", "Arn": arn}])
    ids: set[str] = set()

    def seen() -> set[str]:
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            ids.add(json.loads(message["Body"])["detail"]["id"])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return ids

    return seen
