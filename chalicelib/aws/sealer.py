"""Keyed digests of stored items, so that one that was edited in the table is not served.

The key is derived from the signing secret. Who can write to the table but not read that secret can make no digest.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from chalicelib.domain.canonical import canonical_json

SEAL: Final = "seal"
SERVED_ITEMS: Final = b"moorage served items v1"
SESSIONS: Final = b"moorage sessions v1"


class Sealer:
    """Seals items and recognises its seals. ``signing_key`` gives the present signing secret.

    A seal of one ``context`` is not recognised in another.
    """

    def __init__(self, signing_key: Callable[[], bytes], context: bytes = SERVED_ITEMS) -> None:
        self._signing_key = signing_key
        self._context = context
        self._known: bytes | None = None

    def sealed(self, item: Mapping[str, str | int], names: Iterable[str], under: str = SEAL) -> dict[str, str | int]:
        """The item with a digest of these of its attributes ``under`` a name; one that it lacks counts as lacking."""
        self._known = self._key()
        return {**item, under: _digest(self._known, item, names)}

    def intact(self, item: Mapping[str, str | int], names: Iterable[str], under: str = SEAL) -> bool:
        """Whether the item's seal ``under`` a name fits these of its attributes.

        The secret is asked for only by the first check of a process, and when a seal does not fit: then it may have
        been changed. So a read pays no call for it.
        """
        wanted, given = list(names), str(item.get(under, ""))
        if self._known is not None and _fits(self._known, item, wanted, given):
            return True
        self._known = self._key()
        return _fits(self._known, item, wanted, given)

    def _key(self) -> bytes:
        return hmac.digest(self._signing_key(), self._context, "sha256")


def _fits(key: bytes, item: Mapping[str, str | int], names: Iterable[str], given: str) -> bool:
    return hmac.compare_digest(given.encode(), _digest(key, item, names).encode())


def _digest(key: bytes, item: Mapping[str, str | int], names: Iterable[str]) -> str:
    covered = {name: item[name] for name in names if name in item}
    return hmac.digest(key, canonical_json(covered).encode(), "sha256").hex()
