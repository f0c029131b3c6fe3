"""The HTTP server on loopback."""

import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from moorage.serving.application import Application
from moorage.serving.http_server import ModelServer, told_to_end
from moorage.serving.inputs import Input
from moorage.serving.served import Slot

from tests.client.serving.build import served

INPUT = {"inputs": [1, 2]}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(Application(Slot(served())), "127.0.0.1", 0, most_bytes=1000) as one:
        yield one


@pytest.fixture
def http(server: ModelServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


def test_a_connection_answers_many_requests(http: httpx.Client) -> None:
    for _ in range(3):
        answered = http.post("/invocations?trace=1", json=INPUT)
        assert (answered.status_code, answered.json()) == (200, {"predictions": [0.5, 0.5]})
        assert answered.headers["Moorage-Version"] == "3"
        assert "connection" not in answered.headers


def test_head_has_the_headers_alone(http: httpx.Client) -> None:
    answered = http.head("/health")
    assert answered.status_code == 200 and answered.content == b"" and int(answered.headers["content-length"]) > 0


def test_a_body_that_is_too_large_is_refused_without_being_read(http: httpx.Client) -> None:
    answered = http.post("/invocations", content=b"x" * 1001)
    assert answered.status_code == 413 and answered.headers["connection"] == "close"
    assert answered.json()["message"] == "the body has 1001 bytes, and the most is 1000"
    assert answered.headers["Moorage-Version"] == "3"


def test_a_length_of_thousands_of_digits_is_refused(server: ModelServer) -> None:
    answered = exchanged(server, b"POST /ping HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n")
    assert answered.startswith(b"HTTP/1.1 413 ")


def test_an_address_in_use_is_named(server: ModelServer) -> None:
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(OSError, match=f"127.0.0.1 port {port} cannot be listened on: Address already in use"):
        ModelServer(server.application, "127.0.0.1", port)


def test_a_body_without_a_length_is_refused(http: httpx.Client) -> None:
    answered = http.post("/invocations", content=iter([b"{}"]))
    assert answered.status_code == 411


def exchanged(server: ModelServer, *parts: bytes) -> bytes:
    """What the server answers to these bytes, until it closes the connection."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("length", [b"-1", b"ten", b"1e2"])
def test_a_length_that_is_no_number_is_refused(server: ModelServer, length: bytes) -> None:
    answered = exchanged(server, b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + b"\r\n\r\n")
    assert answered.startswith(b"HTTP/1.1 400 ") and answered.count(b"HTTP/1.1") == 1


def test_a_client_that_goes_away_in_the_middle_gets_no_answer(server: ModelServer, http: httpx.Client) -> None:
    assert exchanged(server, b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", b"{}") == b""
    assert http.get("/ping").status_code == 200


def test_many_connections_at_once_are_all_answered(http: httpx.Client) -> None:
    def ask(_: int) -> int:
        return http.post("/invocations", json=INPUT, headers={"Connection": "close"}).status_code

    with ThreadPoolExecutor(32) as pool:
        assert set(pool.map(ask, range(128))) == {200}


def accepts(server: ModelServer) -> bool:
    host, port = server.url.removeprefix("http://").split(":")
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except ConnectionError:
        return False
    return True


class Gate:
    """A model that predicts when a test opens the gate."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()

    def __call__(self, given: Input, params: Mapping[str, Any]) -> list[int]:
        self.entered.set()
        assert self.opened.wait(30)
        return [1]


def test_closing_waits_for_the_requests_that_have_begun() -> None:
    gate = Gate()
    server = ModelServer(Application(Slot(served(3, gate))), "127.0.0.1", 0)
    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(lambda: httpx.post(f"{server.url}/invocations", json=INPUT, timeout=60, trust_env=False))
        assert gate.entered.wait(30)
        closed = pool.submit(server.close)
        # It ends when the listener is closed: then nothing is accepted any more, and the request is not answered yet.
        while accepts(server):
            pass
        assert not closed.done() and not asked.done()
        gate.opened.set()
        answered = asked.result(30)
        closed.result(30)
    assert answered.json() == {"predictions": [1]}
    assert answered.headers["connection"] == "close"


def test_closing_gives_up_on_requests_that_take_too_long(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("moorage.serving.http_server._PATIENCE", 0.01)
    gate = Gate()
    server = ModelServer(Application(Slot(served(3, gate))), "127.0.0.1", 0)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(lambda: httpx.post(f"{server.url}/invocations", json=INPUT, timeout=60, trust_env=False))
        assert gate.entered.wait(30)
        server.close()
        gate.opened.set()
        asked.result(30)
    assert "were not answered within" in caplog.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with told_to_end() as end:
        os.kill(os.getpid(), number)
        assert end.wait(30)
    assert signal.getsignal(number) is before


def test_other_threads_leave_signals_alone() -> None:
    before = signal.getsignal(signal.SIGTERM)

    def enter() -> Callable[..., Any] | int | None:
        with told_to_end() as end:
            assert not end.is_set()
            return signal.getsignal(signal.SIGTERM)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(enter).result(30) is before


def test_it_listens_on_ipv6() -> None:
    with ModelServer(Application(Slot(served())), "::1", 0) as server:
        assert server.url.startswith("http://[::1]:")
        assert json.loads(httpx.get(f"{server.url}/health", trust_env=False).text)["version"] == 3
