"""A proxy that stands for the registry's own domain, passes everything else on unchanged, and remembers each request.

Clients reach it as any HTTP proxy, by ``HTTP_PROXY``, so they need not be told of it otherwise.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import urlsplit

from tests.e2e.stack import SLOW
from tests.loopback import Quiet, running

# A name that no resolver knows: whoever reaches it came through the proxy.
DOMAIN: Final = "registry.test"
REGISTRY: Final = f"http://{DOMAIN}"
_OF_ONE_CONNECTION: Final = frozenset({"connection", "keep-alive", "proxy-connection", "transfer-encoding", "te"})


@dataclass(frozen=True)
class Exchange:
    """A request as the client sent it, and the status that it got."""

    method: str
    url: str
    headers: dict[str, str]
    status: int

    @property
    def to_registry(self) -> bool:
        return urlsplit(self.url).hostname == DOMAIN


@dataclass
class Recorder:
    """``environment`` leads a client's requests here."""

    environment: dict[str, str]
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def to_storage(self) -> list[Exchange]:
        return [exchange for exchange in self.exchanges if not exchange.to_registry]


class _Proxy(Quiet, BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Set by the server's own class: where the registry really is.
    registry: str
    recorder: Recorder

    def do_GET(self) -> None:
        self._pass_on()

    def do_HEAD(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        asked = urlsplit(self.path)
        where = urlsplit(self.registry + self.path.removeprefix(REGISTRY) if asked.hostname == DOMAIN else self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        onward = {name: value for name, value in headers.items() if name not in _OF_ONE_CONNECTION} | {
            "host": where.netloc,
            "connection": "close",
        }
        connection = HTTPConnection(where.netloc, timeout=SLOW)
        try:
            connection.request(self.command, f"{where.path}?{where.query}" if where.query else where.path, None, onward)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        self.recorder.exchanges.append(Exchange(self.command, self.path, headers, answer.status))
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {*_OF_ONE_CONNECTION, "content-length", "date", "server"}:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(body))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def recording(registry: str) -> Iterator[Recorder]:
    """A recorder in front of the registry at this URL, while this is entered."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Proxy) as server:
        proxy = f"http://127.0.0.1:{server.server_port}"
        recorder = Recorder({"HTTP_PROXY": proxy, "http_proxy": proxy, "NO_PROXY": "", "no_proxy": ""})
        server.RequestHandlerClass = type("Proxy", (_Proxy,), {"registry": registry, "recorder": recorder})
        with running(server):
            yield recorder
