"""Outbound POSTs against real sockets on loopback."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address

import pytest
import trustme

from chalicelib.aws.webhooks.outbound import MAX_BODY, Outbound, OutboundFailedError, OutboundRefusedError
from chalicelib.domain.webhooks.deliveries import Answer
from chalicelib.domain.webhooks.outbound_policy import Address, OutboundPolicy

LOOPBACK = OutboundPolicy.parse("127.0.0.0/8")
NAME = "hooks.example.com"
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


class Receiver:
    """A server on loopback that gives each connection to ``serve``, and keeps the requests and the TLS names."""

    def __init__(self, serve: Callable[[socket.socket, bytes], None], tls: ssl.SSLContext | None = None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopping = False
        self._serve = serve
        self._tls = tls
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[bytes] = []
        self.names: list[str | None] = []
        if tls is not None:
            tls.sni_callback = lambda _, name, __: self.names.append(name)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            connected, _ = self._listener.accept()
            with connected:
                if self._stopping:
                    return
                connected.settimeout(10)
                try:
                    stream = connected if self._tls is None else self._tls.wrap_socket(connected, server_side=True)
                    with stream:
                        request = read_request(stream)
                        self.requests.append(request)
                        self._serve(stream, request)
                except OSError:
                    continue  # the client hung up, as many of these tests have it do

    def stop(self) -> None:
        self._stopping = True
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join(10)
        self._listener.close()


def read_request(stream: socket.socket) -> bytes:
    taken = b""
    while b"\r\n\r\n" not in taken:
        chunk = stream.recv(65536)
        if not chunk:
            return taken
        taken += chunk
    head, _, body = taken.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    wanted = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < wanted:
        body += stream.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def receiver(serve: Callable[[socket.socket, bytes], None], tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    server = Receiver(serve, tls)
    try:
        yield server
    finally:
        server.stop()


def answering(answer: bytes) -> Callable[[socket.socket, bytes], None]:
    return lambda stream, _: stream.sendall(answer)


def resolving_to(*addresses: str) -> Callable[[str, int], Sequence[Address]]:
    return lambda host, port: [ip_address(address) for address in addresses]


def server_tls(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def post(outbound: Outbound, url: str, deadline_seconds: float = 10.0) -> Answer:
    return outbound.post(url, {"Content-Type": "application/json", "webhook-id": "d1"}, b'{"a":1}', deadline_seconds)


def test_the_body_and_headers_arrive_as_given() -> None:
    with receiver(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")) as server:
        answer = post(Outbound(LOOPBACK), f"http://127.0.0.1:{server.port}/hook?team=a%20b")
    assert (answer.status, answer.excerpt) == (200, "hello")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /hook?team=a%20b HTTP/1.1"
    assert {f"Host: 127.0.0.1:{server.port}", "Content-Type: application/json", "webhook-id: d1"} <= set(lines)
    assert json.loads(body) == {"a": 1}


def test_the_connection_goes_to_the_checked_address_under_the_urls_name() -> None:
    authority = trustme.CA()
    with receiver(answering(OK), server_tls(authority, NAME)) as server:
        outbound = Outbound(LOOPBACK, resolving_to("127.0.0.1"), trusting(authority))
        answer = post(outbound, f"https://{NAME}:{server.port}/")
    assert answer.status == 204
    assert server.names == [NAME]
    assert f"Host: {NAME}:{server.port}".encode() in server.requests[0]


def test_a_name_is_resolved_once_for_check_and_connection() -> None:
    answers = iter([[ip_address("127.0.0.1")], [ip_address("10.0.0.1")]])
    with receiver(answering(OK)) as server:
        outbound = Outbound(LOOPBACK, lambda host, port: next(answers))
        assert post(outbound, f"http://{NAME}:{server.port}/").status == 204


def test_a_name_that_is_bound_to_a_private_address_after_its_check_is_refused() -> None:
    answers = iter([[ip_address("93.184.215.14")], [ip_address("127.0.0.1")]])
    with receiver(answering(OK)) as server:
        outbound = Outbound(OutboundPolicy(), lambda host, port: next(answers))
        outbound.check(f"https://{NAME}/")
        with pytest.raises(OutboundRefusedError, match="not public"):
            post(outbound, f"https://{NAME}/")
    assert server.requests == []


def test_a_name_is_checked_again_for_each_request() -> None:
    answers = iter([[ip_address("127.0.0.1")], [ip_address("10.0.0.1")]])
    with receiver(answering(OK)) as server:
        outbound = Outbound(LOOPBACK, lambda host, port: next(answers))
        assert post(outbound, f"http://{NAME}:{server.port}/").status == 204
        with pytest.raises(OutboundRefusedError, match="not public"):
            post(outbound, f"http://{NAME}:{server.port}/")
    assert len(server.requests) == 1


def test_a_certificate_for_another_name_is_not_accepted() -> None:
    authority = trustme.CA()
    with receiver(answering(OK), server_tls(authority, "other.example.com")) as server:
        outbound = Outbound(LOOPBACK, resolving_to("127.0.0.1"), trusting(authority))
        with pytest.raises(OutboundFailedError, match=r"TLS failed.*Hostname mismatch"):
            post(outbound, f"https://{NAME}:{server.port}/")
    assert server.requests in ([], [b""])


def test_a_certificate_of_an_unknown_authority_is_not_accepted_by_default() -> None:
    with receiver(answering(OK), server_tls(trustme.CA(), NAME)) as server:
        outbound = Outbound(LOOPBACK, resolving_to("127.0.0.1"))
        with pytest.raises(OutboundFailedError, match="TLS failed"):
            post(outbound, f"https://{NAME}:{server.port}/")
    assert server.requests in ([], [b""])


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::ffff:127.0.0.1"]])
def test_nothing_is_sent_to_a_name_that_has_a_private_address(addresses: list[str]) -> None:
    with receiver(answering(OK)) as server:
        outbound = Outbound(OutboundPolicy(), resolving_to(*addresses))
        with pytest.raises(OutboundRefusedError) as refusal:
            post(outbound, f"http://{NAME}:{server.port}/")
        with pytest.raises(OutboundRefusedError):
            outbound.check(f"http://{NAME}:{server.port}/")
    assert "its host has an address that is not public" in refusal.value.reasons
    assert server.requests == []


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "localhost", "[::1]", "[::ffff:127.0.0.1]"])
def test_no_way_of_writing_loopback_gets_past_the_policy(host: str) -> None:
    with pytest.raises(OutboundRefusedError):
        Outbound(OutboundPolicy()).check(f"https://{host}/")


def test_a_redirect_is_answered_and_not_followed() -> None:
    with receiver(answering(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")) as server:
        answer = post(Outbound(LOOPBACK), f"http://127.0.0.1:{server.port}/")
    assert answer.status == 302
    assert len(server.requests) == 1


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver(answering(b"HTTP/1.1 500 Proxy\r\n\r\n")) as proxy, receiver(answering(OK)) as server:
        for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        assert post(Outbound(LOOPBACK), f"http://127.0.0.1:{server.port}/").status == 204
    assert proxy.requests == []


def test_a_long_answer_is_cut() -> None:
    with receiver(answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000)) as server:
        answer = post(Outbound(LOOPBACK), f"http://127.0.0.1:{server.port}/")
    assert answer == Answer(200, None, "x" * MAX_BODY)


def test_endless_headers_are_a_failure() -> None:
    head = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 4000) for n in range(50)) + b"\r\n"
    with (
        receiver(answering(head)) as server,
        pytest.raises(OutboundFailedError, match="more than 32768 bytes"),
    ):
        post(Outbound(LOOPBACK), f"http://127.0.0.1:{server.port}/")


def test_retry_after_and_bytes_that_are_no_text_are_reported() -> None:
    answer = b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 3\r\n\r\na\xff\x00"
    with receiver(answering(answer)) as server:
        assert post(Outbound(LOOPBACK), f"http://127.0.0.1:{server.port}/") == Answer(503, "7", "a\ufffd\x00")


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 2"])
def test_an_answer_that_is_not_http_is_a_failure(answer: bytes) -> None:
    with receiver(answering(answer)) as server, pytest.raises(OutboundFailedError, match="connection failed"):
        post(Outbound(LOOPBACK), f"http://127.0.0.1:{server.port}/")


class DrippingClock:
    """A clock and a receiver: one drop for each look at the clock, the third of which is too late."""

    def __init__(self) -> None:
        self._looks = 0
        self._dripping = False
        self._looked = threading.Condition()

    def __call__(self) -> float:
        with self._looked:
            self._looks += self._dripping
            self._looked.notify_all()
            return 1000.0 if self._looks > 2 else 0.0

    def drip(self, first: bytes, drop: bytes) -> Callable[[socket.socket, bytes], None]:
        def serve(stream: socket.socket, _: bytes) -> None:
            self._dripping = True
            stream.sendall(first)
            for look in range(3):
                with self._looked:
                    assert self._looked.wait_for(lambda after=look: self._looks > after, timeout=10)
                stream.sendall(drop)

        return serve


def test_headers_that_drip_are_ended_by_the_deadline() -> None:
    clock = DrippingClock()
    # One interim answer after another: http.client would wait for the final one for ever.
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    with (
        receiver(clock.drip(interim, interim)) as server,
        pytest.raises(OutboundFailedError, match="no answer within the time allowed"),
    ):
        post(Outbound(LOOPBACK, now=clock), f"http://127.0.0.1:{server.port}/")


def test_a_body_that_drips_is_cut_at_the_deadline_and_the_status_counts() -> None:
    clock = DrippingClock()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"
    with receiver(clock.drip(head + b"begun", b".")) as server:
        answer = post(Outbound(LOOPBACK, now=clock), f"http://127.0.0.1:{server.port}/")
    assert answer.status == 200
    assert answer.excerpt.rstrip(".") == "begun"


def test_a_receiver_that_says_nothing_is_ended_by_the_deadline() -> None:
    hung_up = threading.Event()

    def silent(stream: socket.socket, _: bytes) -> None:
        stream.recv(1)
        hung_up.set()

    with receiver(silent) as server:
        with pytest.raises(OutboundFailedError, match="no answer within the time allowed"):
            post(Outbound(LOOPBACK), f"http://127.0.0.1:{server.port}/", deadline_seconds=0.2)
        assert hung_up.wait(10)


def test_a_handshake_that_never_comes_is_ended_by_the_deadline() -> None:
    with (
        receiver(lambda stream, _: None) as server,
        pytest.raises(OutboundFailedError, match="no answer within"),
    ):
        post(Outbound(LOOPBACK), f"https://127.0.0.1:{server.port}/", deadline_seconds=0.2)


def test_the_next_address_is_tried_when_one_does_not_connect() -> None:
    with receiver(answering(OK)) as server:
        # Nothing listens there on that port.
        outbound = Outbound(LOOPBACK, resolving_to("127.0.0.2", "127.0.0.1"))
        assert post(outbound, f"http://{NAME}:{server.port}/").status == 204


def test_a_receiver_that_is_down_is_a_failure() -> None:
    with receiver(answering(OK)) as server:
        port = server.port
    with pytest.raises(OutboundFailedError, match="connection failed"):
        post(Outbound(LOOPBACK), f"http://127.0.0.1:{port}/")


def test_an_unknown_name_is_a_failure_of_check_and_post() -> None:
    def unknown(host: str, port: int) -> Sequence[Address]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    outbound = Outbound(LOOPBACK, unknown)
    with pytest.raises(OutboundFailedError, match="cannot be resolved"):
        outbound.check(f"https://{NAME}/")
    with pytest.raises(OutboundFailedError, match="cannot be resolved"):
        post(outbound, f"https://{NAME}/")


def test_a_resolver_that_hangs_is_ended_by_the_deadline() -> None:
    released = threading.Event()

    def hanging(host: str, port: int) -> Sequence[Address]:
        released.wait(10)
        return []

    try:
        with pytest.raises(OutboundFailedError, match="not resolved in time"):
            post(Outbound(LOOPBACK, hanging), f"https://{NAME}/", deadline_seconds=0.2)
    finally:
        released.set()
