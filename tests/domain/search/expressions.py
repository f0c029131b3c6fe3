"""Random filters, orders and records, for property tests of the language."""

import string
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.search.fields import COMPARATORS, FIELDS, Kind
from chalicelib.domain.search.syntax import (
    And,
    Comparator,
    Condition,
    Expression,
    Field,
    Not,
    Or,
    Order,
    Scalar,
    Subject,
)

# Few values and short ones, so that conditions hold now and then.
TEXTS = st.text("ab%_'`\" 1Ä\x00", max_size=4)
KEYS = st.sampled_from(["a", "b", "val auc", "x.y", "q`r", 'say "a"', "Ä/ö", "1"])
TIMES = st.sampled_from([f"2026-01-0{day}T00:00:00.000Z" for day in range(1, 5)])
NUMBERS = st.one_of(st.integers(-3, 3), st.floats(-2, 2, allow_nan=False).map(lambda x: round(x, 1)), st.just(1e300))
TEXTUAL = frozenset({Comparator.LIKE, Comparator.NOT_LIKE, Comparator.ILIKE, Comparator.NOT_ILIKE, Comparator.CONTAINS})
LISTS = frozenset({Comparator.IN, Comparator.NOT_IN})
NULLS = frozenset({Comparator.IS_NULL, Comparator.IS_NOT_NULL})
_SCALARS: dict[Kind, st.SearchStrategy[Scalar]] = {
    Kind.TEXT: TEXTS,
    Kind.PROSE: TEXTS,
    Kind.NUMBER: NUMBERS,
    Kind.INTEGER: st.integers(0, 5),
    Kind.TIME: TIMES,
    Kind.VALUE: st.one_of(TEXTS, NUMBERS, st.booleans(), TIMES),
}


def fields(subject: Subject) -> st.SearchStrategy[Field]:
    return st.sampled_from(sorted(FIELDS[subject])).flatmap(
        lambda name: st.builds(Field, st.just(name), KEYS if FIELDS[subject][name].keyed else st.none())
    )


@st.composite
def conditions(draw: st.DrawFn, subject: Subject) -> Condition:
    field = draw(fields(subject))
    kind = FIELDS[subject][field.name].kind
    comparator = draw(st.sampled_from(sorted(COMPARATORS[kind])))
    if comparator in NULLS:
        return Condition(field, comparator)
    scalars = TEXTS if comparator in TEXTUAL else _SCALARS[kind]
    if comparator in LISTS:
        return Condition(field, comparator, tuple(draw(st.lists(scalars, min_size=1, max_size=3))))
    return Condition(field, comparator, draw(scalars))


def expressions(subject: Subject) -> st.SearchStrategy[Expression]:
    def joined(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.one_of(st.builds(Not, parts), st.builds(And, several), st.builds(Or, several))

    return st.recursive(conditions(subject), joined, max_leaves=6)


def orders(subject: Subject) -> st.SearchStrategy[tuple[Order, ...]]:
    single = fields(subject).filter(lambda field: not FIELDS[subject][field.name].several)
    return st.lists(st.builds(Order, single, st.booleans()), max_size=3, unique_by=lambda order: order.field).map(tuple)


METADATA = st.recursive(
    st.one_of(
        TEXTS, NUMBERS, st.booleans(), TIMES.map(lambda at: {"$time": at}), st.lists(st.one_of(TEXTS, NUMBERS, TIMES))
    ),
    lambda inner: st.dictionaries(st.sampled_from(["a", "b", "Ä", "ö"]), inner, max_size=2),
    max_leaves=4,
)


@st.composite
def records(draw: st.DrawFn, subject: Subject) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in FIELDS[subject].items():
        if name == "metadata":
            found[name] = draw(st.dictionaries(KEYS, METADATA, max_size=2))
        elif field.keyed:
            found[name] = draw(st.dictionaries(KEYS, _SCALARS[field.kind], max_size=3))
        elif field.several:
            found[name] = draw(st.lists(TEXTS, max_size=3).map(tuple))
        else:
            found[name] = draw(st.one_of(st.none(), _SCALARS[field.kind]))
    return found


SCRIBBLE = st.text(string.ascii_letters + " ()'\"`.,=<>!%_1290-ÄNOTANDORINLIKE\n\x00", max_size=60)
