"""Records: what a ledger's decisions create, change and remove, each stored and compared as a whole."""

from typing import Any, Self, TypeAlias

from chalicelib.domain.ledger.events import Stamp

# The record's type, then what distinguishes it within its ledger: ``(Version, 3)``.
Identity: TypeAlias = tuple[Any, ...]


class Record:
    """Base of everything that a decision can put or remove."""

    __slots__ = ()

    @property
    def identity(self) -> Identity:
        """The record's type and what distinguishes it within its ledger. Never changes."""
        raise NotImplementedError(f"{type(self).__name__} does not say what identifies it")

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        """The record as this commit saves it: its revision and times set from what changed since ``before``."""
        return self
