"""Signed requests for the pieces of a transfer, renewed in batches when they expire.

Many threads meet an expired URL at the same moment: the first asks for new ones, the others take
what it was given.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from moorage.storage import SignedRequest

Key = TypeVar("Key", str, int)


class AlreadyStored(Exception):
    """The registry signs no more requests for a file because storage has it."""


@dataclass(slots=True)
class SignedBatch(Generic[Key]):
    """Signed requests by key. ``fetch(key)`` signs ``key``, if it is still wanted, and others as it likes."""

    fetch: Callable[[Key], Mapping[Key, SignedRequest]]
    _signed: dict[Key, SignedRequest] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, signed: Mapping[Key, SignedRequest]) -> None:
        """Take in requests that are at hand already."""
        with self._lock:
            self._signed.update(signed)

    def get(self, key: Key, stale: SignedRequest | None = None) -> SignedRequest:
        """The request for ``key``, signed anew if ``stale`` is the latest. Raises AlreadyStored."""
        with self._lock:
            if self._signed.get(key) in (None, stale):
                self._signed.pop(key, None)
                self._signed.update(self.fetch(key))
            if key not in self._signed:
                raise AlreadyStored(str(key))
            return self._signed[key]

    def signer(self, key: Key) -> "BatchSigner[Key]":
        return BatchSigner(self, key)


@dataclass(frozen=True, slots=True)
class BatchSigner(Generic[Key]):
    """The signer of one key of a batch."""

    batch: SignedBatch[Key]
    key: Key

    def current(self) -> SignedRequest:
        return self.batch.get(self.key)

    def renewed(self, stale: SignedRequest) -> SignedRequest:
        return self.batch.get(self.key, stale)
