"""HTTP servers on loopback, for as long as a test needs them."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeVar

S = TypeVar("S", bound=ThreadingHTTPServer)


class Quiet:
    """A handler that logs nothing: tests look at what it received."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def running(server: S) -> Iterator[S]:
    """The server, answering while this is entered."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The URL of a server that answers by ``handler`` while this is entered."""
    with running(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        yield f"http://127.0.0.1:{server.server_port}"
