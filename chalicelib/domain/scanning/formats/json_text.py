"""JSON from hostile files: bounded, strict, and each name once."""

import json
from collections import Counter
from typing import Any, Final

from chalicelib.domain.scanning.reasons import MalformedError, shown
from chalicelib.domain.scanning.source import TooMuchReadError

# Lists, objects and names take many times their text in memory.
MAX_VALUES: Final = 500_000


def parse_json(content: bytes) -> dict[str, Any]:
    """A JSON object in UTF-8. Raises MalformedError, also for names that occur twice, and TooMuchReadError."""
    parsed = parse_any_json(content)
    if not isinstance(parsed, dict):
        raise MalformedError("It is no JSON object.")
    return parsed


def parse_any_json(content: bytes) -> Any:
    """A JSON value in UTF-8. Raises MalformedError, also for names that occur twice, and TooMuchReadError."""
    if content.count(b",") + content.count(b"[") + content.count(b"{") > MAX_VALUES:
        raise TooMuchReadError
    try:
        return json.loads(content.decode(), object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise MalformedError("It is no valid JSON.") from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise MalformedError("A JSON object has two values of one name, so readers may disagree.", shown(twice))
    return made
