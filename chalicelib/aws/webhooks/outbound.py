"""Guarded HTTP to a URL that a user gave: no way round the outbound policy, no waiting past a deadline.

The name is resolved once, every address it has is checked, and the connection goes to one of those very
addresses, so that a second look at the name cannot lead elsewhere. Redirects are not followed and proxies of
the environment not used: ``http.client`` does neither.
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
# What is read of an answer at most. http.client alone would take headers of several megabytes.
MAX_BODY: Final = 4 * 1024
MAX_ANSWER: Final = 32 * 1024
_MAX_HEADERS: Final = 16 * 1024
_RESOLVE_SECONDS: Final = 5.0
_CONNECT_SECONDS: Final = 4.0
_MAX_CONNECTS: Final = 4

T = TypeVar("T")
Resolve = Callable[[str, int], Sequence[Address]]
Clock = Callable[[], float]


class OutboundRefusedError(Exception):
    """The policy does not allow a connection there. ``reasons`` say why, as "its port must be 443"."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("not connected: " + ", ".join(reasons))
        self.reasons = tuple(reasons)


class OutboundFailedError(Exception):
    """No answer came: unknown name, failed connection, TLS that does not hold, or the deadline passed."""


def resolve(host: str, port: int) -> tuple[Address, ...]:
    """Every address of ``host``. Raises OSError if it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return tuple(dict.fromkeys(ip_address(entry[4][0]) for entry in found))


class Outbound:
    """The one way out. ``tls`` says whom to trust (the system's authorities by default)."""

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
        status, body = self._ask(url, _Asked("GET", {"Accept": "application/json"}, None), deadline_seconds, max_body)
        if status != http.client.OK:
            raise OutboundFailedError(f"the answer has status {status}")
        return body

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, deadline_seconds: float = DEADLINE_SECONDS
    ) -> Answer:
        """POST ``body`` and answer what the receiver answered, whatever its status.

        Raises OutboundRefusedError and OutboundFailedError. Takes at most ``deadline_seconds`` in all.
        """
        asked = _Asked("POST", headers, body)
        return self._conversation(url, deadline_seconds, lambda stream, parts: self._exchange(stream, parts, asked))

    def _ask(self, url: str, asked: "_Asked", deadline_seconds: float, max_body: int) -> tuple[int, bytes]:
        def exchange(stream: "_DeadlineSocket", parts: SplitResult) -> tuple[int, bytes]:
            response = self._request(stream, parts, asked)
            body = response.read(max_body + 1)
            if len(body) > max_body:
                raise _AnswerTooLargeError(max_body)
            return response.status, body

        return self._conversation(url, deadline_seconds, exchange, max_body + _MAX_HEADERS)

    def _conversation(
        self,
        url: str,
        deadline_seconds: float,
        exchange: Callable[["_DeadlineSocket", SplitResult], T],
        max_answer: int = MAX_ANSWER,
    ) -> T:
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
        """Resolve in a thread of its own: the system's resolver knows no deadline."""
        found: SimpleQueue[Sequence[Address] | Exception] = SimpleQueue()

        def ask() -> None:
            try:
                found.put(self._resolve(host, port))
            except (OSError, ValueError) as error:
                found.put(error)

        threading.Thread(target=ask, name="resolve", daemon=True).start()
        try:
            answer = found.get(timeout=max(0.0, min(_RESOLVE_SECONDS, deadline - self._now())))
        except Empty:
            raise OutboundFailedError("the host's name was not resolved in time") from None
        if isinstance(answer, Exception):
            raise OutboundFailedError("the host's name cannot be resolved") from answer
        return answer

    def _connect(self, parts: SplitResult, addresses: Sequence[Address], deadline: float) -> socket.socket:
        port = _port(parts)
        failure: OSError = ConnectionError("no address")
        for address in addresses[:_MAX_CONNECTS]:
            try:
                patience = min(self._left(deadline), _CONNECT_SECONDS)
                plain = socket.create_connection((str(address), port), timeout=patience)
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

    def _exchange(self, stream: "_DeadlineSocket", parts: SplitResult, asked: "_Asked") -> Answer:
        response = self._request(stream, parts, asked)
        return Answer(response.status, response.headers.get("Retry-After"), _excerpt(response))

    def _request(self, stream: "_DeadlineSocket", parts: SplitResult, asked: "_Asked") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(parts.hostname or "", _port(parts))
        # Given a socket, http.client does not connect by itself; what it needs of one is in _DeadlineSocket.
        connection.sock = stream
        own = {
            "Host": parts.netloc,
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        connection.request(asked.method, _target(parts), body=asked.body, headers={**asked.headers, **own})
        return connection.getresponse()

    def _left(self, deadline: float) -> float:
        return _left(deadline, self._now)


@dataclass(frozen=True, slots=True)
class _Asked:
    method: str
    headers: Mapping[str, str]
    body: bytes | None


class _AnswerTooLargeError(Exception):
    def __init__(self, most: int) -> None:
        super().__init__(f"the answer has more than {most} bytes")


class _DeadlineSocket:
    """A socket whose every send and receive ends by one deadline, however slowly the other side drips."""

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
        """Nothing: http.client closes before the body is read, and whoever connected closes in any case."""


class _DeadlineReader(io.RawIOBase):
    def __init__(self, connected: socket.socket, deadline: float, now: Clock, max_answer: int) -> None:
        self._connected = connected
        self._deadline = deadline
        self._now = now
        self._max_answer = max_answer
        self._taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        self._connected.settimeout(_left(self._deadline, self._now))
        count = self._connected.recv_into(buffer)
        self._taken += count
        if self._taken > self._max_answer:
            raise _AnswerTooLargeError(self._max_answer)
        return count


def _left(deadline: float, now: Clock) -> float:
    left = deadline - now()
    if left <= 0:
        raise TimeoutError("the deadline has passed")
    return left


def _excerpt(response: http.client.HTTPResponse) -> str:
    """The beginning of the body. The status has been given already, so nothing that fails here changes it."""
    taken = bytearray()
    # A body that breaks off is cut there, as one that is too long is.
    with contextlib.suppress(OSError, http.client.HTTPException, _AnswerTooLargeError):
        while len(taken) < MAX_BODY and (chunk := response.read1(MAX_BODY - len(taken))):
            taken += chunk
    return taken.decode("utf-8", "replace")


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return error.reason or type(error).__name__
