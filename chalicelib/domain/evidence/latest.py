"""The latest evidence of one kind about a version, by name: the record that all kinds of evidence have."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Self, TypeVar

from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Latest(Record, Generic[E]):
    """The latest entry of each name. Every kind of evidence has a subclass; its entries have a ``revision``."""

    version: int
    by_name: Mapping[str, E] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        return (type(self), self.version)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        """Entries that were recorded anew get the revision of this commit."""
        former: Mapping[str, E] = {} if before is None else before.by_name
        return replace(
            self,
            by_name={name: _stamped(entry, former.get(name), stamp) for name, entry in self.by_name.items()},
        )

    def revision_of(self, name: str) -> int | None:
        """The revision of the entry of this name; None if there is none."""
        entry: Any = self.by_name.get(name)
        return None if entry is None else int(entry.revision)

    def without(self, name: str) -> Self:
        """All but the entry of this name."""
        return replace(self, by_name={other: kept for other, kept in self.by_name.items() if other != name})


def _stamped(entry: Any, former: Any, stamp: Stamp) -> Any:
    return entry if entry == former else replace(entry, revision=stamp.revision)
