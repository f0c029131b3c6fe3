"""Confusion counts: how often a binary classifier was right and wrong on a group of examples."""

from dataclasses import dataclass

from chalicelib.domain.statistics.refusals import check_count


@dataclass(frozen=True, slots=True)
class Confusion:
    """True and false positives, false and true negatives. Raises InvalidInputError for a negative count."""

    tp: int
    fp: int
    fn: int
    tn: int

    def __post_init__(self) -> None:
        for name in ("tp", "fp", "fn", "tn"):
            check_count(getattr(self, name), f"/{name}")

    @property
    def n(self) -> int:
        """How many examples were counted."""
        return self.tp + self.fp + self.fn + self.tn
