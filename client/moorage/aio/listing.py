"""Lists that are read asynchronously."""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from moorage.aio.bridge import run
from moorage.listing import Listing, WholeList

if TYPE_CHECKING:
    import pandas

Item = TypeVar("Item")

_END: Final = object()


class AsyncListing(Generic[Item]):
    """A list of the registry, for ``async for``. It reads one page after another, each item once.

    ``await`` reads what is left into a tuple. The first request is sent when the first item is asked for.
    """

    def __init__(self, start: Callable[[], Listing[Item] | WholeList[Item]]) -> None:
        self._start = start
        self._started: Listing[Item] | None = None

    def __aiter__(self) -> "AsyncListing[Item]":
        return self

    async def __anext__(self) -> Item:
        item = await run(lambda: next(self._listing(), _END))
        if item is _END:
            raise StopAsyncIteration
        return cast(Item, item)

    def __await__(self) -> Generator[Any, Any, WholeList[Item]]:
        return run(self._rest).__await__()

    async def to_list(self) -> list[Item]:
        """Read the items that are left into a list."""
        return await run(lambda: self._listing().to_list())

    async def to_pandas(self) -> "pandas.DataFrame":
        """Read the items that are left into a table, in the form of ``Listing.to_pandas``."""
        return await run(lambda: self._listing().to_pandas())

    def _listing(self) -> Listing[Item]:
        if self._started is None:
            found = self._start()
            self._started = found if isinstance(found, Listing) else Listing(found.kind, iter(found))
        return self._started

    def _rest(self) -> WholeList[Item]:
        listing = self._listing()
        return WholeList(listing.kind, listing)
