"""A small webhook receiver: it takes deliveries on this machine and checks every signature."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from moorage import WebhookVerificationError, verify_webhook

Payload = dict[str, Any]


class Receiver:
    """Listens on a free port of the loopback interface while it is entered.

    Set ``secret`` once the webhook is created; nothing is accepted before.
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
        """The payloads with a good signature, in the order of arrival, each delivery once."""
        with self._arrival:
            return list(self._received.values())

    def wait_for(self, wanted: Callable[[Payload], bool], seconds: float) -> Payload:
        """The first payload that is ``wanted``. Raises TimeoutError if none arrives in time."""
        deadline = time.monotonic() + seconds
        with self._arrival:
            while True:
                found = next((payload for payload in self._received.values() if wanted(payload)), None)
                if found is not None:
                    return found
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
        """The status to answer a delivery with."""
        try:
            payload = verify_webhook(self.secret or "", headers, body)
        except WebhookVerificationError as error:
            self.rejected.append(error.message)
            return 401
        with self._arrival:
            # A delivery may come twice; its id stays the same.
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
                """Quiet: the demo tells the story."""

        return Handler
