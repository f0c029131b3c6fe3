"""The Open Inference Protocol's requests and answers."""

import json
from typing import Any

import pytest
from moorage.serving import open_inference
from moorage.serving.inputs import Input, Rows, Table
from moorage.serving.refusals import RefusedRequestError, UnsupportedMediaError
from moorage.serving.signatures import Signature

from tests.client.serving.build import COLUMNS, TENSOR

OF_COLUMNS, OF_TENSOR = Signature.parse(COLUMNS), Signature.parse(TENSOR)


def tensor(name: str, shape: list[int], data: list[Any], datatype: str = "FP64") -> dict[str, Any]:
    return {"name": name, "shape": shape, "datatype": datatype, "data": data}


def parsed(*tensors: dict[str, Any], signature: Signature = OF_COLUMNS) -> Input:
    return open_inference.parse(json.dumps({"inputs": tensors}).encode(), None, signature)[0]


def test_each_column_is_a_tensor() -> None:
    found = parsed(tensor("amount", [2], [1.0, 2.0]), tensor("age", [2, 1], [40, 50], "INT64"))
    assert found == Table({"amount": [1.0, 2.0], "age": [40, 50]})


@pytest.mark.parametrize("data", [[1, 2, 3, 4], [[1, 2], [3, 4]]])
def test_data_is_flat_or_in_lists(data: list[Any]) -> None:
    assert parsed(tensor("input-0", [2, 2], data, "FP32"), signature=OF_TENSOR) == Rows([[1, 2], [3, 4]])


def test_three_dimensions_are_in_row_major_order() -> None:
    assert parsed(tensor("x", [2, 2, 2], list(range(8))), signature=Signature()) == Rows(
        [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]
    )


def test_one_tensor_of_another_name_has_all_columns() -> None:
    assert parsed(tensor("rows", [1, 2], [1.0, 40.0])) == Rows([[1.0, 40.0]])


def test_parameters_and_the_id_come_along() -> None:
    body = {"id": "a1", "parameters": {"top": 3}, "inputs": [tensor("amount", [0], [])]}
    assert open_inference.parse(json.dumps(body).encode(), "application/json", OF_COLUMNS)[1:] == ({"top": 3}, "a1")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "'inputs' must be a list of tensors"),
        ({"inputs": []}, "'inputs' must be a list of tensors"),
        ({"inputs": [{"shape": [1]}]}, "must be an object with a 'name'"),
        ({"inputs": [{"name": "x", "shape": [-1], "datatype": "FP64", "data": []}]}, "tensor 'x': 'shape'"),
        ({"inputs": [{"name": "x", "shape": [True], "datatype": "FP64", "data": [1]}]}, "tensor 'x': 'shape'"),
        ({"inputs": [{"name": "x", "shape": [1], "datatype": "float", "data": [1]}]}, "the datatype 'float'"),
        ({"inputs": [{"name": "x", "shape": [1], "datatype": "FP64"}]}, "binary data is not supported"),
        ({"inputs": [tensor("x", [3], [1, 2])]}, "tensor 'x' has 2 values, and its shape [3] 3"),
        ({"inputs": [tensor("amount", [2], [1, 2]), tensor("age", [1], [1])]}, "column 'age' has 1 values"),
        ({"inputs": [tensor("x", [1], [1]), tensor("x", [1], [1])]}, "a name of its own"),
        ({"inputs": [tensor("x", [1], [1])], "parameters": []}, "'parameters' must be an object"),
        ({"inputs": [tensor("x", [1], [1])], "id": 7}, "'id' a text"),
        ({"inputs": [tensor("x", [1], [1])], "outputs": [{"name": "y"}]}, "no output 'y', only 'predictions'"),
    ],
)
def test_what_is_not_of_the_protocol_is_refused(body: Any, words: str) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        open_inference.parse(json.dumps(body).encode(), None, OF_COLUMNS)
    assert words in refused.value.message


def test_binary_requests_are_unsupported() -> None:
    with pytest.raises(UnsupportedMediaError):
        open_inference.parse(b"{}", "application/octet-stream", OF_COLUMNS)


UNKNOWN = Signature()


def answered(predictions: Any, signature: Signature = UNKNOWN, identifier: str | None = None) -> dict[str, Any]:
    return open_inference.answer("fraud", 3, predictions, signature, identifier)


def test_an_answer_names_the_version_and_repeats_the_id() -> None:
    assert answered([0.5], OF_COLUMNS, "a1") == {
        "id": "a1",
        "model_name": "fraud",
        "model_version": "3",
        "outputs": [tensor("predictions", [1], [0.5])],
    }


@pytest.mark.parametrize(
    ("predictions", "outputs"),
    [
        ([[0.1, 0.9], [0.2, 0.8]], [tensor("predictions", [2, 2], [0.1, 0.9, 0.2, 0.8])]),
        ([1, 2], [tensor("predictions", [2], [1, 2], "INT64")]),
        ([True], [tensor("predictions", [1], [True], "BOOL")]),
        (["a", None], [tensor("predictions", [2], ["a", None], "BYTES")]),
        (0.5, [tensor("predictions", [1], [0.5])]),
        ([{"label": "a", "score": 1}], [tensor("label", [1], ["a"], "BYTES"), tensor("score", [1], [1], "INT64")]),
        ({"y": [1.0], "z": [2.0]}, [tensor("y", [1], [1.0]), tensor("z", [1], [2.0])]),
        ([], [tensor("predictions", [0], [])]),
    ],
)
def test_predictions_are_tensors(predictions: Any, outputs: list[dict[str, Any]]) -> None:
    assert answered(predictions)["outputs"] == outputs


def test_the_signature_gives_the_output_its_name_and_type() -> None:
    assert answered([[1.0]], OF_TENSOR)["outputs"] == [tensor("score", [1, 1], [1.0], "FP32")]


def test_predictions_that_are_no_tensor_are_said_to_be_none() -> None:
    with pytest.raises(TypeError, match="'predictions' is no tensor"):
        answered([[1.0], [1.0, 2.0]])


def test_metadata_tells_names_types_and_shapes() -> None:
    document = open_inference.model_metadata("fraud", 3, OF_COLUMNS)
    assert document["versions"] == ["3"]
    assert document["inputs"] == [
        {"name": "amount", "datatype": "FP64", "shape": [-1]},
        {"name": "age", "datatype": "INT64", "shape": [-1]},
        {"name": "note", "datatype": "BYTES", "shape": [-1]},
    ]
    assert open_inference.model_metadata("fraud", 3, OF_TENSOR)["outputs"] == [
        {"name": "score", "datatype": "FP32", "shape": [-1, 1]}
    ]
