"""The registry as an HTTP server, for programs that run in another environment: the app and the storage on moto."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from threading import Lock

import httpx

from chalicelib.aws.services import Services
from tests.client.lines import Store, app
from tests.loopback import Quiet, serving
from tests.simulation import like_s3

# Where presigned URLs point, which no program can reach.
_STORAGE = re.compile(r"https://[\w.\-]+\.amazonaws\.com/")


@contextmanager
def served(registry: Services) -> Iterator[str]:
    """The URL of the registry while this is entered. Its presigned URLs point at the same server."""
    like_s3(registry)
    store = Store(registry)
    # The app and moto are those of this process, which has one set of services.
    one_at_a_time = Lock()

    class Handler(Quiet, BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = httpx.Request(
                self.command, f"http://{self.headers['Host']}{self.path}", headers=dict(self.headers), content=body
            )
            with one_at_a_time:
                answered = app(request) if self.path.startswith("/v1/") else store(request)
            content = answered.read()
            if answered.headers.get("Content-Type", "").startswith("application/json"):
                content = _STORAGE.sub(f"http://{self.headers['Host']}/", content.decode()).encode()
            self.send_response(answered.status_code)
            for name in answered.headers.keys() - {"content-length", "connection"}:
                self.send_header(name, answered.headers[name])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the names that the server calls

    with serving(Handler) as url:
        yield url
