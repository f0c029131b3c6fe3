"""A thousand events to twenty receivers, 30 % of them bad: each delivery succeeds or is a dead letter, with its log.

Each receiver is told of a model of its own, so an event goes to one. Those that fail for good, hang or are slow are
told of few of their model's events, by a filter on a field, and are tried twice: the schedule of retries would take a
day. The one that only answers with errors gets all of its events, and is disabled on the way.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from tests.e2e.misbehaving import Receivers, receivers
from tests.e2e.stack import Stack, eventually, release

EVENTS_EACH: Final = 50
RARE_EACH: Final = 4
MINUTES: Final = 60.0
# What receivers do, by their number; the others are well.
BEHAVIOURS: Final = {0: "error", 3: "redirect", 6: "reset", 9: "hang", 12: "huge", 15: "slow"}
# A receiver for each, with the format of its webhook. A new format gets its receivers here.
FORMATS: Final = ("standard", "mlflow") * 10
FAILING: Final = frozenset({"redirect", "reset", "hang", "huge"})
ATTEMPTS: Final = 2


@dataclass(frozen=True)
class Endpoint:
    """A receiver, its webhook and the model that it is told of. ``told`` is how many events it gets."""

    path: str
    webhook: str
    model: str
    format: str
    behaviour: str | None
    told: int


def test_a_storm_of_events_reaches_every_receiver_or_the_dead_letters(stack: Stack) -> None:
    paths = {number: f"/{number}" for number in range(len(FORMATS))}
    behaviours = {paths[number]: behaviour for number, behaviour in BEHAVIOURS.items()}
    with stack.http() as http, receivers(behaviours) as outside:
        endpoints = [_endpoint(stack, http, outside, number, path) for number, path in paths.items()]
        since = datetime.now(UTC)
        _storm(stack, endpoints)

        for endpoint in endpoints:
            eventually(lambda: _settled(http, endpoint), f"the end of {endpoint}", seconds=4 * MINUTES)  # noqa: B023 - called at once
        failed = {one["id"] for endpoint in endpoints for one in _deliveries(http, endpoint, "failed")}
        for endpoint in endpoints:
            _check_log(http, endpoint)
        assert outside.tried("/elsewhere") == 0, "a redirect was followed"
        eventually(lambda: failed <= _dead_letters(stack) or None, "dead letters", seconds=2 * MINUTES)

        outside.recovered.set()
        for endpoint in endpoints:
            _deliver_again(http, endpoint, since)
        for endpoint in endpoints:
            eventually(
                lambda: len(_told(outside, endpoint)) == endpoint.told or None,  # noqa: B023 - called at once
                f"all {endpoint.told} events at {endpoint}",
                seconds=2 * MINUTES,
            )
        for endpoint in endpoints:
            _check_ids(outside, endpoint)
            assert http.delete(f"/v1/webhooks/{endpoint.webhook}").status_code == 204


def _endpoint(stack: Stack, http: httpx.Client, outside: Receivers, number: int, path: str) -> Endpoint:
    behaviour, model = BEHAVIOURS.get(number), stack.fresh_name(f"storm-{number}")
    assert http.post("/v1/models", json={"name": model}).status_code == 201
    release(http, model)
    few = behaviour is not None and behaviour != "error"
    settings: dict[str, Any] = {"models": [model], "only_fields": ["tags/rare" if few else "tags"]}
    if behaviour == "error":
        settings["max_attempts"] = 1
    elif behaviour in FAILING:
        settings["max_attempts"] = ATTEMPTS
    webhook = _webhook(http, outside.url(path), FORMATS[number], settings)
    return Endpoint(path, webhook, model, FORMATS[number], behaviour, RARE_EACH if few else EVENTS_EACH)


def _webhook(http: httpx.Client, url: str, webhook_format: str, settings: dict[str, Any]) -> str:
    if webhook_format == "standard":
        created = http.post("/v1/webhooks", json={"url": url, "events": ["version.updated"], **settings})
        assert created.status_code == 201, created.text
        return str(created.json()["id"])
    # MLflow's clients create these; what MLflow has no word for is set on them afterwards.
    asked = {"name": "storm", "url": url, "events": [{"entity": "MODEL_VERSION_TAG", "action": "SET"}]}
    made = http.post("/api/2.0/mlflow/webhooks", json=asked)
    assert made.status_code == 200, made.text
    webhook = str(made.json()["webhook"]["webhook_id"])
    changed = http.patch(f"/v1/webhooks/{webhook}", json=settings)
    assert changed.status_code == 200, changed.text
    return webhook


def _storm(stack: Stack, endpoints: list[Endpoint]) -> None:
    """Set a tag of each model's version so many times, of all models at once."""

    def change(endpoint: Endpoint) -> None:
        with stack.http() as http:
            tags: dict[str, str] = {}
            for number in range(EVENTS_EACH):
                tags["rare" if number < RARE_EACH else "common"] = f"{number}"
                answer = http.patch(f"/v1/models/{endpoint.model}/versions/1", json={"tags": tags})
                assert answer.status_code == 200, answer.text

    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(change, endpoints))) == len(endpoints)


def _deliveries(http: httpx.Client, endpoint: Endpoint, state: str | None = None) -> Iterator[dict[str, Any]]:
    query: dict[str, Any] = {"limit": 100} | ({} if state is None else {"state": state})
    while True:
        page = http.get(f"/v1/webhooks/{endpoint.webhook}/deliveries", params=query).json()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        query["cursor"] = page["next_cursor"]


def _settled(http: httpx.Client, endpoint: Endpoint) -> bool:
    """Whether all deliveries have come to an end. Once a webhook was disabled, events make no more."""
    states = [one["state"] for one in _deliveries(http, endpoint)]
    if endpoint.behaviour == "error":
        enabled = http.get(f"/v1/webhooks/{endpoint.webhook}").json()["enabled"]
        return not enabled and "pending" not in states
    return len(states) == endpoint.told and "pending" not in states


def _check_log(http: httpx.Client, endpoint: Endpoint) -> None:
    """The log of each delivery says what became of it, attempt by attempt."""
    states = {one["id"]: one for one in _deliveries(http, endpoint)}
    if endpoint.behaviour == "error":
        failed = [one for one in states.values() if one["state"] == "failed"]
        assert len(failed) >= 20
        assert {attempt["status"] for one in failed for attempt in one["attempts"]} == {500}
        health = http.get(f"/v1/webhooks/{endpoint.webhook}/health").json()
        assert "deliveries in a row failed for good" in health["disabled_reason"]
        return
    wanted = "failed" if endpoint.behaviour in FAILING else "succeeded"
    assert {one["state"] for one in states.values()} == {wanted}, endpoint
    if wanted == "failed":
        assert {len(one["attempts"]) for one in states.values()} == {ATTEMPTS}
        assert all(attempt["error"] for one in states.values() for attempt in one["attempts"])


def _dead_letters(stack: Stack) -> set[str]:
    """The ids of the deliveries in the sender's dead-letter queue. They stay there."""
    sqs, found = stack.aws("sqs"), set()
    (url,) = (url for url in sqs.list_queues()["QueueUrls"] if "SenderDeadLetters" in url)
    while True:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=5).get("Messages", [])
        if not messages:
            return found
        found |= {json.loads(message["Body"])["delivery"] for message in messages}


def _deliver_again(http: httpx.Client, endpoint: Endpoint, since: datetime) -> None:
    """Enable the webhook if it was disabled, and deliver what failed and what it missed."""
    if endpoint.behaviour == "error":
        assert http.patch(f"/v1/webhooks/{endpoint.webhook}", json={"enabled": True}).status_code == 200
    asked: dict[str, Any] = {
        "since": since.isoformat(),
        "until": datetime.now(UTC).isoformat(),
        "states": ["failed", "cancelled"],
        "missed": endpoint.behaviour is not None,
    }
    while True:
        answer = http.post(f"/v1/webhooks/{endpoint.webhook}/redeliver", json=asked)
        assert answer.status_code == 202, answer.text
        asked["cursor"] = answer.json()["next_cursor"]
        if asked["cursor"] is None:
            return


def _told(outside: Receivers, endpoint: Endpoint) -> set[str]:
    """The events that a receiver took, by the value of the tag that each set."""
    values = (_value(endpoint, received.body) for received in outside.received(endpoint.path))
    return set(values)


def _value(endpoint: Endpoint, body: dict[str, Any]) -> str:
    if endpoint.format == "mlflow":
        return str(body["data"]["value"])
    before, after = body["data"]["before"]["tags"], body["data"]["after"]["tags"]
    (changed,) = (value for key, value in after.items() if before.get(key) != value)
    return str(changed)


def _check_ids(outside: Receivers, endpoint: Endpoint) -> None:
    """Whatever came twice came under one id, and no id stands for two events."""
    received = outside.received(endpoint.path)
    by_event = {(_value(endpoint, one.body), one.delivery) for one in received}
    assert len(by_event) == len({event for event, _ in by_event}) == len({delivery for _, delivery in by_event})
