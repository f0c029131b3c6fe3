"""The indexes that a search can read: what each index holds, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Final

from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.ordering import CREATED_AT, NAME, UPDATED_AT, VERSION
from chalicelib.domain.search.syntax import Field, Order


class Index(StrEnum):
    """The indexes, named as an explanation names them. ``KEY`` is not an index: the entities are known by name."""

    KEY = "key"
    RUN = "versions by run"
    STAGE = "versions by stage"
    NAME = "versions by name"
    TAG = "versions by tag"
    METRIC = "versions by metric"
    QUARANTINE = "versions in quarantine"
    CHANGE = "versions by change"
    CREATION = "versions by creation"
    MODEL = "versions of a model"
    MODEL_CHANGE = "versions of a model by change"
    MODEL_METRIC = "versions of a model by metric"
    MODELS_NAME = "models by name"
    MODELS_CREATION = "models by creation"
    MODELS_CHANGE = "models by change"
    MODELS_TAG = "models by tag"


_NEWEST: Final = Order(VERSION, descending=True)
_VERSIONS: Final = (Order(NAME), _NEWEST)
_KEY_ORDERS: Final[Mapping[Index, tuple[Order, ...]]] = {
    Index.KEY: (),
    Index.RUN: _VERSIONS,
    Index.STAGE: _VERSIONS,
    Index.NAME: _VERSIONS,
    Index.TAG: _VERSIONS,
    Index.METRIC: _VERSIONS,
    Index.QUARANTINE: _VERSIONS,
    Index.CHANGE: (Order(UPDATED_AT), *_VERSIONS),
    Index.CREATION: (Order(CREATED_AT), *_VERSIONS),
    Index.MODEL: (Order(VERSION),),
    Index.MODEL_CHANGE: (Order(UPDATED_AT), *_VERSIONS),
    Index.MODEL_METRIC: (Order(VERSION),),
    Index.MODELS_NAME: (Order(NAME),),
    Index.MODELS_CREATION: (Order(CREATED_AT), Order(NAME)),
    Index.MODELS_CHANGE: (Order(UPDATED_AT), Order(NAME)),
    Index.MODELS_TAG: (Order(NAME),),
}
# A partition of these is for one tag or metric, or for the quarantine. The sort key begins with its value.
_BY_VALUE: Final = frozenset({Index.TAG, Index.METRIC, Index.MODEL_METRIC, Index.MODELS_TAG, Index.QUARANTINE})
# These are older than searches. Their sort keys have the model's name as it is, without escapes or a cut.
_WHOLE_NAMES: Final = frozenset({Index.MODELS_NAME, Index.MODELS_CREATION})
# These are spread over as many partitions as the table has shards.
SHARDED: Final = frozenset({Index.CHANGE, Index.CREATION, Index.MODELS_CHANGE})
# A partition of these is spread over fewer, by the version's model, and over one more of before there were shards.
SPREAD: Final = frozenset({Index.NAME, Index.STAGE})


def key_order(index: Index, field: Field | None) -> tuple[Order, ...]:
    """The parts of the index's sort keys, as orders: read forwards, the index is in this order."""
    own = _KEY_ORDERS[index]
    return (Order(field), *own) if index in _BY_VALUE and field is not None else own


def separator(index: Index) -> str:
    """The text between two parts of the index's sort keys."""
    return "#" if index is Index.MODELS_CREATION else sort_keys.SEPARATOR


def key_part(index: Index, part: Order, value: str) -> str:
    """A part of a sort key of the index, made from a sort value."""
    if part.field == NAME and index not in _WHOLE_NAMES:
        return sort_keys.name_part(value)
    if part.field == VERSION and part.descending:
        return sort_keys.version_part(int(value))
    return value


@dataclass(frozen=True, slots=True)
class Scan:
    """A range of one partition of an index: the sort keys from ``low`` to ``high``.

    ``partition`` is the model, stage, run, tag or metric. It is empty if the index has only one partition, or one per
    shard. ``fixed`` are sort values that all entities in the range have.
    """

    index: Index
    partition: str
    low: str
    high: str
    field: Field | None = None
    fixed: Mapping[Field, str] = dataclass_field(default_factory=dict, hash=False)

    @property
    def key_order(self) -> tuple[Order, ...]:
        """The parts of the sort keys, as orders."""
        return key_order(self.index, self.field)

    @property
    def fixed_parts(self) -> int:
        """How many parts at the beginning of the sort keys are fixed."""
        parts = self.key_order
        return next((at for at, part in enumerate(parts) if part.field not in self.fixed), len(parts))

    def sort_key(self, values: Mapping[Field, str]) -> str:
        """The sort key of an entity with these sort values."""
        known = {**values, **self.fixed}
        return separator(self.index).join(key_part(self.index, part, known[part.field]) for part in self.key_order)

    def key_prefix(self, values: Mapping[Field, str], free: int) -> tuple[str, bool]:
        """The sort key up to its ``free``-th part that is not fixed, and whether that is the whole key."""
        known = {**values, **self.fixed}
        free_parts = [at for at, part in enumerate(self.key_order) if part.field not in self.fixed]
        parts = self.key_order[: free_parts[free - 1] + 1]
        text = separator(self.index).join(key_part(self.index, part, known[part.field]) for part in parts)
        return text, len(parts) == len(self.key_order)

    def key_values(self, sort_key: str) -> dict[Field, str]:
        """The parts of a sort key by field, as they are in the key, and the fixed sort values."""
        split = sort_key.split(separator(self.index), len(self.key_order) - 1)
        return {**{part.field: text for part, text in zip(self.key_order, split, strict=True)}, **self.fixed}

    def group(self, sort_key: str) -> str:
        """The sort key up to its first part that is not fixed. Keys with the same such prefix form a group."""
        mark = separator(self.index)
        return mark.join(sort_key.split(mark)[: self.fixed_parts + 1])


@dataclass(frozen=True, slots=True)
class Reading:
    """The directions in which a scan is read to give an order: of the groups, and within each group."""

    backwards: bool
    within_backwards: bool


def reading(scan: Scan, constant: frozenset[Field], order: Sequence[Order]) -> Reading | None:
    """How to read the scan to get ``order``; None if that is not possible.

    ``constant`` are fields in which all results have the same value.
    """
    if scan.index is Index.KEY:
        # There are no sort keys, and only a few entities. They are sorted in memory.
        return None
    same = constant | set(scan.fixed)
    offered = [part for part in scan.key_order if part.field not in same]
    needed = [one for one in order if one.field not in same]
    pairs = list(zip(offered, needed, strict=False))
    # Once the shorter list ends, no two entities are equal in what was compared. But a cursor needs the value of every
    # field of the order, and an entry has only those in its sort key, its name and its version.
    known = {part.field for part in offered} | {NAME, VERSION}
    if any(part.field != one.field for part, one in pairs) or any(one.field not in known for one in needed):
        return None
    reversed_parts = [part.descending != one.descending for part, one in pairs]
    if not reversed_parts:
        return Reading(backwards=False, within_backwards=False)
    if len(set(reversed_parts[1:])) > 1:
        return None
    return Reading(reversed_parts[0], reversed_parts[-1])
