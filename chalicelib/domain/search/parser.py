"""A recursive-descent parser for the native grammar.

filter     := or
or         := and (OR and)*
and        := not (AND not)*
not        := NOT not | '(' or ')' | condition
condition  := field comparator value | field [NOT] IN '(' value (',' value)* ')' | field IS [NOT] NULL
order      := field [ASC | DESC] (',' field [ASC | DESC])*
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NoReturn

from chalicelib.domain.instants import instant
from chalicelib.domain.search.faults import fault
from chalicelib.domain.search.fields import (
    ATTRIBUTE_PREFIXES,
    COMPARATORS,
    FIELDS,
    SYNONYMS,
    Kind,
    SearchField,
    field_names,
)
from chalicelib.domain.search.lexer import Token, TokenKind, tokens
from chalicelib.domain.search.syntax import (
    MAX_CONDITIONS,
    MAX_NESTING,
    MAX_ORDERS,
    And,
    Comparator,
    Condition,
    Expression,
    Field,
    Not,
    Or,
    Order,
    Scalar,
    Subject,
)

_SYMBOLS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_NEGATED: Final = {"LIKE": Comparator.NOT_LIKE, "ILIKE": Comparator.NOT_ILIKE, "IN": Comparator.NOT_IN}
_WIDTH: Final = len("2026-11-23T09:30:00.000Z")
_LARGEST: Final = 2**63


def parse_filter(text: str, subject: Subject) -> Expression | None:
    """Parse a filter; None if it is empty. Raises InvalidFilterError."""
    parser = _Parser(text, subject, "filter")
    if parser.ended():
        return None
    found = parser.disjunction(0)
    if not parser.ended():
        parser.refuse("AND, OR or the end is expected")
    return found


def parse_order(text: str, subject: Subject) -> tuple[Order, ...]:
    """Parse an order; empty if ``text`` is. Raises InvalidFilterError."""
    parser = _Parser(text, subject, "order_by")
    return () if parser.ended() else parser.orders()


@lru_cache(maxsize=512)
def as_instant(text: str) -> str | None:
    """An ISO 8601 time or date in the registry's format; None if it is not one. UTC unless it names an offset."""
    try:
        given = datetime.fromisoformat(text)
        at = instant(given if given.tzinfo is not None else given.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
    return at if len(at) == _WIDTH else None


class _Parser:
    def __init__(self, text: str, subject: Subject, parameter: str) -> None:
        self._text = text
        self._subject = subject
        self._parameter = parameter
        self._tokens = tokens(text, parameter)
        self._at = 0
        self._conditions = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._at]

    def ended(self) -> bool:
        return self.next.kind is TokenKind.END

    def refuse(self, expected: str, token: Token | None = None) -> NoReturn:
        found = token or self.next
        raise fault(self._text, found.at, f"{expected}, not {found.shown()}", self._parameter)

    def disjunction(self, depth: int) -> Expression:
        parts = self._parts("OR", lambda: self._conjunction(depth))
        return parts[0] if len(parts) == 1 else Or(parts)

    def orders(self) -> tuple[Order, ...]:
        found: list[Order] = []
        while True:
            token = self.next
            field, declared = self._field()
            if declared.several:
                raise self._fault(token, f"{field} can have several values, so a search cannot be ordered by it")
            if field in [order.field for order in found]:
                raise self._fault(token, f"{field} is in the order already")
            if len(found) == MAX_ORDERS:
                raise self._fault(token, f"an order has at most {MAX_ORDERS} fields")
            descending = self.next.word == "DESC"
            if self.next.word in ("ASC", "DESC"):
                self._take()
            found.append(Order(field, descending))
            if self.ended():
                return tuple(found)
            self._symbol(",", "ASC, DESC, a comma or the end is expected")

    def _conjunction(self, depth: int) -> Expression:
        parts = self._parts("AND", lambda: self._negation(depth))
        return parts[0] if len(parts) == 1 else And(parts)

    def _parts(self, keyword: str, parse: Callable[[], Expression]) -> tuple[Expression, ...]:
        parts = [parse()]
        while self.next.word == keyword:
            self._take()
            parts.append(parse())
        return tuple(parts)

    def _negation(self, depth: int) -> Expression:
        if depth > MAX_NESTING:
            raise self._fault(self.next, f"a filter is nested at most {MAX_NESTING} deep")
        if self.next.word == "NOT":
            self._take()
            return Not(self._negation(depth + 1))
        if self.next.text == "(" and self.next.kind is TokenKind.SYMBOL:
            self._take()
            inner = self.disjunction(depth + 1)
            self._symbol(")", "AND, OR or ')' is expected")
            return inner
        return self._condition()

    def _condition(self) -> Condition:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            raise self._fault(self.next, f"a filter has at most {MAX_CONDITIONS} conditions")
        field, declared = self._field()
        at = self.next
        comparator = self._comparator()
        if comparator not in COMPARATORS[declared.kind]:
            offered = ", ".join(one for one in Comparator if one in COMPARATORS[declared.kind])
            raise self._fault(at, f"{field} cannot be compared with {comparator}; use one of {offered}")
        if comparator in (Comparator.IS_NULL, Comparator.IS_NOT_NULL):
            return Condition(field, comparator)
        if comparator in (Comparator.IN, Comparator.NOT_IN):
            return Condition(field, comparator, self._list(declared.kind))
        textual = comparator not in COMPARATORS[Kind.NUMBER]
        return Condition(field, comparator, self._value(Kind.TEXT if textual else declared.kind))

    def _field(self) -> tuple[Field, SearchField[Any]]:
        token = self.next
        if token.kind is not TokenKind.NAME:
            self.refuse("a field is expected, such as name or tags.team")
        name, dot, key = token.text.partition(".")
        if dot and name in ATTRIBUTE_PREFIXES:
            name, dot, key = _unquoted(key), "", ""
        name = SYNONYMS.get(name, name)
        declared = FIELDS[self._subject].get(name)
        if declared is None:
            raise self._fault(
                token,
                f"there is no field {token.text!r} of {self._subject}; the fields are {field_names(self._subject)}",
            )
        key = _unquoted(key)
        if declared.keyed and not key:
            raise self._fault(token, f"{name} takes a key: write {name}.<key>, or {name}.`<key>`")
        if dot and not declared.keyed:
            raise self._fault(token, f"{name} has no keys")
        self._take()
        return Field(name, key if declared.keyed else None), declared

    def _comparator(self) -> Comparator:
        token = self.next
        if token.kind is TokenKind.SYMBOL and token.text in _SYMBOLS:
            self._take()
            return Comparator(token.text)
        if token.word in ("LIKE", "ILIKE", "IN", "CONTAINS"):
            self._take()
            return Comparator(token.word)
        if token.word == "NOT" and self._tokens[self._at + 1].word in _NEGATED:
            self._take()
            return _NEGATED[self._take().word]
        if token.word == "IS":
            self._take()
            negated = self.next.word == "NOT"
            if negated:
                self._take()
            if self.next.word != "NULL":
                self.refuse("NULL is expected" if negated else "NULL or NOT NULL is expected")
            self._take()
            return Comparator.IS_NOT_NULL if negated else Comparator.IS_NULL
        return self.refuse("a comparator is expected, such as =, LIKE, IN or IS NULL")

    def _list(self, kind: Kind) -> tuple[Scalar, ...]:
        self._symbol("(", "a list such as ('a', 'b') is expected")
        values = [self._value(kind)]
        while self.next.text == "," and self.next.kind is TokenKind.SYMBOL:
            self._take()
            values.append(self._value(kind))
        self._symbol(")", "a comma or ')' is expected")
        return tuple(values)

    def _value(self, kind: Kind) -> Scalar:
        token = self.next
        value = self._literal(token, kind)
        if value is None:
            self.refuse(f"{kind} is expected")
        self._take()
        return value

    def _literal(self, token: Token, kind: Kind) -> Scalar | None:
        if token.kind is TokenKind.TEXT:
            text = token.text[1:-1].replace(token.text[0] * 2, token.text[0])
            return _of_text(text, kind)
        if token.kind is TokenKind.NUMBER and kind in (Kind.NUMBER, Kind.VALUE, Kind.INTEGER):
            number = _number(token.text)
            if number is None:
                raise self._fault(token, "this number is too large")
            return None if kind is Kind.INTEGER and not isinstance(number, int) else number
        if token.word in ("TRUE", "FALSE") and kind is Kind.VALUE:
            return token.word == "TRUE"
        return None

    def _symbol(self, symbol: str, expected: str) -> None:
        if self.next.kind is not TokenKind.SYMBOL or self.next.text != symbol:
            self.refuse(expected)
        self._take()

    def _take(self) -> Token:
        token = self.next
        self._at += 1
        return token

    def _fault(self, token: Token, message: str) -> Exception:
        return fault(self._text, token.at, message, self._parameter)


def _of_text(text: str, kind: Kind) -> Scalar | None:
    if kind is Kind.TIME:
        return as_instant(text)
    if kind is Kind.INTEGER:
        return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST)) else None
    return None if kind is Kind.NUMBER else text


def _number(text: str) -> int | float | None:
    """An integer if it fits 64 bits, else a double; None if it is too large for a double."""
    if text.lstrip("+-").isdigit() and len(text) <= len(str(-_LARGEST)) and abs(int(text)) < _LARGEST:
        return int(text)
    number = float(text)
    return number if math.isfinite(number) else None


def _unquoted(key: str) -> str:
    quote = key[:1]
    return key[1:-1].replace(quote * 2, quote) if quote and quote in '`"' else key
