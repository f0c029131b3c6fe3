"""How the models of each framework predict. Real ones are in tests/frameworks."""

import logging
import sys
from collections.abc import Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy
import pandas
import pytest
from moorage import IncompatibleModelError
from moorage.frameworks.descriptor import Descriptor
from moorage.serving.inputs import Input, Rows, Table
from moorage.serving.predictors import Predict, predictor
from moorage.serving.signatures import Entry

ENTRIES = {
    "amount": Entry("amount", "double"),
    "age": Entry("age", "long"),
    "note": Entry("note", "string", required=False),
}
TABLE = Table({"amount": [1.0, 2.0], "age": [40, 50], "note": ["a", None]}, ENTRIES)
NUMBERS = Table({"amount": [1.0, 2.0], "age": [40, 50]}, ENTRIES)
ARRAY = Rows([[1.0, 2.0]], Entry(None, "tensor", "float32", (-1, 2)))


def prepared(model: Any, saver: str, saved_as: str = "any") -> Predict:
    return predictor(model, Descriptor(saver, saved_as, "model", "ours.Model"), "fraud/3")


class Estimator:
    """It keeps what it was asked."""

    seen: Any = None

    def predict(self, rows: Any) -> Any:
        self.seen = rows
        return [0] * len(rows)


def test_an_estimator_gets_a_table_with_the_types_of_the_signature() -> None:
    model = Estimator()
    assert prepared(model, "scikit_learn")(TABLE, {}) == [0, 0]
    assert list(model.seen.columns) == ["amount", "age", "note"]
    assert [str(kind) for kind in model.seen.dtypes[:2]] == ["float64", "int64"]
    assert model.seen["note"].isna().tolist() == [False, True]


def test_an_estimator_gets_an_array_if_the_signature_has_no_names() -> None:
    model = Estimator()
    prepared(model, "scikit_learn")(ARRAY, {})
    assert isinstance(model.seen, numpy.ndarray) and model.seen.dtype == numpy.float32 and model.seen.shape == (1, 2)


@pytest.mark.parametrize(("given", "kind"), [(NUMBERS, "float64"), (TABLE, "object")])
def test_without_pandas_an_estimator_gets_an_array(given: Input, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    model = Estimator()
    prepared(model, "scikit_learn")(given, {})
    assert str(model.seen.dtype) == kind and model.seen.shape[0] == 2


def test_what_only_transforms_is_asked_to_transform() -> None:
    assert prepared(SimpleNamespace(transform=lambda rows: [7]), "scikit_learn")(TABLE, {}) == [7]


def test_parameters_reach_a_model_that_takes_them_and_are_mentioned_if_not(caplog: pytest.LogCaptureFixture) -> None:
    class Taking:
        def predict(self, rows: Any, params: Mapping[str, Any]) -> Any:
            return dict(params)

    assert prepared(Taking(), "pickled")(TABLE, {"top": 3}) == {"top": 3}
    assert caplog.text == ""
    prepared(Estimator(), "pickled")(TABLE, {"top": 3})
    assert "takes no parameters, and ignores top" in caplog.text


def test_any_other_arguments_of_a_method_are_not_parameters_of_a_request() -> None:
    class Pipeline:
        def predict(self, rows: Any, **params: Any) -> Any:
            return params

    assert prepared(Pipeline(), "scikit_learn")(TABLE, {"top": 3}) == {}


def score(amount: float, age: int = 30, note: str = "none", top: int = 1) -> list[Any]:
    return [amount, age, note, top]


@pytest.mark.parametrize("saver", ["functions", "pickled"])
def test_a_function_is_called_for_each_row(saver: str) -> None:
    predict = prepared(score, saver)
    assert predict(TABLE, {"top": 5}) == [[1.0, 40, "a", 5], [2.0, 50, "none", 5]]
    assert predict(Rows([[1.0, 2], 3.0]), {}) == [[1.0, 2, "none", 1], [3.0, 30, "none", 1]]


def module(monkeypatch: pytest.MonkeyPatch, name: str, **names: Any) -> None:
    made = ModuleType(name)
    vars(made).update(names)
    monkeypatch.setitem(sys.modules, name, made)


def test_boosters_get_matrices(monkeypatch: pytest.MonkeyPatch) -> None:
    module(monkeypatch, "xgboost", DMatrix=lambda rows, feature_names: (rows.tolist(), feature_names))
    booster = SimpleNamespace(predict=lambda rows: rows, feature_names=["amount", "age"])
    assert prepared(booster, "xgboost")(NUMBERS, {}) == ([[1.0, 40.0], [2.0, 50.0]], ["amount", "age"])
    assert prepared(booster, "lightgbm")(NUMBERS, {}).tolist() == [[1.0, 40.0], [2.0, 50.0]]


def test_estimators_of_xgboost_get_tables() -> None:
    model = Estimator()
    model.get_booster = None
    prepared(model, "xgboost")(NUMBERS, {})
    assert isinstance(model.seen, pandas.DataFrame)


class Session:
    """ONNX Runtime's session, of a graph with one input and two outputs."""

    def __init__(self, serialised: bytes, providers: list[str]) -> None:
        assert serialised == b"graph"

    def get_inputs(self) -> list[Any]:
        return [SimpleNamespace(name="X")]

    def get_outputs(self) -> list[Any]:
        return [SimpleNamespace(name="label"), SimpleNamespace(name="probability")]

    def run(self, outputs: None, given: dict[str, Any]) -> list[Any]:
        return [given["X"].dtype.name, given["X"].tolist()]


GRAPH = SimpleNamespace(SerializeToString=lambda: b"graph")


def test_a_graph_answers_with_each_of_its_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    module(monkeypatch, "onnxruntime", InferenceSession=Session)
    assert prepared(GRAPH, "onnx", "onnx")(ARRAY, {}) == {"label": "float32", "probability": [[1.0, 2.0]]}
    # A graph that was made of an estimator has one input for all columns.
    assert prepared(GRAPH, "scikit_learn", "onnx")(NUMBERS, {})["probability"] == [[1.0, 40.0], [2.0, 50.0]]


def test_without_onnx_runtime_the_graph_is_evaluated_by_onnx(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Evaluator:
        input_names = ("a", "b")
        output_names = ("sum",)

        def __init__(self, graph: Any) -> None:
            pass

        def run(self, outputs: None, given: dict[str, Any]) -> list[Any]:
            return [given["a"] + given["b"]]

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    module(monkeypatch, "onnx", reference=None)
    module(monkeypatch, "onnx.reference", ReferenceEvaluator=Evaluator)
    predict = prepared(GRAPH, "onnx", "onnx")
    entries = {name: Entry(name, "tensor", "float32", (-1,)) for name in ("a", "b")}
    assert predict(Table({"a": [1.0], "b": [2.0]}, entries), {}).tolist() == [3.0]
    assert "onnxruntime is not installed" in caplog.text


def test_modules_and_programs_of_pytorch_get_tensors(monkeypatch: pytest.MonkeyPatch) -> None:
    class Inference:
        def __enter__(self) -> None:
            pass

        def __exit__(self, *exception: object) -> None:
            pass

    module(monkeypatch, "torch", inference_mode=Inference, from_numpy=lambda array: ("tensor", array.tolist()))
    assert prepared(lambda rows: rows, "pytorch")(ARRAY, {}) == ("tensor", [[1.0, 2.0]])
    program = SimpleNamespace(module=lambda: lambda ids, mask: (ids, mask))
    entries = {name: Entry(name, "tensor", "int64", (-1, 1)) for name in ("0", "1")}
    given = Table({"0": [[1]], "1": [[0]]}, entries)
    assert prepared(program, "exported_program", "pt2")(given, {}) == (("tensor", [[1]]), ("tensor", [[0]]))


def test_a_pipeline_gets_its_rows_and_parameters() -> None:
    class Pipeline:
        task = "text-classification"

        def __call__(self, rows: list[Any], **params: Any) -> Any:
            return rows, params

    predict = prepared(Pipeline(), "transformers")
    assert predict(Rows(["a", "b"]), {"top_k": 1}) == (["a", "b"], {"top_k": 1})
    assert predict(Table({"text": ["a"]}), {}) == (["a"], {})
    assert predict(Table({"text": ["a"], "pair": ["b"]}), {}) == ([{"text": "a", "pair": "b"}], {})


@pytest.mark.parametrize(
    ("model", "saver"),
    [({"weight": 1}, "pytorch"), (object(), "transformers"), (object(), "pickled"), (object(), "jax")],
)
def test_what_cannot_predict_is_refused_with_what_to_log_instead(model: object, saver: str) -> None:
    with pytest.raises(IncompatibleModelError, match=r"fraud/3 is a ours\.Model .* cannot predict by itself: log an"):
        prepared(model, saver)


def test_a_method_that_tells_nothing_of_its_parameters_gets_none(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    assert prepared(SimpleNamespace(predict=dict.fromkeys), "pickled")(Rows([1, 2]), {"top": 1}) == {1: None, 2: None}
