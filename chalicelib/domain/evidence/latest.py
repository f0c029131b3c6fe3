"""The latest checks and the latest evaluations of a version, each by name and each one record."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

from chalicelib.domain.evidence.check import Check
from chalicelib.domain.evidence.evaluation import Evaluation
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record

E = TypeVar("E", Check, Evaluation)


@dataclass(frozen=True, slots=True)
class Checks(Record, kind="checks"):
    """The latest check of each name of a version."""

    version: int
    by_name: Mapping[str, Check] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        return (Checks, self.version)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, by_name=_stamped({} if before is None else before.by_name, self.by_name, stamp))


@dataclass(frozen=True, slots=True)
class Evaluations(Record, kind="evaluations"):
    """The latest evaluation of each name of a version."""

    version: int
    by_name: Mapping[str, Evaluation] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        return (Evaluations, self.version)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, by_name=_stamped({} if before is None else before.by_name, self.by_name, stamp))


def _stamped(before: Mapping[str, E], after: Mapping[str, E], stamp: Stamp) -> dict[str, E]:
    """Those that were reported anew get the revision of this commit."""
    return {
        name: one if before.get(name) == one else replace(one, revision=stamp.revision) for name, one in after.items()
    }
