"""SPDX licence expressions: reading and writing them.

The grammar is annex D of the SPDX specification, https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/.
Identifiers are matched without regard to case, and written as the SPDX list has them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from chalicelib.domain.licenses.spdx_ids import EXCEPTIONS, LICENSES

MAX_LENGTH: Final = 1_000
MAX_DEPTH: Final = 20

_TOKEN: Final = re.compile(r"\s*(?:(?P<mark>[()])|(?P<word>[A-Za-z0-9.\-:]+)(?P<later>\+?))")
_OWN: Final = re.compile(r"(?:DocumentRef-[A-Za-z0-9.\-]+:)?LicenseRef-[A-Za-z0-9.\-]+")
_OPERATORS: Final = frozenset({"AND", "OR", "WITH", "and", "or", "with"})
_LICENSES: Final[Mapping[str, str]] = {name.lower(): name for name in LICENSES}
_EXCEPTIONS: Final[Mapping[str, str]] = {name.lower(): name for name in EXCEPTIONS}


class LicenseExpressionError(Exception):
    """The text is no licence expression. The message says what is wrong, without a full stop."""


@dataclass(frozen=True, slots=True)
class License:
    """One licence: an identifier of the SPDX list or a ``LicenseRef-``, a later version of it too, an exception."""

    id: str
    or_later: bool = False
    exception: str = ""

    def __str__(self) -> str:
        later = "+" if self.or_later else ""
        return f"{self.id}{later} WITH {self.exception}" if self.exception else f"{self.id}{later}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part applies."""

    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " AND ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Whoever uses it chooses one of the parts."""

    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


Expression: TypeAlias = License | AllOf | AnyOf


def parse(text: str) -> Expression:
    """The expression that ``text`` writes, of at most 1,000 characters. Raises LicenseExpressionError."""
    if len(text) > MAX_LENGTH:
        raise LicenseExpressionError(f"a licence expression has at most {MAX_LENGTH} characters")
    reader = _Reader(_tokens(text))
    expression = reader.any_of(0)
    if reader.next is not None:
        raise LicenseExpressionError(f"{reader.next!r} is out of place")
    return expression


def licenses_in(expression: Expression) -> tuple[License, ...]:
    """Every licence that an expression names, each once, in order."""
    if isinstance(expression, License):
        return (expression,)
    return tuple(dict.fromkeys(found for part in expression.parts for found in licenses_in(part)))


def license_id(text: str) -> str:
    """An identifier as the SPDX list writes it, or a ``LicenseRef-`` as it is. Raises LicenseExpressionError."""
    if _OWN.fullmatch(text):
        return text
    known = _LICENSES.get(text.lower())
    if known is None:
        raise LicenseExpressionError(f"{text!r} is no licence of the SPDX list; write LicenseRef-{text} for one's own")
    return known


def _tokens(text: str) -> list[str]:
    """The marks and words of a text. A ``+`` stays with its word."""
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            raise LicenseExpressionError(f"character {position + 1} cannot be part of a licence expression")
        tokens.append(found["mark"] or found["word"] + found["later"])
        position = found.end()
    return tokens


class _Reader:
    """Reads tokens by the precedence of the operators: WITH before AND before OR."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def next(self) -> str | None:
        """The next token; None at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def any_of(self, depth: int) -> Expression:
        parts = [self._all_of(depth)]
        while self._takes("OR"):
            parts.append(self._all_of(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all_of(self, depth: int) -> Expression:
        parts = [self._one(depth)]
        while self._takes("AND"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _one(self, depth: int) -> Expression:
        if self._takes("("):
            if depth == MAX_DEPTH:
                raise LicenseExpressionError(f"a licence expression has parentheses at most {MAX_DEPTH} deep")
            inner = self.any_of(depth + 1)
            if not self._takes(")"):
                raise LicenseExpressionError("a parenthesis is not closed")
            return inner
        word = self._word("a licence")
        found = License(license_id(word.removesuffix("+")), word.endswith("+"))
        return License(found.id, found.or_later, self._exception()) if self._takes("WITH") else found

    def _exception(self) -> str:
        word = self._word("an exception")
        known = word if word.startswith("AdditionRef-") else _EXCEPTIONS.get(word.lower())
        if known is None:
            raise LicenseExpressionError(f"{word!r} is no exception of the SPDX list")
        return known

    def _word(self, wanted: str) -> str:
        token = self.next
        if token is None or token in "()" or token in _OPERATORS:
            found = "the text ends" if token is None else f"there is {token!r}"
            raise LicenseExpressionError(f"{found} where {wanted} should be")
        self._at += 1
        return token

    def _takes(self, wanted: str) -> bool:
        """Whether the next token is the wanted one, which is then taken. An operator is in upper or in lower case."""
        taken = self.next in (wanted, wanted.lower())
        self._at += taken
        return taken
