"""Retention rules: which versions of a model the registry deletes by itself, and when."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from chalicelib.domain.errors import InvalidInputError

MAX_DAYS: Final = 3650
MAX_KEPT: Final = 100


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Which versions to delete: those that never left the initial stage, and those in the archive, after some days.

    The newest ``keep_last`` versions are kept in any case. At least one of the two periods is given, each of 1 to 3,650
    days; ``keep_last`` is 0 to 100. Raises InvalidInputError.
    """

    never_promoted_after_days: int | None = None
    archived_after_days: int | None = None
    keep_last: int = 0

    def __post_init__(self) -> None:
        clauses = (self.never_promoted_after_days, self.archived_after_days)
        if all(days is None for days in clauses):
            raise InvalidInputError("A retention rule needs never_promoted_after_days, archived_after_days or both.")
        if any(days is not None and not 1 <= days <= MAX_DAYS for days in clauses):
            raise InvalidInputError(f"A retention rule waits for 1 to {MAX_DAYS} days.")
        if not 0 <= self.keep_last <= MAX_KEPT:
            raise InvalidInputError(f"A retention rule keeps the newest 0 to {MAX_KEPT} versions.")

    def document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_document(cls, stored: Mapping[str, Any] | None) -> "RetentionRule | None":
        return None if stored is None else cls(**stored)
