"""A small webhook receiver that runs on this machine and checks the signature of every delivery."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from moorage import WebhookVerificationError, verify_webhook

Payload = dict[str, Any]


class Receiver:
    """Receives webhooks on a free port of the loopback interface. Use it in a ``with`` block.

    Set ``secret`` after creating the webhook. No delivery is accepted before.
    """

    def __init__(self) -> None:
        self.secret: str | None = None
        self.rejected: list[str] = []
        self._received: dict[str, Payload] = {}
        self._arrival = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/moorage"

    @property
    def received(self) -> list[Payload]:
        """The payloads with a valid signature, in the order of arrival. Each delivery is listed once."""
        with self._arrival:
            return list(self._received.values())

    def wait_for(self, wanted: Callable[[Payload], bool], seconds: float) -> Payload:
        """Wait for the first payload for which ``wanted`` is true. Raises TimeoutError if none arrives in time."""
        deadline = time.monotonic() + seconds
        with self._arrival:
            while True:
                payload = next((payload for payload in self._received.values() if wanted(payload)), None)
                if payload is not None:
                    return payload
                if not self._arrival.wait(timeout=deadline - time.monotonic()):
                    raise TimeoutError(f"the webhook did not arrive within {seconds:.0f} s")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _take(self, headers: dict[str, str], body: bytes) -> int:
        """Handle a delivery. Returns the status of the response."""
        try:
            payload = verify_webhook(self.secret or "", headers, body)
        except WebhookVerificationError as error:
            self.rejected.append(error.message)
            return 401
        with self._arrival:
            # A delivery may arrive twice, with the same id.
            self._received.setdefault(headers["webhook-id"], payload)
            self._arrival.notify_all()
        return 204

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(receiver._take(headers, body))
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Log nothing: the demo prints what happens."""

        return Handler
