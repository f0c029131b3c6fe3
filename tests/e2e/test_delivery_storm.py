"""A thousand events to twenty receivers of eight formats, 30 % of them bad: each is delivered, or is a dead letter.

Each receiver is told of a model of its own, so an event goes to one. Those that fail for good, hang or are slow are
told of few of their model's events, by a filter on a field, and are tried once or twice: the schedule of retries would
take a day. The one that only answers with errors gets all of its events, and is disabled on the way.

The events are committed to the stack's table by the use cases themselves, in this process: a thousand calls of the
emulated API take minutes. From the table's stream on, everything is the deployed stack's.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import httpx

from chalicelib.aws.names import TABLE_VARIABLE
from chalicelib.aws.services import Services
from chalicelib.aws.settings import Settings
from chalicelib.aws.webhooks.delivery_log import DeliveryLog
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.domain.versions.version import Description
from chalicelib.domain.webhooks.deliveries import State
from chalicelib.domain.webhooks.health import MAX_FAILURES
from chalicelib.registry.models import models
from chalicelib.registry.versions import tags, versions
from tests.e2e.misbehaving import Received, Receivers, receivers
from tests.e2e.stack import Stack, eventually
from tests.reactions.triggers.products import PRODUCTS, Product
from tests.registry.build import file, request

EVENTS_EACH: Final = 50
RARE_EACH: Final = 3
# How long the emulator may take on a busy machine.
PATIENCE: Final = 300.0
# What receivers do, by their number; the others are well.
BEHAVIOURS: Final = {0: "error", 3: "redirect", 6: "reset", 9: "hang", 12: "huge", 15: "slow"}
# A receiver for each, with the format of its webhook. Those of products answer as the products do.
FORMATS: Final = (
    *("generic", "mlflow", "jenkins", "gitlab", "azure-devops", "standard", "standard", "slack", "generic", "mlflow"),
    *("argo-events", "gitlab", "jenkins", "standard", "mlflow", "argo-events", "azure-devops", "slack"),
    *("standard", "mlflow"),
)
# How often a delivery is attempted to those that fail until they recover. A product's redirect is final by itself.
LIMITED: Final = {"error": 1, "reset": 2, "hang": 1, "huge": 2}
ATTEMPTS: Final = {**LIMITED, "redirect": 1}


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
    registry = _OfStack(stack)
    products = {paths[number]: PRODUCTS[name].judge for number, name in enumerate(FORMATS) if name in PRODUCTS}
    with stack.http() as http, receivers(behaviours, products) as outside:
        endpoints = [_endpoint(stack, registry, http, outside, number, path) for number, path in paths.items()]
        since = datetime.now(UTC)
        _storm(registry, outside, endpoints)

        log = DeliveryLog(registry.table)
        for endpoint in endpoints:
            eventually(partial(_is_settled, http, log, endpoint), f"the end of {endpoint}", seconds=PATIENCE)
        for endpoint in endpoints:
            _check_log(http, endpoint)
        assert outside.tried("/elsewhere") == 0, "a redirect was followed"
        failed = {one["id"] for endpoint in endpoints for one in _deliveries(http, endpoint, "failed")}
        assert failed
        letters: set[str] = set()
        eventually(partial(_are_dead_letters, stack.aws("sqs"), failed, letters), "dead letters", seconds=PATIENCE)

        outside.recovered.set()
        for endpoint in endpoints:
            if endpoint.behaviour is not None:
                _deliver_again(http, endpoint, since)
        for endpoint in endpoints:
            told = partial(_was_told, outside, endpoint, endpoint.told)
            eventually(told, f"all {endpoint.told} events at {endpoint}", seconds=PATIENCE)
            _check_ids(outside, endpoint)
            assert http.delete(f"/v1/webhooks/{endpoint.webhook}").status_code == 204


class _OfStack(Services):
    """The use cases' adapters, for the table of a deployed stack."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(Settings.from_environment({TABLE_VARIABLE: stack.outputs["TableName"]}))
        self._stack = stack

    def client(self, service: str, read_timeout: int = 0) -> Any:
        return self._stack.aws(service)


def _endpoint(
    stack: Stack, registry: Services, http: httpx.Client, outside: Receivers, number: int, path: str
) -> Endpoint:
    behaviour, model = BEHAVIOURS.get(number), stack.fresh_name(f"storm-{number}")
    models.create_model(registry, request(), model, ProfileChange())
    versions.register_version(registry, request(), model, Description(), [file()])
    few = behaviour not in (None, "error")
    narrowed: dict[str, Any] = {"models": [model], "only_fields": ["tags/rare" if few else "tags"]}
    if behaviour in LIMITED:
        narrowed["max_attempts"] = LIMITED[behaviour]
    webhook = _webhook(http, outside.url(path), FORMATS[number], narrowed)
    return Endpoint(path, webhook, model, FORMATS[number], behaviour, RARE_EACH if few else EVENTS_EACH)


def _webhook(http: httpx.Client, url: str, webhook_format: str, narrowed: dict[str, Any]) -> str:
    if webhook_format != "mlflow":
        place = _place(url, PRODUCTS[webhook_format]) if webhook_format in PRODUCTS else {"url": url}
        given = {"format": webhook_format, "events": ["version.updated"], **place, **narrowed}
        created = http.post("/v1/webhooks", json=given)
        assert created.status_code == 201, created.text
        return str(created.json()["id"])
    # MLflow's clients create these; what MLflow has no word for is set on them afterwards.
    asked = {"name": "storm", "url": url, "events": [{"entity": "MODEL_VERSION_TAG", "action": "SET"}]}
    made = http.post("/api/2.0/mlflow/webhooks", json=asked)
    assert made.status_code == 200, made.text
    webhook = str(made.json()["webhook"]["webhook_id"])
    changed = http.patch(f"/v1/webhooks/{webhook}", json=narrowed)
    assert changed.status_code == 200, changed.text
    return webhook


def _place(url: str, product: Product) -> dict[str, Any]:
    """Where a product is, its settings and its credential. Of some, the address is the credential."""
    address, settings = url + product.at, dict(product.settings)
    if product.credential is None:
        return {"secret": address, "settings": settings}
    return {"url": address, "secret": product.credential, "settings": settings}


def _storm(registry: Services, outside: Receivers, endpoints: list[Endpoint]) -> None:
    """Set a tag of each model's version so many times, one model after the other in each round.

    After each round it waits until the receivers that are well have all its events: the emulator starts a process for
    each event that waits for a function, and a thousand at once are too many.
    """
    well = [endpoint for endpoint in endpoints if endpoint.behaviour is None]
    for number in range(EVENTS_EACH):
        key = "rare" if number < RARE_EACH else "common"
        for endpoint in endpoints:
            tags.set_version_tag(registry, request(), endpoint.model, 1, key, f"{number}")
        for endpoint in well:
            told = partial(_was_told, outside, endpoint, number + 1)
            eventually(told, f"event {number} at {endpoint}", seconds=PATIENCE)


def _deliveries(http: httpx.Client, endpoint: Endpoint, state: str | None = None) -> Iterator[dict[str, Any]]:
    query: dict[str, Any] = {"limit": 100} | ({} if state is None else {"state": state})
    while True:
        page = http.get(f"/v1/webhooks/{endpoint.webhook}/deliveries", params=query).json()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        query["cursor"] = page["next_cursor"]


def _is_settled(http: httpx.Client, log: DeliveryLog, endpoint: Endpoint) -> bool:
    """Whether all deliveries have come to an end. Once a webhook was disabled, events make no more."""
    logged, _ = log.newest(endpoint.webhook, 100, None)
    if any(one.state is State.PENDING for one in logged):
        return False
    if endpoint.behaviour == "error" and len(logged) < endpoint.told:
        return len(logged) >= MAX_FAILURES and not http.get(f"/v1/webhooks/{endpoint.webhook}").json()["enabled"]
    return len(logged) == endpoint.told


def _check_log(http: httpx.Client, endpoint: Endpoint) -> None:
    """The log of each delivery says what became of it, attempt by attempt."""
    states = {one["id"]: one for one in _deliveries(http, endpoint)}
    if endpoint.behaviour == "error":
        failed = [one for one in states.values() if one["state"] == "failed"]
        assert len(failed) >= MAX_FAILURES
        assert {attempt["status"] for one in failed for attempt in one["attempts"]} == {500}
        health = http.get(f"/v1/webhooks/{endpoint.webhook}/health").json()
        assert "deliveries in a row failed for good" in health["disabled_reason"]
        return
    attempts = ATTEMPTS.get(endpoint.behaviour or "")
    assert {one["state"] for one in states.values()} == {"succeeded" if attempts is None else "failed"}, endpoint
    if attempts is not None:
        assert {len(one["attempts"]) for one in states.values()} == {attempts}
        assert all(attempt["error"] for one in states.values() for attempt in one["attempts"])


def _are_dead_letters(sqs: Any, wanted: set[str], found: set[str]) -> bool:
    """Whether all these deliveries are in the sender's dead-letter queue. ``found`` gathers what was seen there."""
    (url,) = (url for url in sqs.list_queues()["QueueUrls"] if "SenderDeadLetters" in url)
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=30).get("Messages", [])
    found |= {json.loads(message["Body"])["delivery"] for message in messages}
    return wanted <= found


def _deliver_again(http: httpx.Client, endpoint: Endpoint, since: datetime) -> None:
    """Enable the webhook if it was disabled, and deliver what failed and what it missed."""
    if endpoint.behaviour == "error":
        assert http.patch(f"/v1/webhooks/{endpoint.webhook}", json={"enabled": True}).status_code == 200
    asked: dict[str, Any] = {
        "since": since.isoformat(),
        "until": datetime.now(UTC).isoformat(),
        "states": ["failed", "cancelled"],
        "missed": True,
    }
    while True:
        answer = http.post(f"/v1/webhooks/{endpoint.webhook}/redeliver", json=asked)
        assert answer.status_code == 202, answer.text
        asked["cursor"] = answer.json()["next_cursor"]
        if asked["cursor"] is None:
            return


def _was_told(outside: Receivers, endpoint: Endpoint, events: int) -> bool:
    """Whether a receiver took so many events."""
    return len({_event(endpoint, one) for one in outside.received(endpoint.path)}) == events


def _event(endpoint: Endpoint, received: Received) -> str:
    """What tells an event apart: its id, which products get in a header, or else the value of the tag that it set."""
    if endpoint.format in PRODUCTS:
        assert received.event is not None
        return received.event
    body = json.loads(received.body)
    if endpoint.format == "mlflow":
        return str(body["data"]["value"])
    before, after = (body["data"][side]["tags"] for side in ("before", "after"))
    (changed,) = (value for key, value in after.items() if before.get(key) != value)
    return str(changed)


def _check_ids(outside: Receivers, endpoint: Endpoint) -> None:
    """Whatever came twice came under one id, and no id stands for two events."""
    received = outside.received(endpoint.path)
    by_event = {(_event(endpoint, one), one.delivery) for one in received}
    assert len(by_event) == len({event for event, _ in by_event}) == len({delivery for _, delivery in by_event})
