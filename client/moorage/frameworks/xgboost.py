"""XGBoost: its own files, as UBJSON or JSON. They hold trees and parameters, no code."""

from pathlib import Path
from typing import Any, Final

from moorage.errors import IncompatibleModelError
from moorage.frameworks.saver import STEM, Saved, Stored, library
from moorage.frameworks.signatures import from_example

FORMATS: Final = ("ubj", "json")
RUNS_CODE: Final[frozenset[str]] = frozenset()

_EXTRA: Final = "xgboost"
# What a descriptor may name: a file chooses among these classes, and nothing else.
_CLASSES: Final = frozenset(
    ["Booster", "XGBClassifier", "XGBRegressor", "XGBRanker", "XGBRFClassifier", "XGBRFRegressor", "XGBModel"]
)


def save(model: Any, directory: Path, format: str, example: Any) -> Saved:
    path = directory / f"{STEM}.{format}"
    model.save_model(path)
    kind = next(one.__name__ for one in type(model).__mro__ if one.__name__ in _CLASSES)
    return Saved(path.name, details={"class": kind})


def load(stored: Stored) -> Any:
    """An object of the class that was logged. For a class of the caller's own, the one of XGBoost that it extends."""
    xgboost = library("xgboost", _EXTRA)
    kind = stored.descriptor.details.get("class")
    if kind not in _CLASSES:
        raise IncompatibleModelError(f"{stored.version} names the class {kind!r}, which is none of XGBoost's models")
    model = getattr(xgboost, kind)()
    model.load_model(stored.entry)
    return model


def signature(model: Any, example: Any) -> dict[str, Any] | None:
    if hasattr(model, "get_booster"):
        return from_example(example, model.predict)
    xgboost = library("xgboost", _EXTRA)
    return from_example(example, lambda rows: model.predict(xgboost.DMatrix(rows)))
