"""Anchors: what every ledger's head was at a time, kept where nobody can change it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from moorage.connection import Connection
from moorage.storage import SignedRequest, Storage


@dataclass(frozen=True, slots=True)
class Anchor:
    """An anchor: its number and how many bytes it has."""

    number: int
    size: int


@dataclass(frozen=True, slots=True)
class AnchorLink:
    number: int
    url: str


class Anchors:
    def __init__(self, connection: Connection, storage: Storage) -> None:
        self._connection = connection
        self._storage = storage

    def list(self, *, limit: int | None = None) -> Iterator[Anchor]:
        """Oldest first."""
        return self._connection.items(Anchor, "audit/anchors", limit)

    def fetch(self, anchor: Anchor, write: Callable[[int, bytes], None]) -> None:
        """Hand the anchor's bytes, exactly as they are kept, to ``write(offset, chunk)``."""
        self._storage.get(0, anchor.size, True, _Links(self._connection, anchor.number), write)


@dataclass(frozen=True, slots=True)
class _Links:
    """Where an anchor's bytes are had now; asked for again when an URL has expired."""

    connection: Connection
    number: int

    def current(self) -> SignedRequest:
        return SignedRequest(self.connection.get(AnchorLink, f"audit/anchors/{self.number}").url, {})

    def renewed(self, stale: SignedRequest) -> SignedRequest:
        return self.current()
