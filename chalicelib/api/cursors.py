"""Paging cursors: signed and encrypted, valid for one caller, one query and one day.

A position names the next item, which may be a model that the caller may not read. So cursors are encrypted. HMAC alone
does that, because every function has it. The signature covers query and position and seeds the key stream, as a
synthetic initialisation vector (RFC 5297): it differs for any two queries or positions.
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
    """A cursor to ``start`` that only the same ``query`` opens: route, path, parameters and caller."""
    content = _compact(canonical_json({"start": start, "until": epoch_seconds(later(now, LIFETIME))})).encode()
    signature = _signature(content, query, key)
    return base64.urlsafe_b64encode(signature + _encrypted(content, signature, key)).rstrip(b"=").decode()


def open_cursor(cursor: str, query: dict[str, Any], key: bytes, now: Instant) -> dict[str, Any]:
    """The start that ``seal`` put in. Raises InvalidCursorError for any other text, query, caller or day."""
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidCursorError("The cursor is damaged. Start the list again without it.") from None
    given = sealed[:_DIGEST_SIZE]
    content = _encrypted(sealed[_DIGEST_SIZE:], given, key)
    if not hmac.compare_digest(given, _signature(content, query, key)):
        raise InvalidCursorError("The cursor is damaged or belongs to another query. Start the list again without it.")
    opened = json.loads(content, strict=False)
    if opened["until"] < epoch_seconds(now):
        raise InvalidCursorError("The cursor has expired. Start the list again without it.")
    start: dict[str, Any] = opened["start"]
    return start


def _compact(text: str) -> str:
    """JSON with raw control characters. A search's position may be full of them, and escapes would make it too long."""
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)) if escape[1] else escape[0], text)


def _signature(content: bytes, query: dict[str, Any], key: bytes) -> bytes:
    # Derives a key for cursors, so that no other use of the signing key can produce a cursor's signature.
    cursor_key = hmac.digest(key, b"moorage cursor v1", "sha256")
    return hmac.digest(cursor_key, content + b"\0" + canonical_json(query).encode(), "sha256")


def _encrypted(content: bytes, signature: bytes, key: bytes) -> bytes:
    """``content`` XORed with the signature's key stream. Applied twice, it gives the content back."""
    stream_key = hmac.digest(key, b"moorage cursor stream v1", "sha256")
    stream = b"".join(
        hmac.digest(stream_key, signature + block.to_bytes(4, "big"), "sha256")
        for block in range(-(-len(content) // _DIGEST_SIZE))
    )
    return bytes(one ^ other for one, other in zip(content, stream, strict=False))
