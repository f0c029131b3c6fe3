"""The newest versions of a stage, kept so that who asks for the newest looks at none of the others."""

from dataclasses import dataclass
from typing import Final

MAX_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Newest:
    """``numbers`` of versions in a stage, highest first; every other version in it has at most the number ``rest``.

    A stage that versions only enter and leave knows its newest version always, until more than the kept ones have left
    it while older ones stayed: then ``numbers`` is empty, and ``rest`` is from where to look.
    """

    numbers: tuple[int, ...] = ()
    rest: int = 0

    def entered_by(self, number: int) -> "Newest":
        if number <= self.rest:
            return self
        numbers = sorted({*self.numbers, number}, reverse=True)
        dropped = numbers[MAX_KEPT:]
        return Newest(tuple(numbers[:MAX_KEPT]), max([self.rest, *dropped]))

    def among(self, count: int) -> "Newest":
        """Of a stage that has ``count`` versions: all of them are known if they are as many."""
        return Newest(self.numbers) if len(self.numbers) == count else self

    def left_by(self, number: int) -> "Newest":
        return Newest(tuple(kept for kept in self.numbers if kept != number), self.rest)
