"""Presigned requests for the pieces of a transfer, renewed in batches when they expire.

When several threads meet an expired URL at the same time, the first requests new ones and the others use them too.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from moorage.storage import SignedRequest

Key = TypeVar("Key", str, int)


class AlreadyStored(Exception):
    """The registry signs no more requests for a file, because storage already has it."""


@dataclass(slots=True)
class SignedBatch(Generic[Key]):
    """Presigned requests by key.

    ``fetch(key)`` returns new requests. They include one for ``key``, unless storage already has that piece, and may
    include others.
    """

    fetch: Callable[[Key], Mapping[Key, SignedRequest]]
    _signed: dict[Key, SignedRequest] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, signed: Mapping[Key, SignedRequest]) -> None:
        """Add requests that are already signed."""
        with self._lock:
            self._signed.update(signed)

    def get(self, key: Key, stale: SignedRequest | None = None) -> SignedRequest:
        """The request for ``key``, signed again if the latest one is ``stale``. Raises AlreadyStored."""
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
    """Gives the requests for one key of a batch."""

    batch: SignedBatch[Key]
    key: Key

    def current(self) -> SignedRequest:
        return self.batch.get(self.key)

    def renewed(self, stale: SignedRequest) -> SignedRequest:
        return self.batch.get(self.key, stale)
