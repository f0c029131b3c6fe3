"""Leaves out of what was captured what the registry could not store, so that no upload fails because of it."""

import json
import logging
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

Fact: TypeAlias = tuple[tuple[str, ...], Any]

_log = logging.getLogger(__name__)
# The registry's own bounds. It keeps at most 64 KiB of a version's description, some of which are empty fields.
_MAX_DOCUMENT: Final = 63 * 1024
_MAX_TEXT: Final = 2048
_MAX_ENTRIES: Final = 1000


def fitting(given: Mapping[str, Any], facts: Iterable[Fact]) -> dict[str, Any]:
    """``given`` with those facts that it does not have and that fit beside it.

    A fact is a value and where it goes, such as ``(("provenance", "author"), "Ada")``. What is given is never changed.
    A fact that does not fit is left out with a warning, so the important ones come first.
    """
    given = {name: value for name, value in given.items() if value is not None}
    content: dict[str, Any] = given
    for place, value in facts:
        if _has(given, place[:2]):
            continue
        extended = _placed(content, place, value)
        reason = _misfit(value) or _excess(extended)
        if reason is None:
            content = extended
        else:
            _log.warning("%s is left out of the version: %s", ".".join(place), reason)
    return content


def _has(content: Any, place: tuple[str, ...]) -> bool:
    """Whether the place is taken, also by something that is no mapping."""
    if not isinstance(content, Mapping) or not place:
        return True
    return place[0] in content and _has(content[place[0]], place[1:])


def _placed(content: Mapping[str, Any], place: tuple[str, ...], value: Any) -> dict[str, Any]:
    name, *rest = place
    inner = _placed(content.get(name) or {}, tuple(rest), value) if rest else value
    return {**content, name: inner}


def _misfit(value: Any) -> str | None:
    """Why the registry would refuse the value, None if it would not."""
    if isinstance(value, str):
        return (
            None if 1 <= len(value) <= _MAX_TEXT else f"a text of {len(value)} characters, where 1 to {_MAX_TEXT} fit"
        )
    if isinstance(value, list) and len(value) > _MAX_ENTRIES:
        return f"{len(value)} entries, where {_MAX_ENTRIES} fit"
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return next((reason for one in inner if (reason := _misfit(one)) is not None), None)


def _excess(content: Mapping[str, Any]) -> str | None:
    # Times and other libraries' numbers, which the client converts later, are as long as their texts.
    text = json.dumps(content, default=str, ensure_ascii=False, separators=(",", ":"))
    size = len(text.encode(errors="replace"))
    if size <= _MAX_DOCUMENT:
        return None
    return f"the version's description would take {size} bytes, where {_MAX_DOCUMENT} fit"
