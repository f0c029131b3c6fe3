"""The check of inputs against the signature."""

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage.serving.checking import checked
from moorage.serving.inputs import Input, Rows, Table, table_of
from moorage.serving.refusals import RefusedRequestError
from moorage.serving.signatures import Entry, Signature

from tests.client.serving.build import COLUMNS, TENSOR

INPUTS = Signature.parse(COLUMNS).inputs
ARRAY = Signature.parse(TENSOR).inputs


def columns(given: Input) -> dict[str, list[Any]]:
    assert isinstance(given, Table)
    return dict(given.columns)


def values(given: Input) -> list[Any]:
    assert isinstance(given, Rows)
    return given.values


def test_columns_come_in_the_order_of_the_signature_and_integers_become_floats_where_floats_are_needed() -> None:
    found = checked(Table({"age": [40], "amount": [3]}), INPUTS)
    assert list(columns(found).items()) == [("amount", [3.0]), ("age", [40])]
    assert type(columns(found)["amount"][0]) is float


def test_without_a_signature_the_input_stays_as_it_is() -> None:
    table = Table({"anything": [{"a": 1}]})
    assert checked(table, ()) is table


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"amount": [1.0]}, ["column 'age' is missing"]),
        ({"amount": [1.0], "age": [1], "agee": [1]}, ["column 'agee' is none", "'amount', 'age', 'note'"]),
        ({"amount": [1.0, "x"], "age": [1, 2]}, ["column 'amount', row 1", "'x'", "double"]),
        ({"amount": [True], "age": [1]}, ["column 'amount', row 0", "True"]),
        ({"amount": [1.0], "age": [True]}, ["column 'age', row 0", "True", "long"]),
        ({"amount": [1.0], "age": [1.5]}, ["column 'age', row 0", "1.5", "long"]),
        ({"amount": [1.0], "age": [None]}, ["column 'age', row 0", "no value"]),
        ({"amount": [1.0], "age": [2**63]}, ["column 'age', row 0", "9223372036854775808"]),
        ({"amount": [10**400], "age": [1]}, ["column 'amount', row 0"]),
        ({"amount": [1.0], "age": [1], "note": [7]}, ["column 'note', row 0", "string"]),
    ],
)
def test_what_does_not_fit_is_refused_with_its_column_and_row(table: dict[str, list[Any]], words: list[str]) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        checked(Table(table), INPUTS)
    assert refused.value.status == 400
    assert [word for word in words if word not in refused.value.message] == []


def test_an_optional_column_may_be_missing_or_lack_values() -> None:
    assert "note" not in columns(checked(Table({"amount": [1.0], "age": [1]}), INPUTS))
    given = Table({"amount": [1.0], "age": [1], "note": [None]})
    assert columns(checked(given, INPUTS))["note"] == [None]


def test_rows_without_names_take_the_names_of_the_signature() -> None:
    found = checked(Rows([[1.0, 40, "a"], [2.0, 50, None]]), INPUTS)
    assert columns(found) == {"amount": [1.0, 2.0], "age": [40, 50], "note": ["a", None]}
    with pytest.raises(RefusedRequestError, match="row 1 has 2 values, and the model takes 3"):
        checked(Rows([[1.0, 40, "a"], [2.0, 50]]), INPUTS)
    with pytest.raises(RefusedRequestError, match="row 0 has no list of values"):
        checked(Rows([1.0]), INPUTS)


def test_a_single_named_input_takes_plain_rows() -> None:
    assert columns(checked(Rows(["hello"]), (Entry("text", "string"),))) == {"text": ["hello"]}


def test_a_table_is_an_array_for_a_model_without_names() -> None:
    assert values(checked(Table({"a": [1.0, 2.0], "b": [3.0, 4.0]}), ARRAY)) == [[1.0, 3.0], [2.0, 4.0]]
    assert values(checked(Table({"x": [[1.0, 2.0]]}), ARRAY)) == [[1.0, 2.0]]
    assert values(checked(Table({"x": [1, 2]}), (Entry(None, "double"),))) == [1.0, 2.0]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[1.0, 2.0, 3.0]], "the input has the shape [1, 3], and the model takes [-1, 2]"),
        ([1.0, 2.0], "the input has the shape [2]"),
        ([[1.0, 2.0], [3.0]], "the input is uneven: its lists on level 1 differ in length"),
        ([[1.0, 2.0], 3.0], "the input is uneven"),
        ([[1.0, "x"]], "the input: 'x' does not fit, and float32 is needed"),
        ([[1.0, None]], "the input: None does not fit"),
    ],
)
def test_a_tensor_of_another_shape_or_kind_is_refused(rows: list[Any], words: str) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        checked(Rows(rows), ARRAY)
    assert words in refused.value.message


def test_an_empty_input_fits() -> None:
    assert values(checked(Rows([]), ARRAY)) == []
    assert columns(checked(Table({"amount": [], "age": []}), INPUTS)) == {"amount": [], "age": []}


def test_named_tensors_are_named_in_the_error() -> None:
    inputs = (Entry("ids", "tensor", "int64", (-1, 2)), Entry("mask", "tensor", "bool", (-1, 2)))
    assert columns(checked(Table({"mask": [[True, False]], "ids": [[1, 2]]}), inputs))["ids"] == [[1, 2]]
    with pytest.raises(RefusedRequestError, match="tensor 'mask': 1 does not fit, and bool is needed"):
        checked(Table({"ids": [[1, 2]], "mask": [[1, 0]]}), inputs)
    with pytest.raises(RefusedRequestError, match="tensor 'mask' is missing"):
        checked(Table({"ids": [[1, 2]]}), inputs)


def test_binary_and_times_are_decoded() -> None:
    inputs = (Entry("raw", "binary"), Entry("at", "datetime"))
    found = columns(checked(Table({"raw": ["aGk="], "at": ["2026-11-23T09:30:00Z"]}), inputs))
    assert found == {"raw": [b"hi"], "at": [datetime(2026, 11, 23, 9, 30, tzinfo=UTC)]}
    with pytest.raises(RefusedRequestError, match="column 'raw', row 0: '!' is not base64"):
        checked(Table({"raw": ["!"], "at": ["2026-11-23"]}), inputs)
    with pytest.raises(RefusedRequestError, match="column 'at', row 0: 'today' is not a time in ISO 8601"):
        checked(Table({"raw": [""], "at": ["today"]}), inputs)


def test_types_of_annotations_that_are_no_columns_are_left_to_the_model() -> None:
    found = checked(Rows([{"a": 1.0}]), (Entry("features", "dict[str, float]"),))
    assert columns(found) == {"features": [{"a": 1.0}]}


def test_columns_of_different_lengths_are_refused_with_their_names() -> None:
    with pytest.raises(RefusedRequestError, match="column 'age' has 1 values and column 'amount' has 2"):
        table_of({"amount": [1.0, 2.0], "age": [1]})


TYPES = st.sampled_from(["boolean", "integer", "long", "float", "double", "string", "binary", "datetime", "tensor"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(
    kind=TYPES,
    dtype=st.sampled_from(["float32", "int64", "uint8", "bool", "str", ""]),
    shape=st.lists(st.integers(-1, 2), max_size=3),
    name=st.none() | st.just("x"),
    rows=st.lists(JSON, max_size=4),
    named=st.booleans(),
)
def test_any_json_is_either_taken_or_refused(
    kind: str, dtype: str, shape: list[int], name: str | None, rows: list[Any], named: bool
) -> None:
    given_input: Input = Table({"x": rows}) if named else Rows(rows)
    with contextlib.suppress(RefusedRequestError):
        assert checked(given_input, (Entry(name, kind, dtype, tuple(shape)),)).size == len(rows)
