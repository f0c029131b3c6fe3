"""LIKE patterns. Matching takes time linear in the text: there is no backtracking.

``%`` matches any run of characters, ``_`` matches one character.
"""

from functools import lru_cache

_ANY = "_"


class Pattern:
    """A pattern as its pieces between the ``%``. Matching each piece as far left as possible is always enough."""

    def __init__(self, pattern: str) -> None:
        self._first, *rest = pattern.split("%")
        self._exact = not rest
        self._last = rest.pop() if rest else ""
        self._middle = [_Piece(piece) for piece in rest if piece]

    def matches(self, text: str) -> bool:
        if self._exact:
            return len(text) == len(self._first) and _matches_at(self._first, text, 0)
        end = len(text) - len(self._last)
        at = len(self._first)
        if at > end or not _matches_at(self._first, text, 0) or not _matches_at(self._last, text, end):
            return False
        for piece in self._middle:
            found = piece.end(text, at, end)
            if found is None:
                return False
            at = found
        return True


class _Piece:
    """A piece without ``%``. If it has ``_``, all its possible positions are tracked at once, one bit for each."""

    def __init__(self, piece: str) -> None:
        self._piece = piece
        self._plain = _ANY not in piece
        self._wild = 0
        self._bits: dict[str, int] = {}
        for index, character in enumerate(piece):
            if character == _ANY:
                self._wild |= 1 << index
            else:
                self._bits[character] = self._bits.get(character, 0) | 1 << index
        self._whole = 1 << (len(piece) - 1)

    def end(self, text: str, start: int, end: int) -> int | None:
        """Where the leftmost occurrence between ``start`` and ``end`` ends."""
        if self._plain:
            found = text.find(self._piece, start, end)
            return None if found < 0 else found + len(self._piece)
        state, wild, bits, whole = 0, self._wild, self._bits, self._whole
        for index in range(start, end):
            state = (state << 1 | 1) & (bits.get(text[index], 0) | wild)
            if state & whole:
                return index + 1
        return None


def _matches_at(piece: str, text: str, at: int) -> bool:
    if _ANY not in piece:
        return text.startswith(piece, at)
    return all(mine in (_ANY, text[at + index]) for index, mine in enumerate(piece))


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Pattern:
    return Pattern(pattern)


def plain_prefix(pattern: str) -> str:
    """The prefix of every text that the pattern matches."""
    return pattern[: min((at for at in (pattern.find("%"), pattern.find(_ANY)) if at >= 0), default=len(pattern))]
