"""The app and its storage over HTTP on loopback, for programs that run in processes of their own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from chalicelib.aws.services import Services
from chalicelib.registry.audit import audit
from chalicelib.registry.promotion import promotion
from tests.client.lines import Forward, Line, Store, app
from tests.loopback import Quiet, running
from tests.simulation import like_s3

_FINALISED = re.compile(r"/models/([^/]+)/versions/\d+/finalise$")
# Presigned URLs name S3's hosts. Programs must reach the store of the test instead.
_STORAGE = re.compile(r"https://[a-z0-9.-]+\.amazonaws\.com/")


class _Answering(ThreadingHTTPServer):
    # A request whose program was ended is answered before the test's AWS is taken away.
    daemon_threads = False


@contextmanager
def registry_on_loopback(registry: Services, answers: Forward = app) -> Iterator[str]:
    """The URL of a registry whose presigned URLs lead to the same server. ``answers`` stands for its API."""
    like_s3(registry)
    api, storage = Line(answers), Line(Store(registry))

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            url = f"http://{self.headers['Host']}{self.path}"
            request = httpx.Request(self.command, url, headers=self.headers.items(), content=self.rfile.read(length))
            line = api if self.path.startswith("/v1/") else storage
            answer = line.handle_request(request)
            here = f"http://{self.headers['Host']}/"
            body = _STORAGE.sub(here, answer.read().decode("latin-1")).encode("latin-1")
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name != "content-length":
                    self.send_header(name, _STORAGE.sub(here, value))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - http.server looks for these names

    with running(_Answering(("127.0.0.1", 0), Handler)) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def promoting(registry: Services) -> Forward:
    """The app, and the promoter: on AWS it comes some seconds after a version is READY, here before the answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        answered = app(request)
        if answered.is_success and (finalised := _FINALISED.search(request.url.path)):
            (event,) = audit.list_events(registry, f"model:{finalised[1]}", "newest", 1, None).items
            promotion.judge_event(registry, event)
        return answered

    return answer
