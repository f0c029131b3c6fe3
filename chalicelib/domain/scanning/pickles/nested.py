"""Pickles that are carried as data. Loading the file does not load them; something else may."""

from typing import Final

_PROTOCOLS: Final = range(2, 6)
_SHORTEST: Final = 16
# How pickles of protocols 2 to 5 begin in Base64.
_ENCODED: Final = tuple(f"gA{letter}" for letter in "IJKLMNOPQRSTUVWX")


def looks_like_a_pickle(content: bytes, *, whole: bool) -> bool:
    """Whether bytes begin like a pickle, and end like one, if they are ``whole``."""
    if len(content) < _SHORTEST or (whole and not content.endswith(b".")):
        return False
    return (content[0] == 0x80 and content[1] in _PROTOCOLS) or (content[0] in b"c(" and b"\n" in content[:200])


def looks_like_an_encoded_pickle(text: str) -> bool:
    return len(text) >= _SHORTEST and text.startswith(_ENCODED) and " " not in text
