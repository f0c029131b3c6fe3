"""One call for the models of every framework: ``predict(input, params)``.

Frameworks are imported when a model of theirs is prepared. ``moorage.frameworks`` loads the models.
"""

import inspect
import logging
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any, Final, TypeAlias

from moorage.errors import IncompatibleModelError
from moorage.frameworks.descriptor import Descriptor
from moorage.frameworks.saver import library
from moorage.serving import arrays
from moorage.serving.inputs import Input, Rows

Predict: TypeAlias = Callable[[Input, Mapping[str, Any]], Any]

_log = logging.getLogger(__name__)


def predictor(model: Any, descriptor: Descriptor, version: str) -> Predict:
    """How a loaded model predicts. Raises IncompatibleModelError if nothing is known to predict with it."""
    if descriptor.format == "onnx":
        return _graph(model)
    prepare = _OF_SAVERS.get(descriptor.saver)
    predict = None if prepare is None else prepare(model)
    if predict is None:
        raise IncompatibleModelError(
            f"{version} is a {descriptor.model_class} saved as {descriptor.format!r}, which cannot predict by itself: "
            "log an object with predict, a pipeline, an exported program, an ONNX graph or a function"
        )
    return predict


def _estimator(model: Any) -> Predict | None:
    """A model with ``predict``, or one that transforms."""
    method = getattr(model, "predict", None) or getattr(model, "transform", None)
    if method is None:
        return None
    takes_params = _takes_params(method)

    def predict(given: Input, params: Mapping[str, Any]) -> Any:
        if takes_params:
            return method(arrays.table(given), params=dict(params))
        _mention(params)
        return method(arrays.table(given))

    return predict


def _function(model: Any) -> Predict:
    """A function of one row: its columns are the arguments, and so are the parameters of the request."""

    def predict(given: Input, params: Mapping[str, Any]) -> Any:
        if isinstance(given, Rows):
            return [model(*(row if isinstance(row, list) else [row]), **params) for row in given.values]
        # A value that is not there leaves the parameter at its default.
        return [model(**_present(row), **params) for row in given.rows()]

    return predict


def _pickled(model: Any) -> Predict | None:
    return _function(model) if isinstance(model, FunctionType) else _estimator(model)


def _xgboost(model: Any) -> Predict | None:
    if hasattr(model, "get_booster"):
        return _estimator(model)
    xgboost = library("xgboost", "xgboost")

    def predict(given: Input, params: Mapping[str, Any]) -> Any:
        _mention(params)
        return model.predict(xgboost.DMatrix(arrays.matrix(given), feature_names=model.feature_names))

    return predict


def _lightgbm(model: Any) -> Predict:
    def predict(given: Input, params: Mapping[str, Any]) -> Any:
        _mention(params)
        return model.predict(arrays.matrix(given))

    return predict


def _graph(model: Any) -> Predict:
    """ONNX Runtime if it is installed, else the evaluator that comes with ONNX: it answers the same, slower."""
    try:
        import onnxruntime
    except ModuleNotFoundError:
        _log.warning("onnxruntime is not installed: the graph is evaluated by onnx itself, which is slow")
        session = library("onnx.reference", "onnx").ReferenceEvaluator(model)
        names, outputs = session.input_names, session.output_names
    else:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        names, outputs = ([one.name for one in listed] for listed in (session.get_inputs(), session.get_outputs()))

    def predict(given: Input, params: Mapping[str, Any]) -> Any:
        _mention(params)
        answered = session.run(None, arrays.tensors(given, names))
        return answered[0] if len(outputs) == 1 else dict(zip(outputs, answered, strict=True))

    return predict


def _module(model: Any) -> Predict | None:
    """A module of PyTorch. A state dict is weights alone, and predicts nothing."""
    if isinstance(model, Mapping):
        return None
    torch = library("torch", "pytorch")

    def predict(given: Input, params: Mapping[str, Any]) -> Any:
        _mention(params)
        with torch.inference_mode():
            return model(*(torch.from_numpy(array) for array in arrays.tensors(given, None).values()))

    return predict


def _program(model: Any) -> Predict | None:
    return _module(model.module())


def _pipeline(model: Any) -> Predict | None:
    """A pipeline of transformers, which takes a list of rows. Other models of transformers take tokens, not inputs."""
    if not hasattr(model, "task"):
        return None

    def predict(given: Input, params: Mapping[str, Any]) -> Any:
        if isinstance(given, Rows):
            return model(given.values, **params)
        columns = list(given.columns.values())
        return model(columns[0] if len(columns) == 1 else given.rows(), **params)

    return predict


_OF_SAVERS: Final[Mapping[str, Callable[[Any], Predict | None]]] = {
    "scikit_learn": _estimator,
    "xgboost": _xgboost,
    "lightgbm": _lightgbm,
    "pytorch": _module,
    "exported_program": _program,
    "transformers": _pipeline,
    "functions": _function,
    "pickled": _pickled,
}


def _present(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _takes_params(method: Callable[..., Any]) -> bool:
    try:
        params = inspect.signature(method).parameters.get("params")
    except ValueError:
        # A method in C tells nothing of its parameters.
        return False
    # scikit-learn's pipelines have ``**params``, which are arguments of their last step.
    return params is not None and params.kind is not params.VAR_KEYWORD


def _mention(params: Mapping[str, Any]) -> None:
    """Warn of parameters that the model does not take, as MLflow's server does."""
    if params:
        _log.warning("the model takes no parameters, and ignores %s", ", ".join(sorted(params)))
