"""An operator gives back dead letters, and replays events, and what was missed arrives."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from infra.workload import NOTIFIER
from tests.e2e.receiver import Receiver, receiving
from tests.e2e.stack import Stack, eventually
from tools.ops.__main__ import main
from tools.ops.parts import ARCHIVE, Parts
from tools.ops.replaying import COMPLETED, Span, replay
from tools.stack import Stack as Deployed


@pytest.fixture(autouse=True)
def operator(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody with AWS credentials of the stack's account."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", stack.aws_endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


def parts_of(stack: Stack) -> Parts:
    return Parts(Deployed(stack.name, stack.aws, time.sleep).resources())


@contextmanager
def missed(stack: Stack, http: httpx.Client, model: str) -> Iterator[tuple[Receiver, dict[str, Any]]]:
    """A receiver whose webhook was made after the model's event, and the event."""
    assert http.post("/v1/models", json={"name": model}, headers={"X-Correlation-Id": model}).status_code == 201
    (event,) = http.get(f"/v1/models/{model}/events").json()["items"]
    with receiving() as receiver:
        made = http.post("/v1/webhooks", json={"url": receiver.url, "models": [model]}).json()
        yield receiver, event
        http.delete(f"/v1/webhooks/{made['id']}")


def arrived(receiver: Receiver, event: dict[str, Any]) -> None:
    """The receiver got the event, and what it belongs to."""
    eventually(lambda: receiver.received or None, "the delivery")
    headers, body = receiver.received[0]
    assert json.loads(body)["data"] == event
    assert headers["x-correlation-id"] == event["correlation_id"] == event["model"]


def test_a_dead_letter_is_shown_and_given_back(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    model, stage = stack.fresh_name("dead"), stack.name.removeprefix("Moorage-")
    with stack.http() as http, missed(stack, http, model) as (receiver, event):
        # As Lambda writes it.
        failed = {"requestPayload": {"detail-type": event["type"], "source": "moorage", "detail": event}}
        queue = parts_of(stack).dead_letters(NOTIFIER)
        stack.aws("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(failed))
        assert main(["--stage", stage, "dead-letters", NOTIFIER]) == 0
        assert f"type=model.created id={event['id']} model={model}" in capsys.readouterr().out
        assert main(["--stage", stage, "redrive", NOTIFIER]) == 0
        assert "1 given back, 0 failed again" in capsys.readouterr().out
        arrived(receiver, event)
        assert main(["--stage", stage, "dead-letters"]) == 0
        assert "notifier: 0\n" in capsys.readouterr().out


def test_events_of_a_time_are_replayed_to_what_missed_them(stack: Stack) -> None:
    events, model = stack.aws("events"), stack.fresh_name("replay")
    bus = events.describe_event_bus(Name=stack.outputs["BusName"])["Arn"]
    # The emulator makes no archive from a template.
    archive = stack.fresh_name("archive")
    events.create_archive(ArchiveName=archive, EventSourceArn=bus)
    with stack.http() as http:
        began = datetime.now(UTC) - timedelta(minutes=1)
        with missed(stack, http, model) as (receiver, event):

            def kept() -> bool:
                return bool(events.describe_archive(ArchiveName=archive)["EventCount"] > 0)

            eventually(kept, "the event in the archive")
            parts = Parts({**parts_of(stack).names, f"{ARCHIVE}0A1B2C3D": archive})
            said: list[str] = []
            span = Span(began, datetime.now(UTC) + timedelta(minutes=1))
            assert replay(NOTIFIER, span, parts, events, time.sleep, said.append) == COMPLETED
            assert said[-1].endswith(COMPLETED)
            arrived(receiver, event)
    events.delete_archive(ArchiveName=archive)
