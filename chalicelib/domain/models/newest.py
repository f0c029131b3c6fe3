"""The newest versions of a stage, kept so that finding them needs no search through all versions."""

from dataclasses import dataclass
from typing import Final

MAX_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Newest:
    """The numbers of the newest versions in a stage, at most 8, highest first.

    Every other version in the stage has a number of at most ``rest``. If all of the kept versions leave while older
    ones stay, ``numbers`` is empty and the newest version must be searched for, from ``rest`` downwards.
    """

    numbers: tuple[int, ...] = ()
    rest: int = 0

    def entered_by(self, number: int) -> "Newest":
        """After version ``number`` entered the stage."""
        if number <= self.rest:
            return self
        numbers = sorted({*self.numbers, number}, reverse=True)
        dropped = numbers[MAX_KEPT:]
        return Newest(tuple(numbers[:MAX_KEPT]), max([self.rest, *dropped]))

    def among(self, count: int) -> "Newest":
        """For a stage that now has ``count`` versions. If ``numbers`` has as many, there is no other: ``rest`` is 0."""
        return Newest(self.numbers) if len(self.numbers) == count else self

    def left_by(self, number: int) -> "Newest":
        """After version ``number`` left the stage."""
        return Newest(tuple(kept for kept in self.numbers if kept != number), self.rest)
