"""Receivers of webhooks on loopback, some of which misbehave until they recover."""

import socket
import struct
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock
from typing import Final

from tests.loopback import Quiet, running
from tests.reactions.webhooks.receiving import Answer
from tests.reactions.webhooks.receiving import Received as Request

# The header that has a delivery's id: in the standard format, in MLflow's, and in those of products.
_ID_HEADERS: Final = ("webhook-id", "x-mlflow-delivery-id", "moorage-delivery-id")
# Longer than the sender waits for an answer.
_HANGS_SECONDS: Final = 15
_SLOW_SECONDS: Final = 2


@dataclass(frozen=True)
class Received:
    """A request that was answered well: the id of the delivery, that of the event if a header has it, and the body."""

    delivery: str
    event: str | None
    body: bytes


class Receivers(ThreadingHTTPServer):
    """A receiver for each first step of a path, such as ``/3``.

    ``behaviours`` names what those that misbehave do until ``recovered``. ``products`` are those that answer as a
    product does. They are not told of the first step, because each product has addresses of its own.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, behaviours: Mapping[str, str], products: Mapping[str, Callable[[Request], Answer]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviours = behaviours
        self.products = products
        self.recovered = Event()
        self._lock = Lock()
        self._received: dict[str, list[Received]] = {}
        self._tried: dict[str, int] = {}

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def received(self, path: str) -> list[Received]:
        with self._lock:
            return list(self._received.get(path, ()))

    def tried(self, path: str) -> int:
        """How many requests came to a path."""
        with self._lock:
            return self._tried.get(path, 0)

    def note(self, path: str) -> None:
        with self._lock:
            self._tried[path] = self._tried.get(path, 0) + 1

    def take(self, path: str, received: Received) -> None:
        with self._lock:
            self._received.setdefault(path, []).append(received)


class _Handler(Quiet, BaseHTTPRequestHandler):
    server: Receivers

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        step, _, rest = self.path.removeprefix("/").partition("/")
        path = f"/{step}"
        self.server.note(path)
        behaviour = self.server.behaviours.get(path)
        if behaviour is not None and not self.server.recovered.is_set() and not _BEHAVIOURS[behaviour](self):
            self.close_connection = True
            return
        judge = self.server.products.get(path, _take_all)
        answer = judge(Request(f"/{rest}", dict(self.headers.items()), body))
        if 200 <= answer.status < 300:
            (delivery,) = (self.headers[name] for name in _ID_HEADERS if name in self.headers)
            self.server.take(path, Received(delivery, self.headers["moorage-event-id"], body))
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)


def _take_all(_: Request) -> Answer:
    return Answer(204)


def _error(handler: _Handler) -> bool:
    handler.send_response(500)
    handler.send_header("Content-Length", "0")
    handler.end_headers()
    return False


def _redirect(handler: _Handler) -> bool:
    handler.send_response(307)
    handler.send_header("Location", handler.server.url("/elsewhere"))
    handler.send_header("Content-Length", "0")
    handler.end_headers()
    return False


def _reset(handler: _Handler) -> bool:
    # Without lingering, closing a connection resets it.
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    return False


def _hang(handler: _Handler) -> bool:
    handler.server.recovered.wait(_HANGS_SECONDS)
    return False


def _huge(handler: _Handler) -> bool:
    handler.send_response(200)
    for number in range(2_000):
        handler.send_header(f"X-Filler-{number}", "x" * 100)
    handler.end_headers()
    return False


def _slow(handler: _Handler) -> bool:
    """It takes long, and then is well."""
    handler.server.recovered.wait(_SLOW_SECONDS)
    return True


# What a receiver does; whether it then answers as it should.
_BEHAVIOURS: Final[Mapping[str, Callable[[_Handler], bool]]] = {
    "error": _error,
    "redirect": _redirect,
    "reset": _reset,
    "hang": _hang,
    "huge": _huge,
    "slow": _slow,
}


def receivers(
    behaviours: Mapping[str, str], products: Mapping[str, Callable[[Request], Answer]]
) -> AbstractContextManager[Receivers]:
    return running(Receivers(behaviours, products))
