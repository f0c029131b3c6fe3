"""Which module saves an object, by the class of the object. No framework is imported to find out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Final

from moorage.errors import IncompatibleModelError, UnsupportedModelError
from moorage.frameworks import (
    exported_program,
    functions,
    lightgbm,
    onnx,
    pickled,
    pytorch,
    scikit_learn,
    transformers,
    xgboost,
)
from moorage.frameworks.saver import Saver


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework: its name in the registry, its import name, its classes that can be saved, and what saves them.

    ``saver_name`` stands for the saver in descriptors.
    """

    name: str
    package: str
    classes: frozenset[str]
    saver_name: str
    saver: Saver


def _framework(name: str, package: str, classes: str, saver_name: str, saver: Saver) -> Framework:
    return Framework(name, package, frozenset(classes.split()), saver_name, saver)


FUNCTIONS: Final = _framework("python", "builtins", "function", "functions", functions)
PYTORCH: Final = _framework("pytorch", "torch", "Module", "pytorch", pytorch)
FRAMEWORKS: Final = (
    _framework("scikit-learn", "sklearn", "BaseEstimator", "scikit_learn", scikit_learn),
    _framework("xgboost", "xgboost", "Booster XGBModel", "xgboost", xgboost),
    _framework("lightgbm", "lightgbm", "Booster LGBMModel", "lightgbm", lightgbm),
    PYTORCH,
    _framework("pytorch", "torch", "ExportedProgram", "exported_program", exported_program),
    _framework("onnx", "onnx", "ModelProto", "onnx", onnx),
    _framework("transformers", "transformers", "PreTrainedModel Pipeline", "transformers", transformers),
    FUNCTIONS,
)
# Saves any object, but only on request.
PICKLED: Final = "pickled"


def framework_of(model: object) -> Framework | None:
    """The framework of an object, None if it is of none that is known.

    The first class counts that a framework knows, from the object's own to its most general one: ``XGBClassifier`` is
    a class of XGBoost first, and one of scikit-learn after that.
    """
    if isinstance(model, FunctionType):
        return FUNCTIONS
    if _is_state_dict(model):
        return PYTORCH
    found = (framework for kind in _qualified(type(model)) for framework in FRAMEWORKS if _knows(framework, *kind))
    return next(found, None)


def saver_for(model: object, wanted: str | None) -> tuple[str, Saver, str]:
    """The name of the saver, the saver and the format for a model. ``wanted`` is the format that was asked for.

    Raises UnsupportedModelError if nothing saves the model, or not in that format.
    """
    framework = framework_of(model)
    if framework is not None and wanted in (None, *framework.saver.FORMATS):
        return framework.saver_name, framework.saver, wanted or framework.saver.FORMATS[0]
    if wanted in pickled.FORMATS:
        return PICKLED, pickled, wanted
    kind = f"{type(model).__module__}.{type(model).__qualname__}"
    if framework is None:
        known = ", ".join(dict.fromkeys(one.name for one in FRAMEWORKS if one is not FUNCTIONS))
        raise UnsupportedModelError(
            f"nothing saves a {kind} safely: log an object of {known}, or a function. format='pickle' saves any "
            "object, but whoever loads it runs its code"
        )
    formats = ", ".join((*framework.saver.FORMATS, *pickled.FORMATS))
    raise UnsupportedModelError(f"a {kind} cannot be saved as {wanted!r}, only as {formats}")


def saver_named(name: str, version: str) -> Saver:
    """The saver that wrote ``version``. Raises IncompatibleModelError if this release does not have it."""
    if name == PICKLED:
        return pickled
    found = next((framework.saver for framework in FRAMEWORKS if framework.saver_name == name), None)
    if found is None:
        raise IncompatibleModelError(f"{version} was saved by {name!r}, which this release of moorage does not know")
    return found


def _qualified(kind: type) -> Iterator[tuple[str, str]]:
    return ((one.__module__.partition(".")[0], one.__name__) for one in kind.__mro__)


def _knows(framework: Framework, package: str, name: str) -> bool:
    return package == framework.package and name in framework.classes


def _is_state_dict(model: object) -> bool:
    """Whether it is a mapping of names to tensors of PyTorch."""
    return (
        isinstance(model, Mapping)
        and len(model) > 0
        and all(("torch", "Tensor") in _qualified(type(value)) for value in model.values())
    )
