"""Confusion counts: how often a classifier with two classes was right and wrong about a group of the data."""

from dataclasses import dataclass

from chalicelib.domain.evidence.measure import count, invalid


@dataclass(frozen=True, slots=True)
class Confusion:
    """True and false positives, false and true negatives."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def n(self) -> int:
        """The number of examples."""
        return self.tp + self.fp + self.fn + self.tn

    def document(self) -> dict[str, int]:
        return {"tp": self.tp, "fp": self.fp, "fn": self.fn, "tn": self.tn}


def check(given: Confusion, n: int | None, pointer: str) -> None:
    """Raise InvalidInputError unless the counts are of at least one example, and of ``n`` if that is known."""
    for field, number in given.document().items():
        count(number, f"{pointer}/{field}")
    if given.n == 0:
        raise invalid(pointer, "must count at least one example")
    if n is not None and given.n != n:
        raise invalid(pointer, f"add up to {given.n}, but n is {n}")
