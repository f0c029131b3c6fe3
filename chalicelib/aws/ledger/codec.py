"""How each kind of record is stored.

A capability registers its kinds once, in ``aws/model_records.py`` or ``aws/registry_records.py``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Generic, TypeAlias, TypeVar

from chalicelib.aws.keys import Key
from chalicelib.aws.names import SCHEMA
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.ledger.late import Late
from chalicelib.domain.ledger.record import Record
from chalicelib.domain.ledger.settlement import Settlement

T = TypeVar("T", bound=Record)


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """Reads and writes one kind of record.

    ``places`` gives the keys where a record may lie. Its arguments are the ledger's owner (a model's name, or nothing
    for the registry) and the rest of the record's identity. ``item`` makes the whole item from the ledger's state and
    the record. ``read`` makes the record from an item of any release. ``once`` records are never overwritten.
    ``schema`` is the number of the item's form, kept on it: raise it when ``read`` must tell two forms apart.
    ``prefix`` is what the sort keys of all its items begin with, for those who go through the stored state; empty if an
    item alone is not the record, or if the record is no fact.
    """

    kind: type[T]
    places: Callable[..., Sequence[Key]]
    item: Callable[[Any, T], Item]
    read: Callable[[Item], T]
    once: bool = False
    schema: int = 1
    prefix: str = ""

    def written(self, state: Any, record: T) -> Item:
        """The item to store."""
        return {**self.item(state, record), SCHEMA: self.schema}


# Writes that follow from a settlement beyond its records: copies, index entries, history.
Projection: TypeAlias = Callable[[Table, Settlement], Iterable[Write]]


class Records:
    """The kinds of records of one kind of ledger, and what follows from every change of it.

    ``late`` names the module of the codecs, its ``CODECS``, by the module of the records that they are for. It is
    imported when such a record is first read or written: a function of the stack reads and writes few kinds.
    """

    def __init__(
        self,
        codecs: Iterable[Codec[Any]],
        projections: Iterable[Projection | Late] = (),
        late: Mapping[str, str] | None = None,
    ) -> None:
        self._codecs: Final[dict[type[Record], Codec[Any]]] = {codec.kind: codec for codec in codecs}
        self.late: Final = late or {}
        self.projections: Final = tuple(projections)

    def __iter__(self) -> Iterator[Codec[Any]]:
        """The codecs, in the order in which the capabilities registered them."""
        for module in dict.fromkeys(self.late.values()):
            self._import(module)
        return iter(self._codecs.values())

    def codec(self, kind: type[Record]) -> Codec[Any]:
        """The codec of a kind of record. Raises KeyError for a kind that no capability registered."""
        if kind not in self._codecs:
            self._import(self.late[kind.__module__])
        return self._codecs[kind]

    def _import(self, module: str) -> None:
        found: Iterable[Codec[Any]] = import_module(module).CODECS
        for codec in found:
            self._codecs.setdefault(codec.kind, codec)


def known_fields(kind: type[Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the stored values that ``kind``, a dataclass, has a field for.

    So an item that holds a field removed since is readable, and one that lacks a field takes the dataclass's default.
    """
    # What dataclasses.fields reads, without making a tuple of it for every item.
    names = kind.__dataclass_fields__
    return {name: value for name, value in stored.items() if name in names}
