"""The fields that a filter may name, with the keys and values that some versions or models have of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.search.evaluation import Record, values
from chalicelib.domain.search.fields import FIELDS, SearchField
from chalicelib.domain.search.syntax import Field, Subject

# Of one field. More are of no use to choose from.
MAX_NAMES: Final = 200


@dataclass(frozen=True, slots=True)
class KnownField:
    """A field, with the keys that it was seen with if it takes any, and the values of fields that have few."""

    field: SearchField[Any]
    keys: tuple[str, ...]
    values: tuple[str, ...]


def known_fields(subject: Subject, records: Iterable[Record], prefix: str) -> tuple[KnownField, ...]:
    """The fields of a subject, each with what ``records`` have of it, as far as a filter writes it with ``prefix``.

    Keys and values are sorted, at most 200 of a field. A field that takes a key also matches a prefix that goes on
    into one.
    """
    asked = [
        field
        for field in FIELDS[subject].values()
        if field.name.startswith(prefix) or (field.keyed and prefix.startswith(f"{field.name}."))
    ]
    seen = _seen(asked, records)
    found = []
    for field in asked:
        choices = sorted(seen[field.name])
        keys = [key for key in choices if str(Field(field.name, key)).startswith(prefix)]
        found.append(
            KnownField(
                field,
                tuple(keys[:MAX_NAMES]) if field.keyed else (),
                tuple(choices[:MAX_NAMES]) if field.choice else (),
            )
        )
    return tuple(found)


def _seen(fields: Sequence[SearchField[Any]], records: Iterable[Record]) -> Mapping[str, set[str]]:
    """By field: the keys of one that takes any, the values of one that has few."""
    seen: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for field in fields:
            if field.name == "metadata":
                seen[field.name].update(_paths(record[field.name]))
            elif field.keyed:
                seen[field.name].update(record[field.name])
            elif field.choice:
                seen[field.name].update(str(value) for value in values(record, Field(field.name)))
    return seen


def _paths(document: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The paths to the values of metadata. A time is an object too, but a value."""
    for step, value in document.items():
        if isinstance(value, Mapping) and "$time" not in value:
            yield from _paths(value, f"{before}{step}/")
        else:
            yield f"{before}{step}"
