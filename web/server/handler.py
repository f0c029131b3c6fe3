"""What Lambda calls: ``server.handler.answer``."""

import json
import os
import time
from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any, Final

from server.files import ASSETS, Files, Served
from server.headers import IMMUTABLE, REVALIDATED, security
from server.place import prefix

# The choice of a theme is no secret: the page's own script sets it.
THEME_COOKIE: Final = "moorage-theme"
THEMES: Final = frozenset({"light", "dark"})
# The host names of the bucket of artifacts, with commas between them. Pages upload evidence files to it.
STORAGE_HOSTS: Final = "MOORAGE_STORAGE_HOSTS"
FILES: Final = Files(Path(__file__).parent / "files")


def answer(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Answer a request from API Gateway, and write its line in the log."""
    started = time.perf_counter()
    response = respond(FILES, event, filter(None, os.environ.get(STORAGE_HOSTS, "").split(",")))
    line = {
        "log": "request",
        "method": event.get("httpMethod"),
        "route": event.get("resource"),
        "request_id": (event.get("requestContext") or {}).get("requestId") or context.aws_request_id,
        "status": response["statusCode"],
        "duration_ms": round((time.perf_counter() - started) * 1000, 1),
    }
    print(json.dumps(line))
    return response


def respond(files: Files, event: Mapping[str, Any], storage: Iterable[str] = ()) -> dict[str, Any]:
    """The answer to a request, with the headers that protect. ``storage`` are host names that pages may upload to."""
    found = _found(files, event)
    return {**found, "headers": {**security(storage), **found["headers"]}}


def _found(files: Files, event: Mapping[str, Any]) -> dict[str, Any]:
    """A file, the page that starts the interface, or where that is."""
    if event.get("httpMethod") not in {"GET", "HEAD"}:
        return _answer(405, {"Allow": "GET, HEAD"})
    path = str(event.get("path") or "/")
    if path.strip("/") == "":
        return _answer(302, {"Location": f"{prefix(event)}/ui/", "Cache-Control": REVALIDATED})
    name = path.removeprefix("/ui").strip("/")
    headers = {str(key).lower(): str(value) for key, value in (event.get("headers") or {}).items()}
    if name in files and name.startswith(ASSETS):
        return _file(files.file(name, _encodings(headers)), headers, IMMUTABLE)
    if name.startswith(ASSETS):
        # A page that is open while a new release is deployed asks for files of the old one.
        return _answer(404, {"Cache-Control": "no-store"})
    if name in files:
        return _file(files.file(name, _encodings(headers)), headers, REVALIDATED)
    return _file(files.page(prefix(event), _theme(headers)), headers, REVALIDATED)


def _file(file: Served, headers: Mapping[str, str], cached: str) -> dict[str, Any]:
    sent = {"Content-Type": file.type, "Cache-Control": cached, "ETag": file.etag, "Vary": "Accept-Encoding, Cookie"}
    if cached == IMMUTABLE:
        sent["Vary"] = "Accept-Encoding"
    if file.encoding is not None:
        sent["Content-Encoding"] = file.encoding
    if file.etag in [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]:
        return _answer(304, {name: value for name, value in sent.items() if name != "Content-Type"})
    return {**_answer(200, sent), "body": file.body, "isBase64Encoded": True}


def _answer(status: int, headers: Mapping[str, str]) -> dict[str, Any]:
    return {"statusCode": status, "headers": dict(headers), "body": "", "isBase64Encoded": False}


def _encodings(headers: Mapping[str, str]) -> list[str]:
    """The encodings that the browser accepts; one with ``q=0`` is one that it does not."""
    offers = (offer.replace(" ", "").lower() for offer in headers.get("accept-encoding", "").split(","))
    return [offer.partition(";")[0] for offer in offers if not offer.endswith((";q=0", ";q=0.0"))]


def _theme(headers: Mapping[str, str]) -> str | None:
    try:
        chosen = SimpleCookie(headers.get("cookie", "")).get(THEME_COOKIE)
    except CookieError:
        # Somebody else's cookie on this host may be malformed. Then the system's theme is shown.
        return None
    return chosen.value if chosen is not None and chosen.value in THEMES else None
