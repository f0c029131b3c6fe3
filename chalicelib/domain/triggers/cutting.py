"""Cut what is sent to what a product takes. What was cut ends in a mark."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json

MARK: Final = "…"
# The most characters of a text, and the most entries of a list or object, from the mildest cut to the deepest.
_CUTS: Final = ((10_000, 1_000), (1_000, 200), (200, 40), (40, 8))


def cut(text: str, most: int) -> str:
    """The text, at most ``most`` characters of it."""
    return text if len(text) <= most else text[: most - len(MARK)] + MARK


def fitted(document: Mapping[str, Any], most_bytes: int) -> dict[str, Any]:
    """The document, cut only as far as its JSON needs to have at most ``most_bytes`` bytes in UTF-8.

    Long texts, lists and objects are cut first. If that is not enough, every value that is not a short text or a number
    becomes the mark. The names at the top stay.
    """
    if _size(document) <= most_bytes:
        return dict(document)
    for characters, entries in _CUTS:
        smaller = {name: _cut(value, characters, entries) for name, value in document.items()}
        if _size(smaller) <= most_bytes:
            return smaller
    return {name: value if _is_small(value) else MARK for name, value in document.items()}


def _cut(value: Any, characters: int, entries: int) -> Any:
    if isinstance(value, str):
        return cut(value, characters)
    if isinstance(value, Mapping):
        kept = {cut(name, characters): _cut(one, characters, entries) for name, one in list(value.items())[:entries]}
        return kept if len(value) <= entries else {**kept, MARK: MARK}
    if isinstance(value, list | tuple):
        kept_entries = [_cut(one, characters, entries) for one in value[:entries]]
        return kept_entries if len(value) <= entries else [*kept_entries, MARK]
    return value


def _is_small(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= 40)


def _size(document: Any) -> int:
    return len(canonical_json(document).encode())
