"""HTTP requests to URLs given by users, within the outbound policy and a deadline.

The host's name is resolved once, each of its addresses is checked, and the connection goes to one of the checked
addresses, so that a second lookup of the name cannot lead elsewhere. ``http.client`` follows no redirects and uses no
proxies of the environment.
"""

import contextlib
import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import SplitResult, urlsplit

from chalicelib.domain.webhooks.deliveries import Answer
from chalicelib.domain.webhooks.outbound_policy import Address, OutboundPolicy

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

USER_AGENT: Final = "Moorage-Webhooks/1"
DEADLINE_SECONDS: Final = 10.0
# The most that is read of an answer. http.client alone would read headers of several megabytes.
MAX_BODY: Final = 12 * 1024
MAX_ANSWER: Final = 32 * 1024
_MAX_HEADERS: Final = 16 * 1024
_RESOLVE_SECONDS: Final = 5.0
_CONNECT_SECONDS: Final = 4.0
_MAX_CONNECTS: Final = 4

T = TypeVar("T")
Resolve = Callable[[str, int], Sequence[Address]]
Clock = Callable[[], float]


class OutboundRefusedError(Exception):
    """The policy does not allow this connection. ``reasons`` say why, such as "its port must be 443"."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("not connected: " + ", ".join(reasons))
        self.reasons = tuple(reasons)


class OutboundFailedError(Exception):
    """No answer came: unknown host, failed connection or TLS, or the deadline passed."""


def resolve(host: str, port: int) -> tuple[Address, ...]:
    """Every address of ``host``. Raises OSError if it has none."""
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return tuple(dict.fromkeys(ip_address(entry[4][0]) for entry in entries))


class Outbound:
    """Makes the requests that the policy allows. ``tls`` holds the trusted authorities, by default the system's."""

    def __init__(
        self,
        policy: OutboundPolicy,
        resolve: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
        now: Clock = time.monotonic,
    ) -> None:
        self._policy = policy
        self._resolve = resolve
        self._tls = tls
        self._now = now

    def check(self, url: str) -> None:
        """Raise OutboundRefusedError if ``post`` would, OutboundFailedError for an unknown host."""
        self._checked(urlsplit(url), self._now() + _RESOLVE_SECONDS)

    def get(self, url: str, deadline_seconds: float, max_body: int) -> bytes:
        """The body of a 200 answer to a GET.

        Raises OutboundRefusedError and OutboundFailedError, the latter for any other status and for a body of more
        than ``max_body`` bytes as well.
        """
        request = _Request("GET", {"Accept": "application/json"}, None)
        status, body = self._whole(url, request, deadline_seconds, max_body)
        if status != http.client.OK:
            raise OutboundFailedError(f"the answer has status {status}")
        return body

    def send(
        self, url: str, headers: Mapping[str, str], body: bytes, deadline_seconds: float, max_body: int
    ) -> tuple[int, bytes]:
        """POST ``body`` and return the status and the whole body of the answer, whatever its status.

        Raises OutboundRefusedError and OutboundFailedError, the latter also for a body of more than ``max_body`` bytes.
        """
        return self._whole(url, _Request("POST", headers, body), deadline_seconds, max_body)

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, deadline_seconds: float = DEADLINE_SECONDS
    ) -> Answer:
        """POST ``body`` and return the receiver's answer, whatever its status.

        Raises OutboundRefusedError and OutboundFailedError. Takes at most ``deadline_seconds`` in all.
        """
        request = _Request("POST", headers, body)

        def exchange(stream: "_DeadlineSocket", parts: SplitResult) -> Answer:
            response = self._send(stream, parts, request)
            headers = response.headers
            return Answer(response.status, headers.get("Retry-After"), _excerpt(response), headers.get("Location"))

        return self._connected(url, deadline_seconds, exchange)

    def _whole(self, url: str, request: "_Request", deadline_seconds: float, max_body: int) -> tuple[int, bytes]:
        """The status of an answer, and its body if that has at most ``max_body`` bytes."""

        def exchange(stream: "_DeadlineSocket", parts: SplitResult) -> tuple[int, bytes]:
            response = self._send(stream, parts, request)
            body = response.read(max_body + 1)
            if len(body) > max_body:
                raise _AnswerTooLargeError(max_body)
            return response.status, body

        return self._connected(url, deadline_seconds, exchange, max_body + _MAX_HEADERS)

    def _connected(
        self,
        url: str,
        deadline_seconds: float,
        exchange: Callable[["_DeadlineSocket", SplitResult], T],
        max_answer: int = MAX_ANSWER,
    ) -> T:
        """Connect to a URL within the policy, and return what ``exchange`` returns over the connection."""
        parts = urlsplit(url)
        deadline = self._now() + deadline_seconds
        addresses = self._checked(parts, deadline)
        try:
            with self._connect(parts, addresses, deadline) as connected:
                return exchange(_DeadlineSocket(connected, deadline, self._now, max_answer), parts)
        except TimeoutError as error:
            raise OutboundFailedError("no answer within the time allowed") from error
        except ssl.SSLError as error:
            raise OutboundFailedError(f"TLS failed: {_tls_reason(error)}") from error
        except (OSError, http.client.HTTPException, _AnswerTooLargeError) as error:
            raise OutboundFailedError(f"the connection failed: {str(error) or type(error).__name__}") from error

    def _checked(self, parts: SplitResult, deadline: float) -> Sequence[Address]:
        host, port = parts.hostname or "", _port(parts)
        addresses = self._resolve_until(host, port, deadline)
        reasons = self._policy.objections(parts.scheme, port, addresses)
        if reasons:
            raise OutboundRefusedError(reasons)
        return addresses

    def _resolve_until(self, host: str, port: int, deadline: float) -> Sequence[Address]:
        """Resolve a name in a thread, because the system's resolver has no deadline."""
        results: SimpleQueue[Sequence[Address] | Exception] = SimpleQueue()

        def run() -> None:
            try:
                results.put(self._resolve(host, port))
            except (OSError, ValueError) as error:
                results.put(error)

        threading.Thread(target=run, name="resolve", daemon=True).start()
        try:
            result = results.get(timeout=max(0.0, min(_RESOLVE_SECONDS, deadline - self._now())))
        except Empty:
            raise OutboundFailedError("the host's name was not resolved in time") from None
        if isinstance(result, Exception):
            raise OutboundFailedError("the host's name cannot be resolved") from result
        return result

    def _connect(self, parts: SplitResult, addresses: Sequence[Address], deadline: float) -> socket.socket:
        port = _port(parts)
        failure: OSError = ConnectionError("no address")
        for address in addresses[:_MAX_CONNECTS]:
            try:
                timeout = min(self._left(deadline), _CONNECT_SECONDS)
                plain = socket.create_connection((str(address), port), timeout=timeout)
            except OSError as error:
                failure = error
                continue
            try:
                if ip_address(plain.getpeername()[0]) != address:
                    raise ConnectionError("connected to another address than the one checked")
                return self._secured(plain, parts, deadline) if parts.scheme == "https" else plain
            except BaseException:
                plain.close()
                raise
        raise failure

    def _secured(self, plain: socket.socket, parts: SplitResult, deadline: float) -> socket.socket:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        plain.settimeout(self._left(deadline))
        return self._tls.wrap_socket(plain, server_hostname=parts.hostname)

    def _send(self, stream: "_DeadlineSocket", parts: SplitResult, request: "_Request") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(parts.hostname or "", _port(parts))
        # http.client does not connect by itself if it has a socket. _DeadlineSocket has the methods that it calls.
        connection.sock = stream
        fixed_headers = {
            "Host": parts.netloc,
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        connection.request(
            request.method, _target(parts), body=request.body, headers={**request.headers, **fixed_headers}
        )
        return connection.getresponse()

    def _left(self, deadline: float) -> float:
        return _left(deadline, self._now)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    headers: Mapping[str, str]
    body: bytes | None


class _AnswerTooLargeError(Exception):
    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"the answer has more than {max_bytes} bytes")


class _DeadlineSocket:
    """A socket whose sends and receives all end by one deadline, however slowly the other side sends."""

    def __init__(self, connected: socket.socket, deadline: float, now: Clock, max_answer: int) -> None:
        self._connected = connected
        self._deadline = deadline
        self._now = now
        self._max_answer = max_answer

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._connected.settimeout(_left(self._deadline, self._now))
            rest = rest[self._connected.send(rest) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_DeadlineReader(self._connected, self._deadline, self._now, self._max_answer))

    def close(self) -> None:
        """Do nothing: http.client closes before the body is read, and the code that connected closes the socket."""


class _DeadlineReader(io.RawIOBase):
    def __init__(self, connected: socket.socket, deadline: float, now: Clock, max_answer: int) -> None:
        self._connected = connected
        self._deadline = deadline
        self._now = now
        self._max_answer = max_answer
        self._received = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        self._connected.settimeout(_left(self._deadline, self._now))
        count = self._connected.recv_into(buffer)
        self._received += count
        if self._received > self._max_answer:
            raise _AnswerTooLargeError(self._max_answer)
        return count


def _left(deadline: float, now: Clock) -> float:
    left = deadline - now()
    if left <= 0:
        raise TimeoutError("the deadline has passed")
    return left


def _excerpt(response: http.client.HTTPResponse) -> str:
    """The beginning of the body. The status is known by now, so no failure here changes the outcome."""
    excerpt = bytearray()
    # A body that breaks off is cut there, like one that is too long.
    with contextlib.suppress(OSError, http.client.HTTPException, _AnswerTooLargeError):
        while len(excerpt) < MAX_BODY and (chunk := response.read1(MAX_BODY - len(excerpt))):
            excerpt += chunk
    return excerpt.decode("utf-8", "replace")


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return error.reason or type(error).__name__
