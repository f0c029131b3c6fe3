"""A page of a list: its items, and where the next page starts."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """``next_start`` is the position after the last item, for the next call's ``start``; None at the end."""

    items: tuple[T, ...]
    next_start: dict[str, str | int] | None = None
