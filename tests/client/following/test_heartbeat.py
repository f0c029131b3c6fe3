"""What a server does beside answering: the rounds, and the heartbeat in them."""

import json
import logging
from queue import Queue

import httpx
import pytest
from moorage import Client
from moorage.following.heartbeat import Heartbeat
from moorage.following.reporter import Reporter
from moorage.following.rounds import repeat
from moorage.serving.served import Slot

from tests.client.lines import Forward, Line
from tests.client.serving.build import served


def taken(request: httpx.Request, forward: Forward) -> httpx.Response:
    return httpx.Response(200, json={"model": "fraud", "target": "edge/1"})


def refused(request: httpx.Request, forward: Forward) -> httpx.Response:
    return httpx.Response(403, json={"code": "permission_denied", "detail": "Only its reporter may report."})


@pytest.fixture
def slot() -> Slot:
    return Slot(served(3))


@pytest.fixture
def heartbeat(client: Client, slot: Slot) -> Heartbeat:
    return Heartbeat(slot, Reporter(client.targets, "edge 1").report)


def test_the_registry_is_told_the_version_and_the_digest(heartbeat: Heartbeat, slot: Slot, api: Line) -> None:
    api.disturb(taken, times=2)
    heartbeat.beat()
    slot.current = served(4)
    heartbeat.beat()
    told = [(request.method, request.url.raw_path, json.loads(request.content)) for request in api.requests]
    assert told == [
        ("PUT", b"/v1/targets/edge%201/observed", {"model": "fraud", "version": number, "digest": f"digest-{number}"})
        for number in (3, 4)
    ]


def test_what_the_registry_refuses_is_said_once_until_it_passes(
    heartbeat: Heartbeat, slot: Slot, api: Line, caplog: pytest.LogCaptureFixture
) -> None:
    api.disturb(refused, times=2)
    heartbeat.beat()
    heartbeat.beat()
    assert slot.standing.unreported == "Only its reporter may report."
    told = [record for record in caplog.records if record.name == "moorage.following.heartbeat"]
    assert len(told) == 1 and told[0].levelno == logging.WARNING
    api.disturb(taken)
    heartbeat.beat()
    assert slot.standing.unreported is None


def test_a_server_with_a_target_tells_what_it_serves(client: Client, api: Line) -> None:
    client.log(one, "fraud")
    api.disturb(taken, lambda request: request.url.path.endswith("/observed"), times=1000)
    with client.serve("fraud/1", port=0, interval=0.001, allow=["source:fraud"], target="edge"):
        # It ends: the heartbeat comes again and again.
        while len(api.sent("PUT", "/v1/targets/edge/observed")) < 2:
            pass
    said = json.loads(api.sent("PUT", "/observed")[0].content)
    assert said == {"model": "fraud", "version": 1, "digest": client.versions.get("fraud", 1).digest}


def one(x: float) -> int:
    return 1


class Ending:
    """An event that is set after some waits."""

    def __init__(self, waits: int) -> None:
        self.waits = waits
        self.waited: list[float] = []

    def is_set(self) -> bool:
        return len(self.waited) == self.waits

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)


def test_rounds_are_made_at_intervals_that_vary_until_the_end() -> None:
    done: list[str] = []
    end = Ending(4)
    repeat([lambda: done.append("look"), lambda: done.append("beat")], 40.0, end)
    assert done == ["look", "beat"] * 4
    assert all(20.0 <= wait <= 60.0 for wait in end.waited) and len(set(end.waited)) > 1


def test_the_registry_takes_what_a_server_says_that_it_serves(client: Client, api: Line) -> None:
    client.log(one, "fraud")
    client.targets.set("edge", environment="production", models=["fraud"], alias="champion")
    client.aliases.set("fraud", "champion", 1)
    answers: Queue[httpx.Response] = Queue()

    def recorded(request: httpx.Request, forward: Forward) -> httpx.Response:
        answer = forward(request)
        answers.put(answer)
        return answer

    api.disturb(recorded, lambda request: request.url.path.endswith("/observed"), times=10_000)
    with client.serve("fraud@champion", port=0, interval=0.001, allow=["source:fraud"], target="edge"):
        answer = answers.get(timeout=60)
    assert answer.status_code == 200
    assert answer.json()["serving"]["digest"] == client.versions.get("fraud", 1).digest
