"""The history of every field, read off the events: what each event changed, from what to what.

A field's name is a JSON pointer without its first slash: ``owner``, ``tags/team``, ``aliases/champion/version``,
``card/sections/intended_use``. Nothing here knows the fields: they come from ``before`` and ``after`` of the events.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.facts import escaped

# Where the fields of an event hang, by the first word of its type, when not at the top. ``{alias}`` and
# ``{subject}`` are the event's own.
_ROOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "model": (),
    "version": (),
    "alias": ("aliases", "{alias}"),
    "comment": ("comments", "{subject}"),
    "quarantine": ("scan",),
}
_RULES: Final = frozenset({event_types.MODEL_RULE_SET, event_types.MODEL_RULE_CLEARED})
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of the model, or of ``version``, changed from ``before`` to ``after`` by one event."""

    event: Mapping[str, Any]
    version: int | None
    field: str
    before: Any
    after: Any

    def concerns(self, version: int | None, field: str | None) -> bool:
        """Whether this is a change of ``version`` (any, if None) and of ``field`` or of something in it."""
        if version is not None and self.version != version:
            return False
        return field is None or self.field == field or self.field.startswith(f"{field}/")


def changes_of(event: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The changes of fields that an event says, in the order of their names.

    A field at the top that only one of ``before`` and ``after`` has is no change but a circumstance (the digest of
    what an alias was pointed at), unless the other is null as a whole: then the thing was made or has gone.
    """
    before, after = event["before"], event["after"]
    if before is not None and after is not None:
        shared = before.keys() & after.keys()
        before = {name: before[name] for name in shared}
        after = {name: after[name] for name in shared}
    root = _root(event)
    found = [
        FieldChange(event, event["version"], "/".join(path), was, became)
        for path, was, became in _differences(root, before or {}, after or {})
    ]
    displaced = _displaced(event)
    if displaced is not None:
        found.append(FieldChange(event, displaced, "stage", event["after"]["stage"], event["after"]["displaced_to"]))
    return tuple(found)


def versions_of(event: Mapping[str, Any]) -> tuple[int, ...]:
    """The versions that ``changes_of`` the event are about."""
    numbers = (event["version"], _displaced(event))
    return tuple(number for number in numbers if number is not None)


def _displaced(event: Mapping[str, Any]) -> int | None:
    # Whoever enters an exclusive stage sends its holder to the archive: a change of that version too.
    if event["type"] != event_types.VERSION_TRANSITIONED:
        return None
    number: int | None = event["after"].get("displaced")
    return number


def _root(event: Mapping[str, Any]) -> tuple[str, ...]:
    if event["type"] in _RULES:
        return ("promotion_rule",)
    noun = event["type"].partition(".")[0]
    default = (noun,) if event["subject"] is None else (noun, "{subject}")
    own = {"{alias}": event["alias"], "{subject}": event["subject"]}
    return tuple(escaped(str(own.get(step, step))) for step in _ROOTS.get(noun, default))


def _differences(path: tuple[str, ...], before: Any, after: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if _is_level(before) and _is_level(after):
        for name in sorted(before.keys() | after.keys()):
            inner = (*path, escaped(name))
            was, became = before.get(name, _ABSENT), after.get(name, _ABSENT)
            # A thing that appears with fields in it is a change of each of them.
            if was is _ABSENT and _is_level(became):
                was = {}
            if became is _ABSENT and _is_level(was):
                became = {}
            yield from _differences(inner, was, became)
    elif not _same(before, after):
        yield path, None if before is _ABSENT else before, None if after is _ABSENT else after


def _same(before: Any, after: Any) -> bool:
    if before is _ABSENT or after is _ABSENT:
        # Empty and not there are one: a model made without a description has none.
        present = after if before is _ABSENT else before
        return present is _ABSENT or present is None or present in ("", [], {})
    return bool(before == after) and isinstance(before, bool) == isinstance(after, bool)


def _is_level(value: Any) -> bool:
    """An object is a level of fields, but one with ``$`` names is a value: a time, a long text's digest."""
    return isinstance(value, dict) and not any(name.startswith("$") for name in value)
