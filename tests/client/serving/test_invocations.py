"""The requests of MLflow's scoring protocol."""

import json
from typing import Any

import pytest
from moorage.serving.inputs import Input, Rows, Table
from moorage.serving.invocations import parse
from moorage.serving.refusals import RefusedRequestError, UnsupportedMediaError
from moorage.serving.signatures import Signature

from tests.client.serving.build import COLUMNS


def parsed(document: Any) -> Input:
    return parse(json.dumps(document).encode(), "application/json; charset=utf-8", ())[0]


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"dataframe_split": {"columns": ["a", "b"], "data": [[1, 2], [3, 4]]}}, Table({"a": [1, 3], "b": [2, 4]})),
        ({"dataframe_split": {"index": [7], "data": [[1, 2]]}}, Rows([[1, 2]])),
        ({"dataframe_records": [{"a": 1}, {"a": 2, "b": 3}]}, Table({"a": [1, 2], "b": [None, 3]})),
        ({"dataframe_records": []}, Table({})),
        ({"instances": [{"a": 1}, {"a": 2}]}, Table({"a": [1, 2]})),
        ({"instances": [[1, 2]]}, Rows([[1, 2]])),
        ({"inputs": {"a": [1, 2], "b": [3, 4]}}, Table({"a": [1, 2], "b": [3, 4]})),
        ({"inputs": {"a": 1}}, Table({"a": [1]})),
        ({"inputs": [[1, 2]]}, Rows([[1, 2]])),
        ({"inputs": "hello"}, Rows(["hello"])),
    ],
)
def test_each_form_of_mlflow_is_read(document: Any, found: Input) -> None:
    assert parsed(document) == found


def test_parameters_come_beside_the_input() -> None:
    body = json.dumps({"inputs": [1], "params": {"top": 3}}).encode()
    assert parse(body, "application/json", ()) == (Rows([1]), {"top": 3})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "the body is not JSON"),
        (b"\xff", "the body is not JSON"),
        (b"[" * 100_000, "the body is not JSON"),
        (b"[1]", "must be a JSON object, and is a list"),
        (b"{}", "exactly one of dataframe_split, dataframe_records, instances, inputs, and has nothing"),
        (b'{"data": []}', "has 'data'"),
        (b'{"inputs": [], "instances": []}', "has instances and inputs"),
        (b'{"inputs": [], "params": []}', "'params' must be a JSON object"),
        (b'{"dataframe_split": {"columns": ["a"]}}', "'dataframe_split' must be an object with 'data'"),
        (b'{"dataframe_split": {"columns": ["a", "a"], "data": []}}', "different names"),
        (b'{"dataframe_split": {"columns": ["a"], "data": [[1], [1, 2]]}}', "row 1 has 2 values, and there are 1"),
        (b'{"dataframe_records": [1]}', "'dataframe_records' must be a list of objects"),
        (b'{"instances": 1}', "'instances' must be a list"),
        (b'{"inputs": {"a": [1], "b": [1, 2]}}', "column 'b' has 2 values"),
    ],
)
def test_what_mlflow_refuses_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        parse(body, "application/json", ())
    assert refused.value.status == 400
    assert words in refused.value.message


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/json; charset=latin-1", "application/json; version=2", "text/csv; header=no"],
)
def test_another_content_type_is_unsupported(content_type: str | None) -> None:
    with pytest.raises(UnsupportedMediaError) as refused:
        parse(b'{"inputs": []}', content_type, ())
    assert refused.value.status == 415


def test_csv_has_the_types_of_the_signature() -> None:
    body = b'amount,age,note\n1.5,40,7\n2,50,"a, b"\n3,60,\n'
    found, params = parse(body, "text/csv", Signature.parse(COLUMNS).inputs)
    assert found == Table({"amount": [1.5, 2, 3], "age": [40, 50, 60], "note": ["7", "a, b", None]})
    assert params == {}


def test_csv_without_a_signature_is_what_it_looks_like() -> None:
    found, _ = parse(b"\xef\xbb\xbfa,b,c,d\r\n1,x,TRUE,1e3\r\n", "text/csv; charset=UTF-8", ())
    assert found == Table({"a": [1], "b": ["x"], "c": [True], "d": [1000.0]})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the first line"),
        (b"a,a\n1,2\n", "the first line"),
        (b"a,b\n1\n", "row 0 has 1 fields, and there are 2 columns"),
        (b"\xff\n", "not CSV in UTF-8"),
        (b'a\n"x', "not CSV in UTF-8"),
    ],
)
def test_csv_that_is_no_table_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        parse(body, "text/csv", ())
    assert words in refused.value.message
