"""Restrictions that people place on a model or a version: a freeze, a lock, a legal hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from chalicelib.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Restriction:
    """The reason of a restriction, who placed it, and when."""

    reason: str
    by: str
    at: Instant

    def document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_document(cls, stored: Mapping[str, Any] | None) -> Self | None:
        return None if stored is None else cls(**stored)


class Freeze(Restriction):
    """A freeze of a model: no version enters a stage and no alias moves, except by a roll-back."""

    __slots__ = ()


class Lock(Restriction):
    """A lock of a version: nothing about it can be changed."""

    __slots__ = ()


class Hold(Restriction):
    """A legal hold on a version: it cannot be deleted and its files are kept."""

    __slots__ = ()
