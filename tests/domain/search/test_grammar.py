"""The native grammar: what is written is read back, and what is wrong is shown where it is."""

import pytest
from hypothesis import given

from chalicelib.domain.errors import InvalidFilterError, Problem
from chalicelib.domain.search.parser import parse_filter, parse_order
from chalicelib.domain.search.syntax import (
    MAX_CONDITIONS,
    MAX_LENGTH,
    MAX_NESTING,
    And,
    Comparator,
    Condition,
    Expression,
    Field,
    Not,
    Or,
    Order,
    Subject,
)
from tests.domain.search.expressions import SCRIBBLE, expressions, orders

V, M = Subject.VERSIONS, Subject.MODELS


@given(expressions(V))
def test_a_filter_that_was_written_is_read_back(where: Expression) -> None:
    assert parse_filter(str(where), V) == where


@given(orders(M))
def test_an_order_that_was_written_is_read_back(order: tuple[Order, ...]) -> None:
    assert parse_order(", ".join(map(str, order)), M) == order


@given(SCRIBBLE)
def test_any_text_is_a_filter_or_is_refused(text: str) -> None:
    assert all(problem.message.startswith("column ") for problem in problems(text))


def problems(text: str) -> tuple[Problem, ...]:
    try:
        parse_filter(text, V)
    except InvalidFilterError as error:
        return error.problems
    return ()


def test_and_binds_closer_than_or() -> None:
    a, b, c = (Condition(Field("tags", key), Comparator.IS_NULL) for key in "abc")
    assert parse_filter("tags.a is null or tags.b IS NULL and not tags.c IS NULL", V) == Or((a, And((b, Not(c)))))
    assert parse_filter("(tags.a IS NULL OR tags.b IS NULL) AND tags.c IS NULL", V) == And((Or((a, b)), c))


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("attribute.name = 'x'", Field("name"), "x"),
        ("tag.team = 'x'", Field("tags", "team"), "x"),
        ('tags."my team" = "x"', Field("tags", "my team"), "x"),
        ("version_number = '3'", Field("version"), 3),
        ("source_path = 'it''s'", Field("source"), "it's"),
        ("params.lr = 0.1", Field("parameters", "lr"), 0.1),
        ("metadata.data/rows = -5", Field("metadata", "data/rows"), -5),
        ("metadata.`da ta`= TRUE", Field("metadata", "da ta"), True),
        ("created_at = '2026-11-23'", Field("created_at"), "2026-11-23T00:00:00.000Z"),
        ("updated_at = '2026-11-23T09:30:00+02:00'", Field("updated_at"), "2026-11-23T07:30:00.000Z"),
    ],
)
def test_a_condition_is_read(text: str, field: Field, value: object) -> None:
    assert parse_filter(text, V) == Condition(field, Comparator.EQUAL, value)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("name", 5, "a comparator is expected, such as =, LIKE, IN or IS NULL, not the end"),
        ("name = ", 8, "a quoted text is expected, not the end"),
        ("name = fraud", 8, "a quoted text is expected, not 'fraud'"),
        ("name = 'fraud", 8, "the text that begins here has no closing '"),
        ("tags.`a = 'x'", 5, "a dot separates"),
        ("tags = 'x'", 1, "tags takes a key"),
        ("name.x = 'x'", 1, "name has no keys"),
        ("colour = 'x'", 1, "there is no field 'colour' of versions; the fields are alias, author"),
        ("owner = 'x'", 1, "there is no field 'owner' of versions"),
        ("metrics.auc LIKE 'x'", 13, "metrics.auc cannot be compared with LIKE; use one of =, !="),
        ("metrics.auc > '0.9'", 15, "a number is expected"),
        ("metrics.auc > 1e999", 15, "this number is too large"),
        ("version = 1.5", 11, "a whole number is expected"),
        ("created_at > 'monday'", 14, "a quoted time such as"),
        ("name IN 'x'", 9, "a list such as ('a', 'b') is expected"),
        ("name IN ()", 10, "a quoted text is expected"),
        ("name IN ('x'", 13, "a comma or ')' is expected"),
        ("name IS 'x'", 9, "NULL or NOT NULL is expected"),
        ("(name = 'x'", 12, "AND, OR or ')' is expected"),
        ("name = 'x' name = 'y'", 12, "AND, OR or the end is expected"),
        ("name = 'x' AND", 15, "a field is expected"),
        ("name = 'x'; name = 'y'", 11, "no ';' is expected here"),
    ],
)
def test_what_is_wrong_is_shown_where_it_is(text: str, column: int, message: str) -> None:
    with pytest.raises(InvalidFilterError) as caught:
        parse_filter(text, V)
    (problem,) = caught.value.problems
    assert problem.pointer == "?filter"
    assert problem.message.startswith(f"column {column}: {message}")
    assert caught.value.detail.splitlines()[1:] == [text, " " * (column - 1) + "^"]


def test_a_fault_far_into_a_long_filter_is_shown_with_what_is_around_it() -> None:
    text = " AND ".join(["name = 'fraud'"] * 20) + " AND"
    with pytest.raises(InvalidFilterError) as caught:
        parse_filter(text, V)
    _, shown, pointer = caught.value.detail.splitlines()
    assert shown == "…" + text[-40:]
    assert len(pointer) == len(shown) + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * (MAX_LENGTH + 1), f"the limit is {MAX_LENGTH}"),
        (" AND ".join(["version=1"] * (MAX_CONDITIONS + 1)), f"at most {MAX_CONDITIONS} conditions"),
        ("(" * 1000 + "version=1", f"nested at most {MAX_NESTING} deep"),
        ("NOT " * 900 + "version=1", f"nested at most {MAX_NESTING} deep"),
    ],
)
def test_a_filter_is_bounded(text: str, message: str) -> None:
    with pytest.raises(InvalidFilterError, match=message):
        parse_filter(text, V)


def test_a_filter_at_its_bounds_is_read() -> None:
    assert parse_filter(" OR ".join(["version=1"] * MAX_CONDITIONS), V) is not None
    assert parse_filter("(" * MAX_NESTING + "version=1" + ")" * MAX_NESTING, V) is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("alias", "a search cannot be ordered by it"),
        ("name, name DESC", "name is in the order already"),
        ("name DOWN", "ASC, DESC, a comma or the end is expected"),
        ("name,", "a field is expected"),
        ("name, version, label, stage", "at most 3 fields"),
    ],
)
def test_an_order_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidFilterError, match=message):
        parse_order(text, V)


def test_an_order_is_read() -> None:
    assert parse_order("metrics.`val auc` desc, name", V) == (
        Order(Field("metrics", "val auc"), True),
        Order(Field("name")),
    )
    assert parse_order("", V) == ()
    assert parse_filter("  ", V) is None
