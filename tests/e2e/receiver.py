"""A receiver of webhooks on loopback."""

from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.loopback import Quiet, running


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent; answers ``status``, but 503 to the first delivery of each id when told to."""

    daemon_threads = True

    def __init__(self, *, fails_first: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fails_first = fails_first
        self.status = 204
        self.received: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(Quiet, BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        known = {earlier.get("webhook-id") for earlier, _ in self.server.received}
        self.server.received.append((headers, body))
        self.send_response(
            503 if self.server.fails_first and headers.get("webhook-id") not in known else self.server.status
        )
        self.end_headers()


def receiving(*, fails_first: bool = False) -> AbstractContextManager[Receiver]:
    return running(Receiver(fails_first=fails_first))
