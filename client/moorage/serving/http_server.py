"""The HTTP server: a thread for each connection, which ends without dropping a request that has begun."""

import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread, current_thread, main_thread
from typing import Any, Final, Self

from moorage.serving.application import Application, Request, Response

# SageMaker sends 25 MB at most.
MOST_BYTES: Final = 25 * 1024 * 1024
# SageMaker and Kubernetes end a container 30 s after they have told it.
_PATIENCE: Final = 25.0
# A connection over which nothing comes is closed after so many seconds.
_IDLE: Final = 65.0
# Python refuses to read numbers of thousands of digits.
_MOST_DIGITS: Final = 18

_log = logging.getLogger(__name__)


class ModelServer:
    """Answers on ``host`` and ``port`` by ``application`` until it is closed. Port 0 takes a free one.

    Raises OSError, which names both, if another program listens there.
    """

    def __init__(self, application: Application, host: str, port: int, most_bytes: int = MOST_BYTES) -> None:
        self.application = application
        self._begun = _Begun()
        try:
            self._http = _Listener((host, port), application, self._begun, most_bytes)
        except OSError as error:
            raise OSError(error.errno, f"{host} port {port} cannot be listened on: {error.strerror}") from error
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        host, port = self._http.server_address[:2]
        shown = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"http://{shown}:{port}"

    def close(self) -> None:
        """Take no more connections, and return when every request that has begun is answered."""
        self.application.draining = True
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        if not self._begun.wait_until_none(_PATIENCE):
            _log.warning("requests were not answered within %.0f s, and are given up", _PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


@contextmanager
def told_to_end() -> Iterator[Event]:
    """An event that SIGTERM and SIGINT set, instead of ending the process at once."""
    event = Event()
    if current_thread() is not main_thread():
        # Only the main thread may handle signals. Others are ended by whoever started them.
        yield event
        return
    before = {number: signal.signal(number, lambda *_: event.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Begun:
    """Counts the requests that have begun and are not answered yet."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._count += 1

    def __exit__(self, *exception: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait_until_none(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)


class _Listener(ThreadingHTTPServer):
    # Idle connections must not keep the process; requests that have begun are counted apart.
    daemon_threads = True
    block_on_close = False
    # Connections that come at once wait, and are not refused.
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], application: Application, begun: _Begun, most_bytes: int) -> None:
        self.application = application
        self.begun = begun
        self.most_bytes = most_bytes
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log why a connection ended. Most of the time, the client has gone away."""
        _log.info("the connection of %s ended", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    server_version = "moorage"
    sys_version = ""
    timeout = _IDLE
    # An answer's last packet must not wait until the client has acknowledged the one before.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        with self.server.begun:
            length = self._length()
            if length is None:
                return
            body = self.rfile.read(length)
            if len(body) < length:
                # The client went away in the middle.
                self.close_connection = True
                return
            path = self.path.partition("?")[0]
            request = Request(self.command, path, self.headers["Content-Type"], body)
            self._send(self.server.application.respond(request))

    do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - http.server looks for these names

    def _length(self) -> int | None:
        """The length of the body. None if the request is answered already, because its body cannot be read."""
        stated, most = self.headers["Content-Length"] or "0", self.server.most_bytes
        if "Transfer-Encoding" in self.headers:
            self._refuse(411, "send the body with a Content-Length and without a Transfer-Encoding")
        elif not (stated.isascii() and stated.isdigit()):
            self._refuse(400, f"Content-Length is {stated!r}, which is no number")
        elif len(stated) > _MOST_DIGITS or int(stated) > most:
            self._refuse(413, f"the body has {stated} bytes, and the most is {most}")
        else:
            return int(stated)
        return None

    def _refuse(self, status: int, message: str) -> None:
        # Where the body ends is not known, so nothing else can be read from this connection.
        self.close_connection = True
        self._send(self.server.application.refuse(status, message))

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        if self.close_connection or self.server.application.draining:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def log_message(self, *_: Any) -> None:
        """Log nothing of each request: health checks alone would fill the log."""
