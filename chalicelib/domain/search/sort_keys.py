"""Where things lie in the indexes: values as texts that sort as the values do.

A place is its parts joined by a character that sorts before all others: a value, a model's name, a version. Long texts
are cut and end in their digest, so that a place fits the 1,024 bytes of a DynamoDB sort key: equal texts have equal
places, and texts that differ only beyond the cut are in an order of their digests. That order *is* the order of a
search, and what an index finds is a candidate only, so that nothing depends on the cut.
"""

import struct
from typing import Final

from chalicelib.domain.canonical import sha256_hex

SEPARATOR: Final = "\x00"
# After every place that begins with what it follows, and before every text that is longer than a whole part.
AFTER_PART: Final = "\x01"
LAST: Final = "\U0010ffff"

VALUE_BYTES: Final = 300
# 300 and 700 bytes, two separators and nine digits are less than 1,024.
NAME_BYTES: Final = 700
KEY_BYTES: Final = 800
_DIGEST: Final = 32
_CUT: Final = "\x01\x03"
# A character more or less at the cut must not put a bound on the wrong side of it.
_SLACK: Final = 8
_HIGHEST: Final = 999_999_999


def joined(*parts: str) -> str:
    return SEPARATOR.join(parts)


def text_part(text: str, limit: int = VALUE_BYTES) -> str:
    """``text`` in at most ``limit`` bytes."""
    escaped = _escaped(text)
    if len(escaped.encode()) <= limit:
        return escaped
    return _escaped(_beginning(text, limit - _DIGEST - len(_CUT))) + _CUT + sha256_hex(text)[:_DIGEST]


def bound(text: str, limit: int = VALUE_BYTES) -> tuple[str, bool]:
    """What the parts of all texts that begin with ``text`` begin with, and whether that is the whole of it."""
    kept = _beginning(text, limit - _DIGEST - len(_CUT) - _SLACK)
    return _escaped(kept), kept == text


def just_after(place: str) -> str:
    """A bound that leaves out ``place`` and all before it."""
    return place + SEPARATOR


def just_before(place: str) -> str:
    """A bound that leaves out ``place`` and all after it."""
    last = ord(place[-1]) - 1
    # There are no characters between these two.
    return place[:-1] + chr(0xD7FF if last == 0xDFFF else last) + LAST


def name_part(model: str) -> str:
    return text_part(model, NAME_BYTES)


def number_part(value: float) -> str:
    """A double in sixteen digits: the bits of a positive one sort as it does, those of a negative one the other way."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", float(value) + 0.0))
    return f"{bits ^ (0xFFFF_FFFF_FFFF_FFFF if bits >> 63 else 1 << 63):016x}"


def version_part(number: int) -> str:
    """The newest version first."""
    return f"{_HIGHEST - number:09d}"


def _escaped(text: str) -> str:
    return text.replace("\x01", "\x01\x02").replace("\x00", "\x01\x01")


def _beginning(text: str, limit: int) -> str:
    """As much of the beginning as takes at most ``limit`` bytes when it is escaped."""
    kept = text.encode()[:limit].decode(errors="ignore")
    while len(_escaped(kept).encode()) > limit:
        kept = kept[:-1]
    return kept
