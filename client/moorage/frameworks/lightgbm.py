"""LightGBM: its own text, which holds trees and parameters, no code."""

from pathlib import Path
from typing import Any, Final

from moorage.frameworks.saver import STEM, Saved, Stored, library
from moorage.frameworks.signatures import from_example

FORMATS: Final = ("text",)
RUNS_CODE: Final[frozenset[str]] = frozenset()


def save(model: Any, directory: Path, format: str, example: Any) -> Saved:
    path = directory / f"{STEM}.txt"
    _booster(model).save_model(path)
    return Saved(path.name)


def load(stored: Stored) -> Any:
    """The ``Booster``. The text does not hold the classes of scikit-learn's interface, so that is not made again."""
    return library("lightgbm", "lightgbm").Booster(model_file=stored.entry)


def signature(model: Any, example: Any) -> dict[str, Any] | None:
    """The signature of what is loaded: of the booster, which answers with probabilities or values."""
    return from_example(example, _booster(model).predict)


def _booster(model: Any) -> Any:
    return model.booster_ if hasattr(model, "booster_") else model
