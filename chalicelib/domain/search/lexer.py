"""Filters cut into tokens, each with its place."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.domain.search.faults import fault
from chalicelib.domain.search.syntax import MAX_LENGTH


class Sort(StrEnum):
    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is as written; ``at`` is the number of its first character, from 0."""

    sort: Sort
    text: str
    at: int

    @property
    def word(self) -> str:
        """The token as a keyword, whatever its case; empty if it is none."""
        return self.text.upper() if self.sort is Sort.NAME else ""

    def said(self) -> str:
        return "the end" if self.sort is Sort.END else repr(self.text)


# A name may carry a key: tags.team, metrics.`val auc`, metadata.data/rows.
_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<name>[^\W\d]\w*(?:\.(?:[\w./\-]+|`(?:[^`]|``)*`|"(?:[^"]|"")*"))?)
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<number>[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?![\w.]))
    |(?P<symbol><=|>=|!=|[=<>(),])""",
    re.VERBOSE,
)
_CLOSED: Final = {"'": "text", '"': "text", "`": "key"}


def tokens(text: str, parameter: str = "filter") -> list[Token]:
    """The tokens of ``text``, the end among them. Raises InvalidFilterError."""
    if len(text) > MAX_LENGTH:
        raise fault(text, MAX_LENGTH, f"it has {len(text)} characters, and at most {MAX_LENGTH} are read", parameter)
    found = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise fault(text, at, _strange(text, at), parameter)
        if match.lastgroup != "space":
            found.append(Token(Sort(str(match.lastgroup)), match.group(), at))
        at = match.end()
    found.append(Token(Sort.END, "", at))
    return found


def _strange(text: str, at: int) -> str:
    character = text[at]
    if character in _CLOSED:
        return f"the {_CLOSED[character]} that begins here has no closing {character}"
    if "\ud800" <= character <= "\udfff":
        return "half of a character"
    if character == ".":
        return "a dot stands between a field and its key, such as tags.team; a key of other characters in backticks"
    return f"no {character!r} is expected here"
