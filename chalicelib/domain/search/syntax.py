"""Filters and orders as trees of values. ``str`` writes a tree in the native grammar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

MAX_LENGTH: Final = 4_000
MAX_CONDITIONS: Final = 50
MAX_NESTING: Final = 20
MAX_ORDERS: Final = 3

PLAIN_KEY: Final = re.compile(r"[\w./\-]+")

Scalar: TypeAlias = str | int | float | bool


class Subject(StrEnum):
    """What a search finds."""

    VERSIONS = "versions"
    MODELS = "models"


class Field(NamedTuple):
    """A field by its canonical name. ``key`` is that of a tag, metric or parameter, or a path in the metadata.

    A tuple for speed: planning compares and hashes hundreds of fields.
    """

    name: str
    key: str | None = None

    def __str__(self) -> str:
        if self.key is None:
            return self.name
        bare = PLAIN_KEY.fullmatch(self.key) is not None
        return f"{self.name}.{self.key}" if bare else f"{self.name}.`{self.key.replace('`', '``')}`"


class Comparator(StrEnum):
    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    LIKE = "LIKE"
    NOT_LIKE = "NOT LIKE"
    ILIKE = "ILIKE"
    NOT_ILIKE = "NOT ILIKE"
    IN = "IN"
    NOT_IN = "NOT IN"
    CONTAINS = "CONTAINS"
    IS_NULL = "IS NULL"
    IS_NOT_NULL = "IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison. ``value`` is a tuple for IN and NOT IN, and None for IS NULL and IS NOT NULL."""

    field: Field
    comparator: Comparator
    value: Scalar | tuple[Scalar, ...] | None = None

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.field} {self.comparator}"
        if isinstance(self.value, tuple):
            return f"{self.field} {self.comparator} ({', '.join(map(_literal, self.value))})"
        return f"{self.field} {self.comparator} {_literal(self.value)}"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expression"

    def __str__(self) -> str:
        return f"NOT {_grouped(self.part)}"


@dataclass(frozen=True, slots=True)
class And:
    parts: "tuple[Expression, ...]"

    def __str__(self) -> str:
        return " AND ".join(map(_grouped, self.parts))


@dataclass(frozen=True, slots=True)
class Or:
    parts: "tuple[Expression, ...]"

    def __str__(self) -> str:
        return " OR ".join(map(_grouped, self.parts))


Expression: TypeAlias = Condition | Not | And | Or


@dataclass(frozen=True, slots=True)
class Order:
    field: Field
    descending: bool = False

    def __str__(self) -> str:
        return f"{self.field} {'DESC' if self.descending else 'ASC'}"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A filter (None finds everything) and an order (empty is the subject's default).

    ``by_name``: whether a range of names in the filter may choose what is read. It may not if the caller may not read
    all of these names: how much is read, and so how a page ends, would tell about the others.
    """

    where: Expression | None = None
    order: tuple[Order, ...] = ()
    by_name: bool = True


def conjuncts(where: Expression | None) -> Iterator[Expression]:
    """The parts that must all hold: those joined by AND at the top."""
    if isinstance(where, And):
        for part in where.parts:
            yield from conjuncts(part)
    elif where is not None:
        yield where


def conditions(where: Expression | None) -> Iterator[Condition]:
    """Every condition in the tree."""
    match where:
        case Condition():
            yield where
        case Not(part):
            yield from conditions(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from conditions(part)


def _grouped(part: Expression) -> str:
    return f"({part})" if isinstance(part, And | Or) else str(part)


def _literal(value: Scalar) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)
