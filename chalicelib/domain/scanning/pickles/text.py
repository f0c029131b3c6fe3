"""The quoted strings of protocol 0."""

import re
from typing import Final

from chalicelib.domain.scanning.pickles.stream import BrokenError

_QUOTES: Final = (b"'", b'"')
_ESCAPE: Final = re.compile(rb"\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.|\Z)", re.DOTALL)
_CHARACTERS: Final = {
    b"\n": b"",
    b"\\": b"\\",
    b"'": b"'",
    b'"': b'"',
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"v": b"\v",
}


def unescaped(quoted: bytes) -> bytes:
    """What the quoted text of a STRING opcode means, as ``codecs.escape_decode`` reads it. Raises BrokenError."""
    if len(quoted) < 2 or quoted[:1] not in _QUOTES or quoted[-1:] != quoted[:1]:
        raise BrokenError("It has a string that is not in quotes.")
    return _ESCAPE.sub(_meaning, quoted[1:-1])


def _meaning(escape: re.Match[bytes]) -> bytes:
    sequence = escape[1]
    if sequence in _CHARACTERS:
        return _CHARACTERS[sequence]
    if sequence[:1] == b"x" and len(sequence) == 3:
        return bytes([int(sequence[1:], 16)])
    if sequence[:1].isdigit() and sequence[:1] < b"8":
        return bytes([int(sequence, 8) & 0xFF])
    if sequence in (b"", b"x"):
        raise BrokenError("It has a string with an escape that is cut off.")
    return escape[0]
