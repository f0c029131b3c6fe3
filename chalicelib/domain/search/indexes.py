"""The indexes that a search can read: what each holds, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Final

from chalicelib.domain.search import sort_keys
from chalicelib.domain.search.ordering import CREATED_AT, NAME, UPDATED_AT, VERSION
from chalicelib.domain.search.syntax import Field, Order


class Index(StrEnum):
    """Named as an explanation names them. ``KEY`` is none: the things are known by name."""

    KEY = "key"
    RUN = "versions by run"
    STAGE = "versions by stage"
    NAME = "versions by name"
    TAG = "versions by tag"
    METRIC = "versions by metric"
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
_SHAPES: Final[Mapping[Index, tuple[Order, ...]]] = {
    Index.KEY: (),
    Index.RUN: _VERSIONS,
    Index.STAGE: _VERSIONS,
    Index.NAME: _VERSIONS,
    Index.TAG: _VERSIONS,
    Index.METRIC: _VERSIONS,
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
# Each of their partitions is one field's, whose values come first in a place.
_BY_VALUE: Final = frozenset({Index.TAG, Index.METRIC, Index.MODEL_METRIC, Index.MODELS_TAG})
# The lists of models, which were there before searches, are keyed by whole names.
_WHOLE_NAMES: Final = frozenset({Index.MODELS_NAME, Index.MODELS_CREATION})
# Spread over as many partitions as the table has shards.
SHARDED: Final = frozenset({Index.CHANGE, Index.CREATION, Index.MODELS_CHANGE})


def shape(index: Index, field: Field | None) -> tuple[Order, ...]:
    """The parts of the index's places, as orders: read forwards, the index is in this order."""
    own = _SHAPES[index]
    return (Order(field), *own) if index in _BY_VALUE and field is not None else own


def separator(index: Index) -> str:
    return "#" if index is Index.MODELS_CREATION else sort_keys.SEPARATOR


def encoded(index: Index, part: Order, text: str) -> str:
    """A part of a place, from what sorts in memory."""
    if part.field == NAME and index not in _WHOLE_NAMES:
        return sort_keys.name_part(text)
    if part.field == VERSION and part.descending:
        return sort_keys.version_part(int(text))
    return text


@dataclass(frozen=True, slots=True)
class Scan:
    """A stretch of one partition of an index: the places from ``low`` to ``high``.

    ``partition`` is the model, stage, run, tag or metric; empty where there is but one, or one for each shard.
    ``fixed`` are sorting parts that all things in it have.
    """

    index: Index
    partition: str
    low: str
    high: str
    field: Field | None = None
    fixed: Mapping[Field, str] = dataclass_field(default_factory=dict, hash=False)

    @property
    def shape(self) -> tuple[Order, ...]:
        return shape(self.index, self.field)

    @property
    def leading(self) -> int:
        """How many parts at the beginning of the places are fixed."""
        parts = self.shape
        return next((at for at, part in enumerate(parts) if part.field not in self.fixed), len(parts))

    def place(self, parts: Mapping[Field, str]) -> str:
        """The place of a thing whose sorting parts are ``parts``."""
        known = {**parts, **self.fixed}
        return separator(self.index).join(encoded(self.index, part, known[part.field]) for part in self.shape)

    def beginning(self, parts: Mapping[Field, str], free: int) -> tuple[str, bool]:
        """The place up to the last of so many parts that are not fixed, and whether that is the whole of it."""
        known = {**parts, **self.fixed}
        loose = [at for at, part in enumerate(self.shape) if part.field not in self.fixed]
        shown = self.shape[: loose[free - 1] + 1]
        text = separator(self.index).join(encoded(self.index, part, known[part.field]) for part in shown)
        return text, len(shown) == len(self.shape)

    def parts(self, place: str) -> dict[Field, str]:
        """The parts of a place by their fields, as they stand in it, and what is fixed."""
        split = place.split(separator(self.index), len(self.shape) - 1)
        return {**{part.field: text for part, text in zip(self.shape, split, strict=True)}, **self.fixed}

    def group(self, place: str) -> str:
        """The beginning of a place up to the first part that is not fixed: what is equal in it is a group."""
        mark = separator(self.index)
        return mark.join(place.split(mark)[: self.leading + 1])


@dataclass(frozen=True, slots=True)
class Reading:
    """How a scan is read to be in an order: groups of equal leading parts backwards or not, things in a group too."""

    backwards: bool
    within_backwards: bool


def reading(scan: Scan, constant: frozenset[Field], order: Sequence[Order]) -> Reading | None:
    """How reading the scan gives ``order``; None if it does not. ``constant``: fields that are the same throughout."""
    if scan.index is Index.KEY:
        # Its places say nothing, and there are but a few: they are sorted.
        return None
    same = constant | set(scan.fixed)
    have = [part for part in scan.shape if part.field not in same]
    want = [one for one in order if one.field not in same]
    pairs = list(zip(have, want, strict=False))
    # When the shorter one ends, no two things are equal in what was compared; but what the places do not say, and a
    # thing's key neither, cannot be gone on from.
    said = {part.field for part in have} | {NAME, VERSION}
    if any(part.field != one.field for part, one in pairs) or any(one.field not in said for one in want):
        return None
    turned = [part.descending != one.descending for part, one in pairs]
    if not turned:
        return Reading(backwards=False, within_backwards=False)
    if len(set(turned[1:])) > 1:
        return None
    return Reading(turned[0], turned[-1])
