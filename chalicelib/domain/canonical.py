"""Canonical JSON and SHA-256: the form in which documents are hashed.

In canonical JSON, keys are sorted by code point, there is no white space, and strings are escaped only where JSON
requires it. Numbers are written as Python's ``json`` writes them: integers in full, floats as the shortest decimal that
reads back to the same double. The encoding is UTF-8.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

JSONObject: TypeAlias = Mapping[str, Any]


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(value: object) -> str:
    """``value`` as canonical JSON. Raises ValueError for NaN and infinities, which JSON does not have."""
    return _ENCODER.encode(value)


def sha256_hex(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of ``text``, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
