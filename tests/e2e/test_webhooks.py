"""The outside is told: signed, again after a failure, and written down."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.e2e.stack import Stack, eventually, release


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent; answers 503 to the first delivery of each id when told to."""

    daemon_threads = True

    def __init__(self, *, fails_first: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fails_first = fails_first
        self.received: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        known = {earlier["webhook-id"] for earlier, _ in self.server.received}
        self.server.received.append((headers, body))
        self.send_response(503 if self.server.fails_first and headers["webhook-id"] not in known else 204)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that http.server gives
        """Say nothing: the tests look at what was received."""


@contextmanager
def receiving(*, fails_first: bool = False) -> Iterator[Receiver]:
    with Receiver(fails_first=fails_first) as receiver:
        thread = threading.Thread(target=receiver.serve_forever)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
            thread.join()


def test_a_delivery_is_signed_tried_again_after_a_failure_and_logged(stack: Stack) -> None:
    model = stack.fresh_name("hook")
    with stack.http() as http, receiving(fails_first=True) as receiver:
        asked = {"url": receiver.url, "events": ["version.ready"], "models": [model]}
        created = http.post("/v1/webhooks", json=asked)
        assert created.status_code == 201, created.text
        hook = created.json()
        http.post("/v1/models", json={"name": model})
        release(http, model)

        eventually(lambda: len(receiver.received) >= 2 or None, "the second attempt", seconds=120)
        (first, body), (second, again) = receiver.received[:2]
        assert first["webhook-id"] == second["webhook-id"] and body == again
        verified: dict[str, Any] = Webhook(hook["secret"]).verify(again, second)
        assert verified["type"] == "version.ready"
        assert verified["data"]["model"] == model
        assert json.loads(again)["data"]["version"] == 1
        with pytest.raises(Exception, match="No matching signature"):
            Webhook(hook["secret"]).verify(again.replace(b"READY", b"FAKED"), second)

        def logged() -> dict[str, Any] | None:
            (entry,) = http.get(f"/v1/webhooks/{hook['id']}/deliveries").json()["items"]
            return dict(entry) if entry["state"] == "succeeded" else None

        entry = eventually(logged, "the entry of the delivery log")
        assert [attempt["status"] for attempt in entry["attempts"]] == [503, 204]
        assert http.delete(f"/v1/webhooks/{hook['id']}").status_code == 204


def test_a_webhook_to_the_machine_itself_is_refused_unless_the_stack_allows_it(stack: Stack) -> None:
    with stack.http() as http:
        refused = http.post("/v1/webhooks", json={"url": "https://169.254.169.254/latest/meta-data"})
        assert refused.status_code == 400
        assert "secret" not in refused.json()
