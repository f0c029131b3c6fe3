"""What was loaded for a decision: stored items as the records that they are."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from chalicelib.aws.keys import Key
from chalicelib.aws.ledger.codec import Records
from chalicelib.aws.table import Item
from chalicelib.domain.ledger.record import Identity, Record

T = TypeVar("T", bound=Record)
V = TypeVar("V")


class Snapshot:
    """The records of one ledger that were loaded. Each item is parsed once, when it is first asked for."""

    def __init__(self, records: Records, owner: str, asked: Iterable[Key], found: Mapping[Key, Item]) -> None:
        self._kinds = records
        self._owner = owner
        self._asked = frozenset(asked)
        self._found = dict(found)
        self._records: dict[Identity, Record | None] = {}
        self._made: dict[str, Any] = {}

    def get(self, kind: type[T], *key: object) -> T | None:
        """A record, None if it does not exist. Raises KeyError if it was not asked for."""
        if (kind, *key) not in self._records and not self.holds(kind, *key):
            raise KeyError((kind.__name__, *key))
        found = self.find((kind, *key))
        return found if isinstance(found, kind) else None

    def holds(self, kind: type[T], *key: object) -> bool:
        """Whether the record was asked for."""
        return not self._asked.isdisjoint(self._kinds.codec(kind).places(self._owner, *key))

    def asked_for(self, key: Key) -> bool:
        """Whether the item under ``key`` was read."""
        return key in self._asked

    def find(self, identity: Identity) -> Record | None:
        """A record, None if it does not exist or was not asked for."""
        if identity not in self._records:
            self._records[identity] = self._read(identity)
        return self._records[identity]

    def item(self, key: Key) -> Item | None:
        """A stored item that is no record. Raises KeyError if it was not asked for."""
        if key not in self._asked:
            raise KeyError(key)
        return self._found.get(key)

    def once(self, what: str, make: Callable[[], V]) -> V:
        """A value made from the snapshot, such as a parsed scheme, made when it is first asked for and kept."""
        if what not in self._made:
            self._made[what] = make()
        made: V = self._made[what]
        return made

    def with_more(self, asked: Iterable[Key], found: Mapping[Key, Item]) -> "Snapshot":
        """This and what a second read found."""
        return type(self)(self._kinds, self._owner, [*self._asked, *asked], self._found | dict(found))

    def _read(self, identity: Identity) -> Record | None:
        codec = self._kinds.codec(identity[0])
        items = (self._found.get(key) for key in codec.places(self._owner, *identity[1:]))
        stored = next((item for item in items if item is not None), None)
        if stored is None:
            return None
        record: Record = codec.read(stored)
        return record
