"""Paging cursors: signed and unreadable, good for one caller, one query and one day.

A position names what comes next, which may be a model that the caller may not read; so it is enciphered. That is
done with HMAC alone, which is at hand in every function: the signature is over query and position, differs for any
two of them, and is what the key stream begins with (a synthetic initialisation vector, as in RFC 5297).
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import InvalidCursorError
from chalicelib.domain.instants import Instant, epoch_seconds, later

LIFETIME: Final = timedelta(days=1)
MAX_LENGTH: Final = 4096
_DIGEST_SIZE: Final = hashlib.sha256().digest_size
_ESCAPE: Final = re.compile(r"\\(?:u00([01][0-9a-f])|.)")


def seal(start: dict[str, Any], query: dict[str, Any], key: bytes, now: Instant) -> str:
    """A cursor to ``start`` that opens for the same ``query``: route, path, parameters and caller."""
    content = _compact(canonical_json({"start": start, "until": epoch_seconds(later(now, LIFETIME))})).encode()
    signature = _signature(content, query, key)
    return base64.urlsafe_b64encode(signature + _enciphered(content, signature, key)).rstrip(b"=").decode()


def open_cursor(cursor: str, query: dict[str, Any], key: bytes, now: Instant) -> dict[str, Any]:
    """The start that ``seal`` put in. Raises InvalidCursorError for any other text, query, caller or day."""
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidCursorError("The cursor is damaged. Start the list again without it.") from None
    given = sealed[:_DIGEST_SIZE]
    content = _enciphered(sealed[_DIGEST_SIZE:], given, key)
    if not hmac.compare_digest(given, _signature(content, query, key)):
        raise InvalidCursorError("The cursor is damaged or belongs to another query. Start the list again without it.")
    opened = json.loads(content, strict=False)
    if opened["until"] < epoch_seconds(now):
        raise InvalidCursorError("The cursor has expired. Start the list again without it.")
    start: dict[str, Any] = opened["start"]
    return start


def _compact(text: str) -> str:
    """JSON whose control characters stand for themselves: a search's position is texts that may be full of them."""
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else escape[0], text)


def _signature(content: bytes, query: dict[str, Any], key: bytes) -> bytes:
    # A key of its own, so that no other use of the signing key can ever produce a cursor's signature.
    cursor_key = hmac.digest(key, b"moorage cursor v1", "sha256")
    return hmac.digest(cursor_key, content + b"\0" + canonical_json(query).encode(), "sha256")


def _enciphered(content: bytes, signature: bytes, key: bytes) -> bytes:
    """``content`` with the signature's key stream on it; what was enciphered, deciphered."""
    stream_key = hmac.digest(key, b"moorage cursor stream v1", "sha256")
    stream = b"".join(
        hmac.digest(stream_key, signature + block.to_bytes(4, "big"), "sha256")
        for block in range(-(-len(content) // _DIGEST_SIZE))
    )
    return bytes(one ^ other for one, other in zip(content, stream, strict=False))
