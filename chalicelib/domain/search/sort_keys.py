"""The sort keys of the indexes: values as texts that sort as the values do.

A sort key is a few parts, joined by a character that sorts before all others: a value, a model's name, a version.
Long texts are cut and end in their digest, so that a sort key fits DynamoDB's 1,024 bytes. Equal texts have equal
parts. Texts that differ only after the cut sort by their digests. That is also the order in which a search shows them.
No result depends on the cut otherwise, because an index only finds candidates.
"""

import struct
from typing import Final

from chalicelib.domain.canonical import sha256_hex

SEPARATOR: Final = "\x00"
# Sorts after every sort key that continues a whole part with a separator, and before every longer part.
AFTER_PART: Final = "\x01"
# Sorts after every other character.
LAST: Final = "\U0010ffff"

VALUE_BYTES: Final = 300
# 300 and 700 bytes, two separators and nine digits are less than 1,024.
NAME_BYTES: Final = 700
KEY_BYTES: Final = 800
_DIGEST: Final = 32
_CUT: Final = "\x01\x03"
# Bounds are cut this much earlier, so that one character more or less at the cut does not exclude a match.
_SLACK: Final = 8
_HIGHEST: Final = 999_999_999


def joined(*parts: str) -> str:
    """A sort key made of its parts."""
    return SEPARATOR.join(parts)


def text_part(text: str, limit: int = VALUE_BYTES) -> str:
    """A text as a part of at most ``limit`` bytes."""
    escaped = _escaped(text)
    if len(escaped.encode()) <= limit:
        return escaped
    return _escaped(_beginning(text, limit - _DIGEST - len(_CUT))) + _CUT + sha256_hex(text)[:_DIGEST]


def bound(text: str, limit: int = VALUE_BYTES) -> tuple[str, bool]:
    """The common prefix of the parts of all texts that begin with ``text``, and whether it covers all of ``text``."""
    kept = _beginning(text, limit - _DIGEST - len(_CUT) - _SLACK)
    return _escaped(kept), kept == text


def just_after(sort_key: str) -> str:
    """The low bound that excludes ``sort_key`` and all before it."""
    return sort_key + SEPARATOR


def just_before(sort_key: str) -> str:
    """The high bound that excludes ``sort_key`` and all after it."""
    last = ord(sort_key[-1]) - 1
    # The code points from D800 to DFFF are surrogates, and no characters.
    return sort_key[:-1] + chr(0xD7FF if last == 0xDFFF else last) + LAST


def name_part(model: str) -> str:
    """A model's name as a part."""
    return text_part(model, NAME_BYTES)


def number_part(value: float) -> str:
    """A double as sixteen hexadecimal digits.

    The bits of positive doubles sort as the doubles do, those of negative doubles in reverse. So the sign bit of the
    former is flipped, and all bits of the latter.
    """
    (bits,) = struct.unpack(">Q", struct.pack(">d", float(value) + 0.0))
    return f"{bits ^ (0xFFFF_FFFF_FFFF_FFFF if bits >> 63 else 1 << 63):016x}"


def version_part(number: int) -> str:
    """A version's number as a part. The newest version sorts first."""
    return f"{_HIGHEST - number:09d}"


def _escaped(text: str) -> str:
    return text.replace("\x01", "\x01\x02").replace("\x00", "\x01\x01")


def _beginning(text: str, limit: int) -> str:
    """The longest prefix that takes at most ``limit`` bytes when it is escaped."""
    kept = text.encode()[:limit].decode(errors="ignore")
    while len(_escaped(kept).encode()) > limit:
        kept = kept[:-1]
    return kept
