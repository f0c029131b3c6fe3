"""What people put on a model or a version to keep it as it is: a freeze, a lock, a legal hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from chalicelib.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Restriction:
    """Why it is there, who put it there, and when."""

    reason: str
    by: str
    at: Instant

    def document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_document(cls, stored: Mapping[str, Any] | None) -> Self | None:
        return None if stored is None else cls(**stored)


class Freeze(Restriction):
    """On a model: no version enters a stage and no alias moves, but by rolling back."""

    __slots__ = ()


class Lock(Restriction):
    """On a version: nothing about it changes."""

    __slots__ = ()


class Hold(Restriction):
    """On a version, a legal hold: it is not deleted and its bytes stay."""

    __slots__ = ()
