"""Which index answers a search: the ranking of docs/search.md, and how the order comes about.

A plan reads candidates. Every condition, also one that the index answers, is evaluated again on what is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import product
from typing import Final, TypeAlias

from chalicelib.domain.search.bounds import Bounds, bounds_of
from chalicelib.domain.search.indexes import Index, Reading, Scan, encoded, reading, separator, shape
from chalicelib.domain.search.ordering import CREATED_AT, NAME, UPDATED_AT, VERSION, completed
from chalicelib.domain.search.patterns import plain_prefix
from chalicelib.domain.search.syntax import (
    Comparator,
    Condition,
    Field,
    Order,
    SearchQuery,
    Subject,
    conjuncts,
)

RUN: Final = Field("run_id")
STAGE: Final = Field("stage")
# Fields that every thing has, so that ordering by one leaves nothing out.
_ALWAYS: Final = frozenset({NAME, VERSION, CREATED_AT, UPDATED_AT, STAGE, Field("status"), Field("created_by")})
_ANYTHING: Final = Bounds()
# Of one source: each is a query of its own.
_MAX_SCANS: Final = 8
Known: TypeAlias = Mapping[Field, Bounds]


class Rank(IntEnum):
    """How few things a source is taken to hold: the first of them is read."""

    KEY = 0
    RUN = 1
    VALUE = 2
    METRIC_RANGE = 3
    STAGE = 4
    MODEL = 5
    TAG_RANGE = 6
    NAME_RANGE = 7
    TIME_RANGE = 8
    PRESENT = 9
    ALL = 10


@dataclass(frozen=True, slots=True)
class Source:
    """Scans that together hold every thing that the search may find. ``reading``: how they give the order."""

    rank: Rank
    scans: tuple[Scan, ...]
    answered: tuple[Condition, ...]
    reading: Reading | None = None

    @property
    def index(self) -> Index:
        return self.scans[0].index


@dataclass(frozen=True, slots=True)
class Plan:
    """``source`` is read first. If it does not give the order, what it finds is sorted, if that is not too much.

    ``ordered`` gives the order and is walked otherwise; None if nothing gives it. ``constant`` are the sorting parts
    that everything found has, ``present`` what must be there because it is ordered by.
    """

    order: tuple[Order, ...]
    source: Source
    ordered: Source | None
    constant: Mapping[Field, str]
    present: tuple[Condition, ...]
    where: tuple[str, ...]

    @property
    def sorts(self) -> bool:
        return self.source.reading is None

    def filtered(self, source: Source) -> tuple[str, ...]:
        """The conditions that reading ``source`` does not answer."""
        answered = {str(condition) for condition in source.answered}
        return tuple(part for part in self.where if part not in answered)


def plan(query: SearchQuery, subject: Subject) -> Plan:
    order = completed(query, subject)
    parts = list(conjuncts(query.where))
    present = [Condition(one.field, Comparator.IS_NOT_NULL) for one in query.order if one.field not in _ALWAYS]
    known = bounds_of([*parts, *present], subject)
    constant = {field: bounds.equal[0] for field, bounds in known.items() if len(bounds.equal) == 1}
    found = _of_versions(known) if subject is Subject.VERSIONS else _of_models(known)
    sources = sorted(
        (_giving(source, frozenset(constant), order) for source in found),
        key=lambda source: (source.rank, source.reading is None),
    )
    ordered = next((source for source in sources if source.reading is not None), None)
    return Plan(order, sources[0], ordered, constant, tuple(present), tuple(map(str, parts)))


def named_prefix(query: SearchQuery) -> str:
    """What the name of every model that is found begins with, as far as the filter says."""
    names = [part for part in conjuncts(query.where) if isinstance(part, Condition) and part.field == NAME]
    prefixes = [str(part.value) for part in names if part.comparator is Comparator.EQUAL]
    prefixes += [plain_prefix(str(part.value)) for part in names if part.comparator is Comparator.LIKE]
    return max(prefixes, key=len, default="")


def _giving(source: Source, constant: frozenset[Field], order: tuple[Order, ...]) -> Source:
    readings = {reading(scan, constant, order) for scan in source.scans}
    return replace(source, reading=readings.pop()) if len(readings) == 1 else source


def _of_versions(known: Known) -> Iterator[Source]:
    names = known.get(NAME, _ANYTHING)
    if names.equal:
        yield from _of_one_model(known, names)
    yield from _valued(Index.RUN, Rank.RUN, RUN, known)
    yield from _valued(Index.STAGE, Rank.STAGE, STAGE, known)
    for field in known:
        if field.name == "tags":
            yield from _termed(Index.TAG, Rank.TAG_RANGE, field, known)
        elif field.name == "metrics":
            yield from _termed(Index.METRIC, Rank.METRIC_RANGE, field, known)
    yield _whole(Index.NAME, Rank.NAME_RANGE if names.ranged else Rank.ALL, known)
    yield from _timed(Index.CHANGE, Index.CREATION, known)


def _of_one_model(known: Known, names: Bounds) -> Iterator[Source]:
    """Of one model, or of the few that are named."""
    numbers = known.get(VERSION, _ANYTHING)
    if len(names.equal) == len(numbers.equal) == 1:
        fixed = {NAME: names.equal[0], VERSION: numbers.equal[0]}
        scan = Scan(Index.KEY, names.equal[0], "", "", fixed=fixed)
        yield Source(Rank.KEY, (scan,), (*names.said, *numbers.said))
    yield _valued_source(Index.MODEL, Rank.MODEL, NAME, known)
    yield _valued_source(Index.MODEL_CHANGE, Rank.MODEL, NAME, known)
    for field, bounds in known.items():
        if field.name == "metrics":
            rank = Rank.METRIC_RANGE if bounds.equal or bounds.ranged else Rank.MODEL
            yield _valued_source(Index.MODEL_METRIC, rank, NAME, known, field)


def _of_models(known: Known) -> Iterator[Source]:
    names = known.get(NAME, _ANYTHING)
    if names.equal:
        scans = tuple(Scan(Index.KEY, name, "", "", fixed={NAME: name}) for name in names.equal)
        yield Source(Rank.KEY, scans, names.said)
    for field in known:
        if field.name == "tags":
            yield from _termed(Index.MODELS_TAG, Rank.TAG_RANGE, field, known)
    yield _whole(Index.MODELS_NAME, Rank.NAME_RANGE if names.ranged else Rank.ALL, known)
    yield from _timed(Index.MODELS_CHANGE, Index.MODELS_CREATION, known)


def _valued(index: Index, rank: Rank, by: Field, known: Known) -> Iterator[Source]:
    """An index with a partition for each value of ``by``, if values are given."""
    if known.get(by, _ANYTHING).equal:
        yield _valued_source(index, rank, by, known)


def _valued_source(index: Index, rank: Rank, by: Field, known: Known, value: Field | None = None) -> Source:
    values = known[by].equal
    inner = known if len(values) == 1 else _with_single_values(known)
    scans = tuple(scan for one in values for scan in _scans(index, one, inner, value, {by: one}))
    return Source(rank, scans, _said(scans, known))


def _termed(index: Index, range_rank: Rank, field: Field, known: Known) -> Iterator[Source]:
    """An index with a partition for each tag or metric, in which its values lie in order."""
    bounds = known[field]
    rank = Rank.VALUE if bounds.equal else range_rank if bounds.ranged else Rank.PRESENT
    scans = tuple(_scans(index, str(field.key), known, field, {}))
    yield Source(rank, scans, _said(scans, known))


def _timed(changed: Index, created: Index, known: Known) -> Iterator[Source]:
    for index, field in ((changed, UPDATED_AT), (created, CREATED_AT)):
        bounds = known.get(field, _ANYTHING)
        yield _whole(index, Rank.TIME_RANGE if bounds.equal or bounds.ranged else Rank.ALL, known)


def _whole(index: Index, rank: Rank, known: Known) -> Source:
    scans = tuple(_scans(index, "", known, None, {}))
    return Source(rank, scans, _said(scans, known))


def _with_single_values(known: Known) -> Known:
    return {field: replace(bounds, equal=()) if len(bounds.equal) > 1 else bounds for field, bounds in known.items()}


def _said(scans: tuple[Scan, ...], known: Known) -> tuple[Condition, ...]:
    """The conditions that hold for whatever is in the scans."""
    scan = scans[0]
    rest = scan.shape[scan.leading :]
    fields = {
        *scan.fixed,
        *([scan.field] if scan.field else []),
        *(part.field for part in rest[:1] if _in(part, known)),
    }
    return tuple(condition for field in known if field in fields for condition in known[field].said)


def _scans(
    index: Index, partition: str, known: Known, value: Field | None, fixed: Mapping[Field, str]
) -> Iterator[Scan]:
    """One scan for each choice of values of the leading parts; the stretch of the first part that has no values."""
    parts = shape(index, value)
    leading: list[Order] = []
    choices: list[tuple[str, ...]] = []
    for part in parts:
        values = (fixed[part.field],) if part.field in fixed else known.get(part.field, _ANYTHING).equal
        if not values or len(values) * len(list(product(*choices))) > _MAX_SCANS:
            break
        leading.append(part)
        choices.append(values)
    rest = parts[len(leading) :]
    for chosen in product(*choices):
        values_by_field = {**fixed, **{part.field: text for part, text in zip(leading, chosen, strict=True)}}
        begins = [encoded(index, part, values_by_field[part.field]) for part in leading]
        low, high = _edges(separator(index), begins, rest, known)
        yield Scan(index, partition, low, high, value, values_by_field)


def _edges(mark: str, begins: list[str], rest: tuple[Order, ...], known: Known) -> tuple[str, str]:
    if not rest:
        return mark.join(begins), mark.join(begins)
    before = "".join(part + mark for part in begins)
    bounds = known[rest[0].field] if _in(rest[0], known) else _ANYTHING
    return before + bounds.low, before + bounds.high


def _in(part: Order, known: Known) -> bool:
    """Whether the part's field has a stretch, and places sort as it does."""
    return not part.descending and known.get(part.field, _ANYTHING).ranged
