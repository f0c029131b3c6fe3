"""The fields that can be searched, what kind each is, and the names that MLflow has for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.domain.search.syntax import Comparator, Subject


class Kind(StrEnum):
    """What a field's values are, said as an error says what it expected."""

    TEXT = "a quoted text"
    PROSE = "a quoted text of words"
    NUMBER = "a number"
    INTEGER = "a whole number"
    TIME = "a quoted time such as '2026-11-23T09:30:00Z' or '2026-11-23'"
    VALUE = "a quoted text, a number, TRUE or FALSE"


@dataclass(frozen=True, slots=True)
class FieldType:
    """``keyed``: takes a key after a dot. ``several``: one thing may have several values."""

    kind: Kind
    keyed: bool = False
    several: bool = False


_ORDERED: Final = frozenset(
    {
        *(Comparator.EQUAL, Comparator.UNEQUAL, Comparator.LESS, Comparator.AT_MOST, Comparator.MORE),
        *(Comparator.AT_LEAST, Comparator.IN, Comparator.NOT_IN, Comparator.IS_NULL, Comparator.IS_NOT_NULL),
    }
)
_TEXTUAL: Final = _ORDERED | {Comparator.LIKE, Comparator.NOT_LIKE, Comparator.ILIKE, Comparator.NOT_ILIKE}
COMPARATORS: Final[Mapping[Kind, frozenset[Comparator]]] = {
    Kind.TEXT: _TEXTUAL,
    Kind.PROSE: _TEXTUAL | {Comparator.CONTAINS},
    Kind.NUMBER: _ORDERED,
    Kind.INTEGER: _ORDERED,
    Kind.TIME: _ORDERED,
    Kind.VALUE: _TEXTUAL,
}

_TEXT: Final = FieldType(Kind.TEXT)
_TEXTS: Final = FieldType(Kind.TEXT, several=True)
_SHARED: Final[Mapping[str, FieldType]] = {
    "name": _TEXT,
    "description": FieldType(Kind.PROSE),
    "tags": FieldType(Kind.TEXT, keyed=True),
    "metadata": FieldType(Kind.VALUE, keyed=True, several=True),
    "alias": _TEXTS,
    "created_at": FieldType(Kind.TIME),
    "created_by": _TEXT,
    "updated_at": FieldType(Kind.TIME),
}
FIELDS: Final[Mapping[Subject, Mapping[str, FieldType]]] = {
    Subject.VERSIONS: {
        **_SHARED,
        "version": FieldType(Kind.INTEGER),
        "label": _TEXT,
        "stage": _TEXT,
        "status": _TEXT,
        "author": _TEXT,
        "run_id": _TEXT,
        "framework": _TEXT,
        "source_commit": _TEXT,
        "source": _TEXT,
        "metrics": FieldType(Kind.NUMBER, keyed=True),
        "parameters": FieldType(Kind.VALUE, keyed=True),
    },
    Subject.MODELS: {**_SHARED, "owner": _TEXT, "stage": _TEXTS},
}

# Other names of fields: MLflow's, and singular ones.
SYNONYMS: Final[Mapping[str, str]] = {
    "tag": "tags",
    "metric": "metrics",
    "param": "parameters",
    "params": "parameters",
    "parameter": "parameters",
    "version_number": "version",
    "source_path": "source",
    "creation_timestamp": "created_at",
    "last_updated_timestamp": "updated_at",
}
# Before a field without a key.
ATTRIBUTE_PREFIXES: Final = frozenset({"attribute", "attributes"})


def known(subject: Subject) -> str:
    """The fields of a subject, for a message."""
    return ", ".join(f"{name}.<key>" if kind.keyed else name for name, kind in sorted(FIELDS[subject].items()))
