"""HTTP calls to the registry. Safe calls are retried; error responses become exceptions."""

import logging
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final, Self, TypeVar

import httpx

from moorage.about import __version__
from moorage.decoding import decode
from moorage.diagnosis import not_the_registry, notes_on_refused_token, unreachable
from moorage.errors import (
    RETRYABLE_STATUSES,
    ConflictError,
    MoorageError,
    NotConfiguredError,
    ServerError,
    UnauthenticatedError,
    from_problem,
)
from moorage.listing import Listing, WholeList
from moorage.login import Login
from moorage.plain_values import plain_json
from moorage.retry import RetryableError, RetryPolicy, retry_after

Decoded = TypeVar("Decoded")

_TIMEOUT: Final = httpx.Timeout(connect=10.0, read=60.0, write=60.0, pool=None)
_PAGE: Final = 100
_UNCHANGED: Final = 304
# Whoever wants the bytes of a version, or moves it, waits for its scan: a second, and minutes if there is much to read.
_SCAN_PAUSES: Final = (0.5, 0.5, 1.0, 1.0, 2.0, *[5.0] * 59)
CORRELATION_VARIABLE: Final = "MOORAGE_CORRELATION_ID"
_CORRELATION_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/\-]{0,127}")
_LOG: Final = logging.getLogger(__name__)


class Connection:
    """Calls to one registry with one token.

    Every write has an idempotency key that stays the same when it is retried, so that it takes effect once even if
    a response was lost. Redirects are not followed: the token goes to the registry and nowhere else.
    """

    def __init__(self, login: Login, retry: RetryPolicy, transport: httpx.BaseTransport | None = None) -> None:
        self.url = login.url
        self._login = login
        self._retry = retry
        self._http = httpx.Client(
            headers={
                "Accept": "application/json",
                "User-Agent": f"moorage-python/{__version__}",
                **_correlation(),
            },
            timeout=_TIMEOUT,
            transport=transport,
            follow_redirects=False,
        )

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def get(self, kind: type[Decoded], path: str, **query: str | int | None) -> Decoded:
        """The document at ``path``, decoded."""
        return decode(kind, self.read(path, **query))

    def read(self, path: str, **query: str | int | None) -> Any:
        """The JSON document at ``path``. Query parameters that are None are left out."""
        return self._document(self.answer(path, **query))

    def answer(self, path: str, **query: str | int | None) -> httpx.Response:
        """The whole answer to a GET, with its headers."""
        parameters = {name: value for name, value in query.items() if value is not None}
        return self._send("GET", path, params=parameters)

    def read_if_changed(self, path: str, etag: str | None) -> Any:
        """The JSON document at ``path``, None if it still has the tag ``etag``."""
        answer = self._send("GET", path, headers={} if etag is None else {"If-None-Match": etag})
        return None if answer.status_code == _UNCHANGED else self._document(answer)

    def pages(self, path: str, limit: int | None = None, **query: str | int | None) -> Iterator[Any]:
        """The items of a list, at most ``limit``. Reads one page after another."""
        left = limit
        cursor: str | None = None
        while left is None or left > 0:
            page = self.read(path, **query, limit=_PAGE if left is None else min(left, _PAGE), cursor=cursor)
            items = page["items"] if left is None else page["items"][:left]
            yield from items
            left = None if left is None else left - len(items)
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    def items(
        self, kind: type[Decoded], path: str, limit: int | None = None, **query: str | int | None
    ) -> Listing[Decoded]:
        """The items of a list, decoded. Reads one page after another."""
        return Listing(kind, (decode(kind, item) for item in self.pages(path, limit, **query)))

    def whole(self, kind: type[Decoded], path: str, **query: str | int | None) -> WholeList[Decoded]:
        """The items of a list that has no pages, decoded."""
        return WholeList(kind, (decode(kind, item) for item in self.read(path, **query)["items"]))

    def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Send a POST, PUT, PATCH or DELETE. Returns the JSON of the response, None for a 204.

        Numbers of NumPy and the like in ``body`` become plain ones. Raises ValueError for one that JSON cannot hold.
        """
        headers = {"Idempotency-Key": idempotency_key or str(uuid.uuid4())}
        if if_match is not None:
            headers["If-Match"] = if_match
        answer = self._send(method, path, json=plain_json(body), headers=headers)
        return None if answer.status_code == 204 else self._document(answer)

    def post(
        self,
        kind: type[Decoded],
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Decoded:
        """Send a POST and decode its response."""
        return decode(kind, self.write("POST", path, body, idempotency_key=idempotency_key))

    def _send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        request = self._http.build_request(method, f"{self.url}/v1/{path}", **arguments)
        request.headers["Authorization"] = f"Bearer {self._login.current_token()}"
        for number, pause in enumerate(_SCAN_PAUSES):
            try:
                return self._retry.run(lambda: self._attempt(request))
            except ConflictError as error:
                if error.code != "scan_pending":
                    raise
                if number == 0:
                    _LOG.warning("waiting for the scan, for five minutes at most: %s", error.message)
            self._retry.sleep(pause)
        return self._retry.run(lambda: self._attempt(request))

    def _attempt(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = self._http.send(request)
        except httpx.TransportError as error:
            lost = unreachable(self.url, error)
            lost.__cause__ = error
            if not lost.retryable:
                raise lost from error
            raise RetryableError(lost) from error
        request_id = answer.headers.get("X-Request-Id")
        _LOG.debug("%s %s: %d, request id %s", request.method, request.url.path, answer.status_code, request_id)
        if answer.is_success or answer.status_code == _UNCHANGED:
            return answer
        refusal = _error_of(answer)
        if refusal.retryable:
            raise RetryableError(refusal, retry_after(answer.headers.get("Retry-After")))
        if isinstance(refusal, UnauthenticatedError):
            for note in notes_on_refused_token(answer, self._login.token):
                refusal.add_note(note)
        raise refusal

    def _document(self, answer: httpx.Response) -> Any:
        try:
            document = answer.json()
        except ValueError as error:
            raise ServerError(
                not_the_registry(answer, None)
                or f"{self.url} answered with something other than JSON: check that this is the registry's address",
                status=answer.status_code,
                request_id=answer.headers.get("X-Request-Id"),
            ) from error
        tag = answer.headers.get("ETag")
        # The tag becomes part of the document, so that callers can make a change conditional on it.
        return {**document, "etag": tag} if tag is not None and isinstance(document, dict) else document


def _error_of(answer: httpx.Response) -> MoorageError:
    try:
        problem = answer.json()
    except ValueError:
        # The response is from a gateway in between, not from the registry: only its status is meaningful.
        problem = None
    elsewhere = not_the_registry(answer, problem)
    if elsewhere is not None:
        return ServerError(
            elsewhere,
            status=answer.status_code,
            code="not_the_registry",
            retryable=answer.status_code in RETRYABLE_STATUSES,
        )
    document = problem if isinstance(problem, Mapping) else {}
    return from_problem(answer.status_code, document, answer.headers.get("X-Request-Id"))


def _correlation() -> dict[str, str]:
    """The header that says what the calls of this process belong to, if its environment does.

    The registry would pass a malformed id over, which nobody would notice. Raises NotConfiguredError.
    """
    given = os.environ.get(CORRELATION_VARIABLE, "")
    if given and not _CORRELATION_ID.fullmatch(given):
        raise NotConfiguredError(
            f"{CORRELATION_VARIABLE} is {given!r}. It has 1 to 128 ASCII letters, digits, and . _ : / -, and begins "
            "with a letter or digit."
        )
    return {"X-Correlation-Id": given} if given else {}
