"""Anchors: records of every ledger's head at a point in time, kept where nobody can change them."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from moorage.audit import ChainHead
from moorage.connection import Connection
from moorage.listing import Listing
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

    def list(self, *, limit: int | None = None) -> Listing[Anchor]:
        """All anchors, oldest first."""
        return self._connection.items(Anchor, "audit/anchors", limit)

    def ledgers(self) -> Listing[str]:
        """The names of all ledgers that the next anchor will name, those of deleted models too."""
        return Listing(str, (listed["ledger"] for listed in self._connection.pages("audit/ledgers")))

    def newest_heads(self) -> dict[str, ChainHead]:
        """The last event of each ledger that the newest anchor names; none if there is no anchor yet."""
        listed = deque(self.list(), maxlen=1)
        if not listed:
            return {}
        newest = listed[0]
        content = bytearray(newest.size)

        def write(offset: int, chunk: bytes) -> None:
            content[offset : offset + len(chunk)] = chunk

        self.fetch(newest, write)
        return {ledger: ChainHead(sequence, digest) for ledger, sequence, digest in json.loads(content)["leaves"]}

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
