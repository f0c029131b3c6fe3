"""Paired comparisons: two versions asked about the same examples, and how often each was right."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.evidence.measure import count, invalid


@dataclass(frozen=True, slots=True)
class Paired:
    """This version beside another one, ``against``, on the same examples.

    ``only_this`` counts the examples that only this version got right, ``only_other`` those that only the other did.
    """

    against: int
    both_right: int
    only_this: int
    only_other: int
    both_wrong: int

    @property
    def n(self) -> int:
        """The number of examples."""
        return self.both_right + self.only_this + self.only_other + self.both_wrong

    def counts(self) -> dict[str, int]:
        """The four counts by name."""
        return {
            "both_right": self.both_right,
            "only_this": self.only_this,
            "only_other": self.only_other,
            "both_wrong": self.both_wrong,
        }

    def document(self) -> dict[str, Any]:
        return {"against": self.against, **self.counts()}


def paired(given: Paired | None, version: int, newest: int) -> Paired | None:
    """A paired comparison of a version of a model whose versions are 1 to ``newest``. Raises InvalidInputError."""
    if given is None:
        return None
    count(given.against, "/paired/against", least=1)
    if given.against == version:
        raise invalid("/paired/against", "is the version itself; name the version that it was compared with")
    if given.against > newest:
        raise invalid("/paired/against", f"is {given.against}, but the newest version is {newest}")
    for field, number in given.counts().items():
        count(number, f"/paired/{field}")
    if given.n == 0:
        raise invalid("/paired", "must count at least one example")
    return given
