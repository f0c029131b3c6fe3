"""How bad a vulnerability is."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """The qualitative scale of CVSS, and ``unknown`` where an advisory says nothing.

    https://www.first.org/cvss/v3.1/specification-document#Qualitative-Severity-Rating-Scale
    """

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """The higher the worse. What nobody has rated may be as bad as anything."""
        return _RANKS[self]

    def within(self, worst: "Severity") -> bool:
        """Whether this is no worse than ``worst``."""
        return self.rank <= worst.rank


_RANKS: Final = {
    Severity.NONE: 0,
    Severity.LOW: 1,
    Severity.MEDIUM: 2,
    Severity.HIGH: 3,
    Severity.CRITICAL: 4,
    Severity.UNKNOWN: 4,
}


def worst_of(severities: Iterable[Severity]) -> Severity:
    """The worst of all; ``none`` of nothing."""
    return max(severities, key=lambda one: one.rank, default=Severity.NONE)
