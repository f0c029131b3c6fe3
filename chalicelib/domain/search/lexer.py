"""Splits filters into tokens."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.domain.search.faults import fault
from chalicelib.domain.search.syntax import MAX_LENGTH


class TokenKind(StrEnum):
    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A token. ``text`` is as written; ``at`` is the index of its first character."""

    kind: TokenKind
    text: str
    at: int

    @property
    def word(self) -> str:
        """The token in upper case, to compare with keywords; empty if it is not a name."""
        return self.text.upper() if self.kind is TokenKind.NAME else ""

    def shown(self) -> str:
        """The token as an error message shows it."""
        return "the end" if self.kind is TokenKind.END else repr(self.text)


# A name may have a key: tags.team, metrics.`val auc`, metadata.data/rows.
_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<name>[^\W\d]\w*(?:\.(?:[\w./\-]+|`(?:[^`]|``)*`|"(?:[^"]|"")*"))?)
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<number>[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?![\w.]))
    |(?P<symbol><=|>=|!=|[=<>(),])""",
    re.VERBOSE,
)
_QUOTED: Final = {"'": "text", '"': "text", "`": "key"}


def tokens(text: str, parameter: str = "filter") -> list[Token]:
    """The tokens of ``text``, with an END token last. Raises InvalidFilterError."""
    if len(text) > MAX_LENGTH:
        raise fault(text, MAX_LENGTH, f"it has {len(text)} characters; the limit is {MAX_LENGTH}", parameter)
    found = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise fault(text, at, _unexpected(text, at), parameter)
        if match.lastgroup != "space":
            found.append(Token(TokenKind(str(match.lastgroup)), match.group(), at))
        at = match.end()
    found.append(Token(TokenKind.END, "", at))
    return found


def _unexpected(text: str, at: int) -> str:
    character = text[at]
    if character in _QUOTED:
        return f"the {_QUOTED[character]} that begins here has no closing {character}"
    if "\ud800" <= character <= "\udfff":
        return "half of a character"
    if character == ".":
        return "a dot separates a field and its key, such as tags.team; write a key with other characters in backticks"
    return f"no {character!r} is expected here"
