"""Limits and forms of what callers may write on models and versions: tags, typed metadata, parameters, metrics.

The functions return what they were given. They raise InvalidInputError, mostly with a JSON pointer to the fault.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import BodyTooLargeError, InvalidInputError, InvalidNameError, Problem

MAX_TAGS: Final = 50
MAX_TAG_KEY: Final = 250
# A tag may hold a long text, for example the template of a prompt.
MAX_TAG_VALUE: Final = 50_000
MAX_TEXT: Final = 5_000
MAX_DESCRIPTION: Final = 10_000
MAX_SHORT_TEXT: Final = 100
MAX_OWNER: Final = 256
MAX_DEPTH: Final = 8
MAX_KEY: Final = 250
MAX_ENTRIES: Final = 1_000
# An event holds a document twice, before and after. This limit keeps it, and every item with the document, well under
# DynamoDB's 400 KB.
MAX_DOCUMENT_BYTES: Final = 64 * 1024
_MAX_INTEGER: Final = 2**63 - 1

_TAG_KEY = re.compile(r"[/\w.\- :@+=]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
TIME_KEY: Final = "$time"


def tags(given: Mapping[str, str]) -> dict[str, str]:
    """At most 50 tags. Raises InvalidNameError for a bad key.

    A key has 1 to 250 word characters, spaces and ``/ . - : @ + =``, a value at most 50,000 characters.
    """
    if len(given) > MAX_TAGS:
        raise InvalidInputError(f"A model or version has at most {MAX_TAGS} tags; {len(given)} were given.")
    for key, value in given.items():
        if len(key) > MAX_TAG_KEY or not _TAG_KEY.fullmatch(key):
            raise InvalidNameError(
                f"The tag key {key!r} must be 1 to {MAX_TAG_KEY} letters, digits, spaces or / . _ - : @ + = characters."
            )
        if len(value) > MAX_TAG_VALUE:
            raise InvalidInputError(f"The value of tag {key!r} has more than {MAX_TAG_VALUE} characters.")
    return dict(given)


def description(text: str) -> str:
    """A description of at most 10,000 characters."""
    if len(text) > MAX_DESCRIPTION:
        raise InvalidInputError(f"A description has at most {MAX_DESCRIPTION} characters; this one has {len(text)}.")
    return text


def short_text(text: str | None, pointer: str, longest: int) -> str | None:
    """One line of 1 to ``longest`` printable characters, or nothing. Raises InvalidInputError."""
    if text is not None and (not 1 <= len(text) <= longest or not text.isprintable() or text != text.strip()):
        message = f"must be 1 to {longest} printable characters without blanks at its ends"
        raise InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
    return text


def owner(text: str) -> str:
    """An owner of at most 256 characters."""
    if len(text) > MAX_OWNER:
        raise InvalidInputError(f"An owner has at most {MAX_OWNER} characters; this one has {len(text)}.")
    return text


def metadata(given: Mapping[str, object]) -> dict[str, object]:
    """Typed nested metadata: objects of strings, finite numbers, booleans, ``{"$time": …}`` and lists of these.

    Values nest at most 8 levels deep. A nested object or a list has at most 1,000 entries.
    """
    return {_key(key, "/metadata"): _value(value, f"/metadata/{key}", 1) for key, value in given.items()}


def parameters(given: Mapping[str, object], pointer: str = "/parameters") -> dict[str, object]:
    """Training parameters: at most 1,000, name to string, finite number or boolean."""
    _bounded(given, pointer)
    for name, value in given.items():
        _key(name, pointer)
        _scalar(value, f"{pointer}/{name}")
    return dict(given)


def metrics(given: Mapping[str, float], pointer: str = "/metrics") -> dict[str, float]:
    """Measured values: at most 1,000, name to finite number. Integers stay integers."""
    _bounded(given, pointer)
    for name, value in given.items():
        _key(name, pointer)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _invalid(f"{pointer}/{name}", "must be a number")
        _scalar(value, f"{pointer}/{name}")
    return dict(given)


def free_json(value: object, pointer: str) -> object:
    """Any JSON value with finite numbers, at most 16 levels deep.

    This is for documents that the registry keeps but does not read.
    """
    _check_json(value, pointer, 0)
    return value


def with_tag(present: Mapping[str, str], key: str, value: str | None) -> dict[str, str]:
    """Tags with one set, or without it if ``value`` is None."""
    rest = {name: held for name, held in present.items() if name != key}
    return rest if value is None else {**rest, key: value}


def check_size(document: Mapping[str, object], what: str) -> None:
    """Raise BodyTooLargeError for a document of more than 64 KiB in canonical JSON. ``what`` names it in the error."""
    size = len(canonical_json(document).encode())
    if size > MAX_DOCUMENT_BYTES:
        raise BodyTooLargeError(
            f"The {what} takes {size} bytes; the registry keeps at most {MAX_DOCUMENT_BYTES}. "
            "Put large documents among the version's files."
        )


def _value(value: object, pointer: str, depth: int) -> object:
    if depth > MAX_DEPTH:
        raise _invalid(pointer, f"is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        if TIME_KEY in value:
            return _time(value, pointer)
        _bounded(value, pointer)
        return {_key(key, pointer): _value(inner, f"{pointer}/{key}", depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        if len(value) > MAX_ENTRIES:
            raise _invalid(pointer, f"has more than {MAX_ENTRIES} entries")
        if any(isinstance(inner, list) or (isinstance(inner, dict) and TIME_KEY not in inner) for inner in value):
            raise _invalid(pointer, "may list only strings, numbers, booleans and times")
        return [_value(inner, f"{pointer}/{index}", depth + 1) for index, inner in enumerate(value)]
    _scalar(value, pointer)
    return value


def _time(value: Mapping[str, object], pointer: str) -> dict[str, object]:
    text = value[TIME_KEY]
    try:
        if len(value) != 1 or not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is None:
            raise ValueError(text)
    except ValueError:
        raise _invalid(pointer, f'must be {{"{TIME_KEY}": "<RFC 3339 time with a zone>"}}') from None
    return dict(value)


def _scalar(value: object, pointer: str) -> None:
    if isinstance(value, bool):
        return
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise _invalid(pointer, f"has more than {MAX_TEXT} characters")
        return
    if isinstance(value, int):
        if abs(value) > _MAX_INTEGER:
            raise _invalid(pointer, "is an integer beyond 64 bits")
        return
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _invalid(pointer, "must be a finite number")
        return
    raise _invalid(pointer, "must be a string, a number or a boolean")


def _check_json(value: object, pointer: str, depth: int) -> None:
    if depth > 2 * MAX_DEPTH:
        raise _invalid(pointer, f"is nested deeper than {2 * MAX_DEPTH} levels")
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_json(inner, f"{pointer}/{key}", depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check_json(inner, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise _invalid(pointer, "must be a finite number")


def _bounded(given: Mapping[str, object], pointer: str) -> None:
    if len(given) > MAX_ENTRIES:
        raise _invalid(pointer, f"has more than {MAX_ENTRIES} entries")


def _key(key: str, pointer: str) -> str:
    if not 1 <= len(key) <= MAX_KEY or "/" in key or key.startswith("$") or _CONTROL.search(key):
        raise _invalid(
            f"{pointer}/{key}",
            f"is not a key: 1 to {MAX_KEY} characters, no '/', no leading '$', no control characters",
        )
    return key


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
