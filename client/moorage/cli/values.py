"""Values as text in one line."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from moorage.decoding import encode

# Characters that change the direction of the text around them, so that a terminal shows something else than there is.
_DIRECTING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def flat(value: object) -> str:
    """Format nested values in one line: ``run.id=42, source.commit=9f2c``. Nested lists are in brackets."""
    if value is None:
        return "-"
    if hasattr(value, "isoformat"):
        return str(encode(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return ", ".join(f"{harmless(path)}={text}" for path, text in _members(value))
    if isinstance(value, list | tuple):
        return ", ".join(f"({flat(item)})" if isinstance(item, dict | list | tuple) else flat(item) for item in value)
    return harmless(str(value))


def harmless(text: str) -> str:
    """A text in one line that cannot control the terminal: line breaks become spaces, control characters ``\\x1b``."""
    if text.isprintable():
        return text
    return "".join(_harmless(character) for character in text.replace("\r\n", "\n"))


def _harmless(character: str) -> str:
    if character in "\n\t":
        return " "
    if unicodedata.category(character) == "Cc" or character in _DIRECTING:
        return f"\\x{ord(character):02x}"
    return character


def _members(value: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name, item in value.items():
        if isinstance(item, dict):
            yield from ((f"{name}.{path}", text) for path, text in _members(item))
        elif isinstance(item, list | tuple) and len(item) > 1:
            yield name, f"[{flat(item)}]"
        elif item not in ([], ()):
            yield name, flat(item)
