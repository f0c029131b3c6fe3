"""Confusion counts: how often a classifier with two classes was right and wrong about a group of the data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Confusion:
    """True and false positives, false and true negatives. None is negative where evaluations are recorded."""

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
