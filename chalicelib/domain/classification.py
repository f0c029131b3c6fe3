"""The classification of a model's data: how far it may be known, and whether it is about people."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """How far the data may be known: to everybody, within the organisation, to some, to few."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


UNCLASSIFIED: Final = "unclassified"
PERSONAL_DATA: Final = "personal_data"
# What schemes can name: the levels, that nobody has said one, and that the data is about people.
WORDS: Final = (UNCLASSIFIED, *(level.value for level in Level), PERSONAL_DATA)


@dataclass(frozen=True, slots=True)
class Classification:
    """What somebody has said of a model's data. ``personal_data``: it is about people who could be told from it."""

    level: Level
    personal_data: bool = False

    @property
    def words(self) -> frozenset[str]:
        """The words of it that schemes can name."""
        return frozenset({self.level.value, *([PERSONAL_DATA] if self.personal_data else [])})


def words_of(classification: Classification | None) -> frozenset[str]:
    """The words of a classification; ``unclassified`` if there is none."""
    return frozenset({UNCLASSIFIED}) if classification is None else classification.words


def lowers(before: Classification | None, after: Classification | None) -> bool:
    """Whether a change says less of the data: a lower level, no level any more, or no longer that it is personal."""
    if before is None or after is None:
        return before is not None
    order = tuple(Level)
    return order.index(after.level) < order.index(before.level) or (before.personal_data and not after.personal_data)


def stricter(one: Classification | None, other: Classification | None) -> Classification | None:
    """The classification that hides all that these two hide: the higher level, and personal if one of them is."""
    if one is None or other is None:
        return other if one is None else one
    levels = list(Level)
    level = max(one.level, other.level, key=levels.index)
    return Classification(level, one.personal_data or other.personal_data)


def covers(named: Iterable[str], classification: Classification | None) -> bool:
    """Whether a condition that names some words is for a model. Without words, it is for all models."""
    wanted = frozenset(named)
    return not wanted or not wanted.isdisjoint(words_of(classification))
