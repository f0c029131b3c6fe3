"""Anchors: records of every ledger's head at a point in time, kept where nobody can change them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from moorage.connection import Connection
from moorage.storage import SignedRequest, Storage


@dataclass(frozen=True, slots=True)
class Anchor:
    """An anchor. ``size`` is in bytes."""

    number: int
    size: int


@dataclass(frozen=True, slots=True)
class AnchorLink:
    number: int
    url: str


class Anchors:
    """The anchors of the registry."""

    def __init__(self, connection: Connection, storage: Storage) -> None:
        self._connection = connection
        self._storage = storage

    def list(self, *, limit: int | None = None) -> Iterator[Anchor]:
        """All anchors, oldest first."""
        return self._connection.items(Anchor, "audit/anchors", limit)

    def fetch(self, anchor: Anchor, write: Callable[[int, bytes], None]) -> None:
        """Pass the anchor's bytes, unchanged, to ``write(offset, chunk)``."""
        self._storage.get(0, anchor.size, True, _Links(self._connection, anchor.number), write)


@dataclass(frozen=True, slots=True)
class _Links:
    """Signs URLs for one anchor: a new one each time, so that an expired URL is replaced."""

    connection: Connection
    number: int

    def current(self) -> SignedRequest:
        return SignedRequest(self.connection.get(AnchorLink, f"audit/anchors/{self.number}").url, {})

    def renewed(self, stale: SignedRequest) -> SignedRequest:
        return self.current()
