"""Chooses the index that a search reads, by the ranking in docs/search.md, and how the order is made.

A plan only finds candidates. Every condition is evaluated again on what is read, even if the index answers it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import product
from typing import Final, TypeAlias

from chalicelib.domain.search.bounds import Bounds, bounds_of
from chalicelib.domain.search.fields import FIELDS
from chalicelib.domain.search.indexes import Index, Reading, Scan, key_order, key_part, reading, separator
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
QUARANTINE: Final = Field("scan", "quarantine")
_UNBOUNDED: Final = Bounds()
# Of one source. Each scan is a query of its own.
_MAX_SCANS: Final = 8
BoundsByField: TypeAlias = Mapping[Field, Bounds]


class Rank(IntEnum):
    """How few candidates a source is expected to hold. The source with the lowest rank is read."""

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
    """Scans that together cover everything that the search can find.

    ``answered`` are the conditions that everything in the scans fulfils. ``reading`` says how to read the scans to get
    the order; None if they do not give it.
    """

    rank: Rank
    scans: tuple[Scan, ...]
    answered: tuple[Condition, ...]
    reading: Reading | None = None

    @property
    def index(self) -> Index:
        return self.scans[0].index


@dataclass(frozen=True, slots=True)
class Plan:
    """How a search is answered.

    ``source`` is read first. If it does not give the order, its candidates are sorted in memory, unless there are too
    many. Then ``ordered``, which gives the order, is read instead; it is None if no source gives the order.
    ``constant`` are sort values that all results have. ``present`` are conditions that the fields of the order have a
    value. ``where`` are the filter's conditions as text.
    """

    order: tuple[Order, ...]
    source: Source
    ordered: Source | None
    constant: Mapping[Field, str]
    present: tuple[Condition, ...]
    where: tuple[str, ...]

    @property
    def sorts(self) -> bool:
        """Whether the candidates of ``source`` are sorted in memory."""
        return self.source.reading is None

    def filtered(self, source: Source) -> tuple[str, ...]:
        """The filter's conditions that ``source`` does not answer."""
        answered = {str(condition) for condition in source.answered}
        return tuple(part for part in self.where if part not in answered)


def plan(query: SearchQuery, subject: Subject) -> Plan:
    """Choose how to answer a search."""
    order, fields = completed(query, subject), FIELDS[subject]
    parts = list(conjuncts(query.where))
    present = [
        Condition(one.field, Comparator.IS_NOT_NULL) for one in query.order if not fields[one.field.name].required
    ]
    known = _allowed(bounds_of([*parts, *present], subject), query)
    constant = {field: bounds.equal[0] for field, bounds in known.items() if len(bounds.equal) == 1}
    found = _version_sources(known) if subject is Subject.VERSIONS else _model_sources(known)
    sources = sorted(
        (_with_reading(source, frozenset(constant), order) for source in found),
        key=lambda source: (source.rank, source.reading is None),
    )
    ordered = next((source for source in sources if source.reading is not None), None)
    return Plan(order, sources[0], ordered, constant, tuple(present), tuple(map(str, parts)))


def named_prefix(query: SearchQuery) -> str:
    """The prefix that the filter requires of the model's name; empty if it requires none."""
    names = [part for part in conjuncts(query.where) if isinstance(part, Condition) and part.field == NAME]
    prefixes = [str(part.value) for part in names if part.comparator is Comparator.EQUAL]
    prefixes += [plain_prefix(str(part.value)) for part in names if part.comparator is Comparator.LIKE]
    return max(prefixes, key=len, default="")


def _allowed(known: BoundsByField, query: SearchQuery) -> BoundsByField:
    """The bounds without a range of names, if that may not choose what is read."""
    if query.by_name or not known.get(NAME, _UNBOUNDED).ranged:
        return known
    names = replace(known[NAME], low=_UNBOUNDED.low, high=_UNBOUNDED.high, answered=())
    return {**known, NAME: names}


def _with_reading(source: Source, constant: frozenset[Field], order: tuple[Order, ...]) -> Source:
    readings = {reading(scan, constant, order) for scan in source.scans}
    return replace(source, reading=readings.pop()) if len(readings) == 1 else source


def _version_sources(known: BoundsByField) -> Iterator[Source]:
    names = known.get(NAME, _UNBOUNDED)
    if names.equal:
        yield from _sources_of_named_models(known, names)
    yield from _if_listed(Index.RUN, Rank.RUN, RUN, known)
    yield from _if_listed(Index.STAGE, Rank.STAGE, STAGE, known)
    for field in known:
        if field.name == "tags":
            yield from _by_value(Index.TAG, Rank.TAG_RANGE, field, known)
        elif field.name == "metrics":
            yield from _by_value(Index.METRIC, Rank.METRIC_RANGE, field, known)
        elif field == QUARANTINE:
            yield from _by_value(Index.QUARANTINE, Rank.TAG_RANGE, field, known)
    yield _whole_index(Index.NAME, Rank.NAME_RANGE if names.ranged else Rank.ALL, known)
    yield from _by_time(Index.CHANGE, Index.CREATION, known)


def _sources_of_named_models(known: BoundsByField, names: Bounds) -> Iterator[Source]:
    """Sources for a search of the models that the filter names, one or a few."""
    numbers = known.get(VERSION, _UNBOUNDED)
    if len(names.equal) == len(numbers.equal) == 1:
        fixed = {NAME: names.equal[0], VERSION: numbers.equal[0]}
        scan = Scan(Index.KEY, names.equal[0], "", "", fixed=fixed)
        yield Source(Rank.KEY, (scan,), (*names.answered, *numbers.answered))
    yield _partitioned(Index.MODEL, Rank.MODEL, NAME, known)
    yield _partitioned(Index.MODEL_CHANGE, Rank.MODEL, NAME, known)
    for field, bounds in known.items():
        if field.name == "metrics":
            rank = Rank.METRIC_RANGE if bounds.equal or bounds.ranged else Rank.MODEL
            yield _partitioned(Index.MODEL_METRIC, rank, NAME, known, field)


def _model_sources(known: BoundsByField) -> Iterator[Source]:
    names = known.get(NAME, _UNBOUNDED)
    if names.equal:
        scans = tuple(Scan(Index.KEY, name, "", "", fixed={NAME: name}) for name in names.equal)
        yield Source(Rank.KEY, scans, names.answered)
    for field in known:
        if field.name == "tags":
            yield from _by_value(Index.MODELS_TAG, Rank.TAG_RANGE, field, known)
    yield _whole_index(Index.MODELS_NAME, Rank.NAME_RANGE if names.ranged else Rank.ALL, known)
    yield from _by_time(Index.MODELS_CHANGE, Index.MODELS_CREATION, known)


def _if_listed(index: Index, rank: Rank, by: Field, known: BoundsByField) -> Iterator[Source]:
    """An index with a partition for each value of ``by``, if the filter lists values of it."""
    if known.get(by, _UNBOUNDED).equal:
        yield _partitioned(index, rank, by, known)


def _partitioned(index: Index, rank: Rank, by: Field, known: BoundsByField, value: Field | None = None) -> Source:
    values = known[by].equal
    inner = known if len(values) == 1 else _without_lists(known)
    scans = tuple(scan for one in values for scan in _scans(index, one, inner, value, {by: one}))
    return Source(rank, scans, _answered(scans, known))


def _by_value(index: Index, range_rank: Rank, field: Field, known: BoundsByField) -> Iterator[Source]:
    """An index with a partition for each tag or metric, or for the quarantine, sorted by its value."""
    bounds = known[field]
    rank = Rank.VALUE if bounds.equal else range_rank if bounds.ranged else Rank.PRESENT
    scans = tuple(_scans(index, str(field.key), known, field, {}))
    yield Source(rank, scans, _answered(scans, known))


def _by_time(changed: Index, created: Index, known: BoundsByField) -> Iterator[Source]:
    for index, field in ((changed, UPDATED_AT), (created, CREATED_AT)):
        bounds = known.get(field, _UNBOUNDED)
        yield _whole_index(index, Rank.TIME_RANGE if bounds.equal or bounds.ranged else Rank.ALL, known)


def _whole_index(index: Index, rank: Rank, known: BoundsByField) -> Source:
    scans = tuple(_scans(index, "", known, None, {}))
    return Source(rank, scans, _answered(scans, known))


def _without_lists(known: BoundsByField) -> BoundsByField:
    return {field: replace(bounds, equal=()) if len(bounds.equal) > 1 else bounds for field, bounds in known.items()}


def _answered(scans: tuple[Scan, ...], known: BoundsByField) -> tuple[Condition, ...]:
    """The conditions that everything in the scans fulfils."""
    scan = scans[0]
    rest = scan.key_order[scan.fixed_parts :]
    fields = {
        *scan.fixed,
        *([scan.field] if scan.field else []),
        *(part.field for part in rest[:1] if _limits(part, known)),
    }
    return tuple(condition for field in known if field in fields for condition in known[field].answered)


def _scans(
    index: Index, partition: str, known: BoundsByField, value: Field | None, fixed: Mapping[Field, str]
) -> Iterator[Scan]:
    """One scan for each choice of values for the leading parts of the sort key.

    The first part without a list of values is limited to its range.
    """
    parts = key_order(index, value)
    leading: list[Order] = []
    choices: list[tuple[str, ...]] = []
    for part in parts:
        values = (fixed[part.field],) if part.field in fixed else known.get(part.field, _UNBOUNDED).equal
        if not values or len(values) * len(list(product(*choices))) > _MAX_SCANS:
            break
        leading.append(part)
        choices.append(values)
    rest = parts[len(leading) :]
    for chosen in product(*choices):
        values_by_field = {**fixed, **{part.field: text for part, text in zip(leading, chosen, strict=True)}}
        prefix = [key_part(index, part, values_by_field[part.field]) for part in leading]
        low, high = _range(separator(index), prefix, rest, known)
        yield Scan(index, partition, low, high, value, values_by_field)


def _range(mark: str, prefix: list[str], rest: tuple[Order, ...], known: BoundsByField) -> tuple[str, str]:
    if not rest:
        return mark.join(prefix), mark.join(prefix)
    before = "".join(part + mark for part in prefix)
    bounds = known[rest[0].field] if _limits(rest[0], known) else _UNBOUNDED
    return before + bounds.low, before + bounds.high


def _limits(part: Order, known: BoundsByField) -> bool:
    """Whether the part's field has a range, and sort keys ascend as the field does."""
    return not part.descending and known.get(part.field, _UNBOUNDED).ranged
