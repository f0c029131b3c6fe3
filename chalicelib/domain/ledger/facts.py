"""Facts: what an event says of everything that its commit saves, so that the state can be rebuilt from the events.

A fact has a place (``version/3``), a field (``description/metrics``) and a JSON value. A field with an empty value
(null, false, 0, or nothing in it) is left out. Of a long or secret value there is only the SHA-256. Nothing here knows
the records: their fields are read as they are declared, so a new field becomes a fact by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from typing import Any, Final, TypeAlias

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.ledger.events import Head
from chalicelib.domain.ledger.record import Identity, Record

# The values of a record's fields, by their names.
Facts: TypeAlias = dict[str, Any]
# What an event says of one place: {"new": facts}, {"changed": facts}, or None once it is removed.
Saved: TypeAlias = dict[str, Facts] | None
# What an event says of all places that it changes.
Told: TypeAlias = dict[str, Saved]

NEW: Final = "new"
CHANGED: Final = "changed"
# Longer values, in canonical JSON, are told by their digest: an event is sent to the bus, which takes 256 KB.
LONGEST: Final = 256
_DIGEST: Final = "$sha256"


def place(kind: str, *key: object) -> str:
    """The name of a place, such as ``version/3``: a kind, and what distinguishes one of it."""
    return "/".join([kind, *(escaped(str(part)) for part in key)])


def place_of(identity: Identity) -> str:
    """The place of a record."""
    return place(identity[0].kind, *identity[1:])


def facts_of(record: Record) -> Facts:
    """The facts of a record, by field."""
    return dict(_facts((), record, {}))


def changed(before: Facts, after: Facts) -> Facts:
    """The facts that differ. One that ``after`` lacks is None."""
    return {
        name: after.get(name)
        for name in (*after, *(before.keys() - after.keys()))
        if before.get(name) != after.get(name)
    }


def saved(before: Record | None, after: Record | None) -> Saved:
    """What to say of a record that was ``before`` and is ``after``; ``{"changed": {}}`` if nothing of it changed."""
    if after is None:
        return None
    if before is None:
        return {NEW: facts_of(after)}
    unlike = _unlike(before, after)
    return {CHANGED: changed(dict(_facts_in((), before, unlike)), dict(_facts_in((), after, unlike)))}


def short(value: Any) -> Any:
    """A value as facts have it: the digest of a long one.

    A value that looks like a digest is digested too, so that none can be passed off as the digest of another.
    """
    if len(canonical_json(value)) > LONGEST or (isinstance(value, Mapping) and _DIGEST in value):
        return digest_of(value)
    return value


def stands_for(said: Any, value: Any) -> bool:
    """Whether ``said``, from an event, is ``value`` or its digest."""
    return canonical_json(said) == canonical_json(value) or (
        isinstance(said, Mapping) and canonical_json(said) == canonical_json(digest_of(value))
    )


def is_digest(said: Any) -> bool:
    """Whether ``said``, from an event, only stands for a long or secret value."""
    return isinstance(said, Mapping) and _DIGEST in said


def digest_of(value: Any) -> dict[str, Any]:
    """What stands for a value: the SHA-256 of a text, or else of the canonical JSON, and how many characters it has."""
    text = value if isinstance(value, str) else canonical_json(value)
    return {_DIGEST: sha256_hex(text), "$characters": len(text)}


def escaped(step: str) -> str:
    """A part of a path, with ``~`` and ``/`` written as in a JSON pointer (RFC 6901, section 3)."""
    return step.replace("~", "~0").replace("/", "~1")


def unescaped(step: str) -> str:
    """The part of a path that ``escaped`` wrote."""
    return step.replace("~1", "/").replace("~0", "~")


def named(facts: Mapping[str, Any], what: str) -> dict[str, Facts]:
    """The facts ``<what>/<name>/<field>`` by name and field. A fact ``<what>/<name>`` has an empty field."""
    found: dict[str, Facts] = {}
    for path, value in facts.items():
        level, _, rest = path.partition("/")
        if level == what:
            name, _, field = rest.partition("/")
            found.setdefault(unescaped(name), {})[field] = value
    return found


def _facts(path: tuple[str, ...], value: Any, said: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Head):
        # The head is what the chain itself proves.
        return
    if _is_instance(value):
        yield from _facts_in(path, value, fields(value))
    elif _is_told_by_entry(value, said):
        for name, inner in value.items():
            yield from _facts((*path, escaped(str(name))), inner, {})
    else:
        plain = _plain(value)
        if plain:
            yield "/".join(path), digest_of(plain) if "digested" in said else short(plain)


def _unlike(before: Any, after: Any) -> list[Field[Any]]:
    """The fields whose facts may differ. One that was handed on has the same, and most of a large record is."""
    return [one for one in fields(after) if getattr(before, one.name) is not getattr(after, one.name)]


def _facts_in(path: tuple[str, ...], value: Any, looked_at: Iterable[Field[Any]]) -> Iterator[tuple[str, Any]]:
    for one in looked_at:
        yield from _facts((*path, escaped(one.name)), getattr(value, one.name), one.metadata)


def _is_told_by_entry(value: Any, said: Mapping[Any, Any]) -> bool:
    """Whether each entry of a mapping is a fact of its own; a field may say so, or that it is one fact as a whole."""
    if not isinstance(value, Mapping) or "whole" in said:
        return False
    return "each" in said or any(_is_instance(one) for one in value.values())


def _is_instance(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type)


def _plain(value: Any) -> Any:
    """A value as JSON. Empty fields of dataclasses are left out here too; what is a caller's own is left as it is."""
    if _is_instance(value):
        parts = ((one.name, _plain(getattr(value, one.name)), "digested" in one.metadata) for one in fields(value))
        return {name: digest_of(part) if secret else part for name, part, secret in parts if part}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(_plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


# Says what follows from a settlement beyond its records, by place. The argument is a Settlement.
Tell: TypeAlias = Callable[[Any], Mapping[str, Saved]]
