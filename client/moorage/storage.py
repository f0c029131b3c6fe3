"""HTTP calls to the object storage: uploads of pieces of files and downloads of ranges, with presigned URLs.

These calls have their own connections, which never carry the registry's token. The signature in the URL is the only
credential that storage receives.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, Self

import httpx

from moorage.errors import IntegrityError, MoorageError, StorageError, UnreachableError
from moorage.logs import keep_signatures_out
from moorage.retry import RetryableError, RetryPolicy, retry_after

_CHUNK: Final = 1024 * 1024
_TIMEOUT: Final = httpx.Timeout(connect=10.0, read=60.0, write=60.0, pool=None)
_RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})
# Codes by which S3 and compatible stores report that the bytes do not match the signed digest.
_MISMATCHES: Final = (
    "BadDigest",
    "XAmzContentSHA256Mismatch",
    "XAmzContentChecksumMismatch",
    "InvalidDigest",
)
# Codes of refusals that need not last, whatever their status: a transfer stalled; the file is just being uploaded.
_REPEATABLE: Final = ("RequestTimeout", "ConditionalRequestConflict")
# A signature has expired (403), or the session of the role that made it has (400).
_EXPIRED: Final = ("ExpiredToken", "InvalidToken")
# A signed upload is carried out once. Repeated, it is refused with this status.
_DONE_BEFORE: Final = 412


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A presigned URL and the headers that its signature covers."""

    url: str
    headers: Mapping[str, str]


class Signer(Protocol):
    """A source of presigned requests. Storage asks it again when a request has expired."""

    def current(self) -> SignedRequest: ...

    def renewed(self, stale: SignedRequest) -> SignedRequest:
        """A newer request than ``stale``."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a local file: ``size`` bytes from ``offset``."""

    path: Path
    offset: int
    size: int

    def chunks(self, advanced: Callable[[int], None]) -> Iterator[bytes]:
        left = self.size
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.offset)
            while left:
                chunk = file.read(min(_CHUNK, left))
                if not chunk:
                    raise IntegrityError(f"{self.path} became shorter while it was being uploaded")
                yield chunk
                left -= len(chunk)
                advanced(len(chunk))


class Storage:
    """Transfers with presigned URLs, with retries. Threads share its connections, which stay open."""

    def __init__(self, retry: RetryPolicy, connections: int, transport: httpx.BaseTransport | None = None) -> None:
        keep_signatures_out()
        self._retry = retry
        self._http = httpx.Client(
            timeout=_TIMEOUT,
            transport=transport,
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            follow_redirects=False,
        )

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def put(self, piece: Piece, signer: Signer, advanced: Callable[[int], None]) -> None:
        """Upload ``piece``. Raises IntegrityError if storage finds that the bytes do not match the signed digest."""
        signatures = _Signatures(signer)

        def attempt() -> None:
            sent = 0

            def count(size: int) -> None:
                nonlocal sent
                sent += size
                advanced(size)

            try:
                with signatures.exchange() as signed:
                    headers = httpx.Headers(dict(signed.headers))
                    # Without a length, httpx would send the stream chunked, which S3 does not accept.
                    headers["Content-Length"] = str(piece.size)
                    answer = self._http.put(signed.url, content=piece.chunks(count), headers=headers)
                    # The answer to an earlier attempt was lost. The bytes are stored, or S3 would not have them.
                    if answer.status_code != _DONE_BEFORE:
                        _check(answer, f"the upload of {piece.path}")
            except RetryableError:
                advanced(-sent)
                raise

        self._retry.run(attempt)

    def get(self, start: int, size: int, whole: bool, signer: Signer, write: Callable[[int, bytes], None]) -> None:
        """Download ``size`` bytes from ``start`` and pass them to ``write(offset, chunk)``.

        A retry continues where the connection broke. ``whole`` means that the range is the whole object, so that the
        first attempt needs no Range header.
        """
        done = 0
        signatures = _Signatures(signer)

        def attempt() -> None:
            nonlocal done
            ranged = not whole or done > 0
            # A compressed response could not be resumed by offset.
            headers = {"Accept-Encoding": "identity"}
            if ranged:
                headers["Range"] = f"bytes={start + done}-{start + size - 1}"
            with (
                signatures.exchange() as signed,
                self._http.stream("GET", signed.url, headers=headers) as answer,
            ):
                if not answer.is_success:
                    answer.read()
                _check(answer, "the download")
                for chunk in _wanted(answer, ranged, start + done, size - done):
                    write(start + done, chunk)
                    done += len(chunk)
            if done < size:
                cut = f"storage sent only {done} of {size} bytes"
                raise RetryableError(IntegrityError(cut, retryable=True))

        if size:
            self._retry.run(attempt)


class _Expired(Exception):
    """Storage refused a signature, usually because it has expired."""

    def __init__(self, error: MoorageError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(slots=True)
class _Signatures:
    """The presigned requests that the attempts of one transfer use, one after another."""

    signer: Signer
    _stale: SignedRequest | None = None

    @contextmanager
    def exchange(self) -> Iterator[SignedRequest]:
        """Yield the request for one attempt. Errors that may not occur again are raised as RetryableError."""
        signed = self.signer.current() if self._stale is None else self.signer.renewed(self._stale)
        self._stale = None
        try:
            yield signed
        except _Expired as expired:
            self._stale = signed
            raise RetryableError(expired.error) from expired
        except httpx.TransportError as error:
            reason = f"storage does not answer: {str(error) or type(error).__name__}"
            raise RetryableError(UnreachableError(reason, retryable=True)) from error


def _check(answer: httpx.Response, what: str) -> None:
    if answer.is_success:
        return
    code = _storage_code(answer.text)
    request_id = answer.headers.get("x-amz-request-id")
    if code in _MISMATCHES:
        raise IntegrityError(
            f"storage refused {what}: the bytes are not those that were registered ({code})",
            status=answer.status_code,
            code=code,
            request_id=request_id,
        )
    error = StorageError(
        f"storage refused {what}: {answer.status_code} {code or answer.reason_phrase}",
        status=answer.status_code,
        code=code,
        request_id=request_id,
        retryable=answer.status_code in _RETRIED,
    )
    if answer.status_code == 403 or code in _EXPIRED:
        raise _Expired(error)
    if answer.status_code in _RETRIED or code in _REPEATABLE:
        raise RetryableError(error, retry_after(answer.headers.get("Retry-After")))
    raise error


def _storage_code(body: str) -> str | None:
    # S3's errors are small XML documents. Only one element is needed, and its value has no markup.
    _, element, rest = body.partition("<Code>")
    return rest.partition("</Code>")[0] if element else None


def _wanted(answer: httpx.Response, ranged: bool, start: int, size: int) -> Iterator[bytes]:
    """At most ``size`` bytes of the object from ``start``, even if the server ignored the requested range."""
    skip = 0
    if answer.status_code != 206:
        skip = start if ranged else 0
    elif not answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
        given = answer.headers.get("Content-Range", "")
        raise StorageError(f"storage answered with the range {given!r} instead of from byte {start}")
    for chunk in answer.iter_raw():
        wanted = chunk[skip : skip + size]
        skip = max(0, skip - len(chunk))
        size -= len(wanted)
        if wanted:
            yield wanted
        if not size:
            return
