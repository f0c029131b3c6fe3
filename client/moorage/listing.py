"""Lists of results: those that are read page by page, and those that come whole. Both become a pandas table."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

from moorage.frames import frame_of

if TYPE_CHECKING:
    import pandas

Item = TypeVar("Item")


class Listing(Iterator[Item], Generic[Item]):
    """An iterator over a list of the registry. It reads one page after another as it is iterated, each item once."""

    def __init__(self, kind: type[Item], items: Iterator[Item]) -> None:
        self.kind = kind
        self._items = items

    def __next__(self) -> Item:
        return next(self._items)

    def to_list(self) -> list[Item]:
        """Read the items that are left into a list."""
        return list(self._items)

    def to_pandas(self) -> "pandas.DataFrame":
        """Read the items that are left into a table: a row for each item, a column for each field.

        Names in metrics, parameters, tags and the like are columns of their own, such as ``metrics.auc``. Times are
        datetimes in UTC. Needs pandas: ``pip install 'moorage[pandas]'``.
        """
        return frame_of(self.kind, list(self._items))


class WholeList(tuple[Item, ...]):
    """A list that the registry returns whole, as a tuple."""

    kind: type[Item]

    def __new__(cls, kind: type[Item], items: Iterable[Item] = ()) -> "WholeList[Item]":
        made = super().__new__(cls, items)
        made.kind = kind
        return made

    def __getnewargs__(self) -> tuple[type[Item], tuple[Item, ...]]:
        return self.kind, tuple(self)

    def to_pandas(self) -> "pandas.DataFrame":
        """The items as a table, in the form of ``Listing.to_pandas``."""
        return frame_of(self.kind, self)
