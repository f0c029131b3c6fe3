"""Calls to the registry with the standard library alone, for images that install no more than their model needs."""

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import quote, urlencode, urlsplit

from moorage import paths
from moorage.about import __version__
from moorage.errors import IntegrityError, MoorageError, ServerError, UnreachableError, UnsafePathError, from_problem
from moorage.login import Login
from moorage.serving.bundle import Bundle, BundledFile, file_digest

_SECONDS: Final = 60.0
_UNCHANGED: Final = 304
_AT_ONCE: Final = 1 << 20
_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Tagged:
    """A JSON document, and the tag by which the registry tells whether it has changed."""

    document: dict[str, Any]
    etag: str | None


class Registry:
    """One registry. The token goes there only, not to the storage that its answers lead to.

    A call that fails is not repeated. All raise the errors of the client: UnreachableError if nothing answers, and what
    ``from_problem`` makes of a refusal.
    """

    def __init__(self, login: Login) -> None:
        self._login = login
        self._opener = urllib.request.build_opener(_WithoutToken)

    def read(self, path: str, known: Tagged | None = None) -> Tagged:
        """The JSON document at ``path`` below ``/v1``. Returns ``known`` if it has not changed since."""
        headers = {} if known is None or known.etag is None else {"If-None-Match": known.etag}
        try:
            with self._sent("GET", path, headers=headers) as answer:
                return Tagged(_document(answer), answer.headers["ETag"])
        except MoorageError as error:
            if known is None or error.status != _UNCHANGED:
                raise
            return known

    def items(self, path: str) -> Iterator[dict[str, Any]]:
        """The items of a list. Reads one page after another."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.read(f"{path}?{urlencode({'limit': _PAGE, **({'cursor': cursor} if cursor else {})})}").document
            yield from page["items"]
            cursor = page.get("next_cursor")

    def put(self, path: str, body: Mapping[str, Any]) -> None:
        """Send a JSON document to ``path``."""
        with self._sent("PUT", path, json.dumps(body).encode(), {"Content-Type": "application/json"}) as answer:
            answer.read()

    def download(self, bundle: Bundle, directory: Path) -> None:
        """Have every file of a version in ``directory``, which is created.

        Raises IntegrityError if the bytes of one are not those that were registered.
        """
        directory.mkdir(parents=True, exist_ok=True)
        root = directory.resolve()
        for file in bundle.files:
            target = root / file.path
            if not target.resolve().is_relative_to(root):
                raise UnsafePathError(
                    f"the file path {file.path!r} leads out of {directory}: nothing was written there"
                )
            self._fetch(bundle, file, target)

    def _fetch(self, bundle: Bundle, file: BundledFile, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        path = f"{paths.version(bundle.model, bundle.version)}/artifacts/file?path={quote(file.path, safe='')}"
        try:
            with self._sent("GET", path) as answer, target.open("wb") as written:
                shutil.copyfileobj(answer, written, _AT_ONCE)
        except (OSError, HTTPException) as error:
            raise UnreachableError(f"{file.path} cannot be downloaded: {error!r}", retryable=True) from error
        if file_digest(target) != file.sha256:
            target.unlink()
            raise IntegrityError(f"{file.path} does not have the bytes of {bundle.model}/{bundle.version}")

    def _sent(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> AbstractContextManager[HTTPResponse]:
        request = urllib.request.Request(f"{self._login.url}/v1/{path}", data=body, method=method)
        request.add_header("Authorization", f"Bearer {self._login.current_token()}")
        request.add_header("User-Agent", f"moorage-server/{__version__}")
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            answer: HTTPResponse = self._opener.open(request, timeout=_SECONDS)
        except urllib.error.HTTPError as error:
            with error:
                raise _refused(path, error) from error
        except (OSError, HTTPException) as error:
            raise UnreachableError(
                f"{urlsplit(request.full_url).hostname} does not answer: {error}", retryable=True
            ) from error
        return answer


def _refused(path: str, error: urllib.error.HTTPError) -> MoorageError:
    try:
        problem = json.loads(error.read())
    except (ValueError, OSError, HTTPException):
        # The storage, or something between here and the registry, has answered.
        problem = None
    if not isinstance(problem, dict):
        problem = {"detail": f"{urlsplit(error.url).hostname} refused {path} with {error.code}"}
    return from_problem(error.code, problem, None)


def _document(answer: HTTPResponse) -> dict[str, Any]:
    try:
        document = json.loads(answer.read())
    except (ValueError, OSError, HTTPException) as error:
        raise ServerError(f"the registry's answer cannot be read: {error!r}", retryable=True) from error
    if not isinstance(document, dict):
        raise ServerError("the registry's answer is no JSON object")
    return document


class _WithoutToken(urllib.request.HTTPRedirectHandler):
    """Follows a redirect without the token."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None:
            following.remove_header("Authorization")
        return following
