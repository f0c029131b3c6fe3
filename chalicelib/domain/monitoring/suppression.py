"""Leaving small groups of people out of the windows and baselines of a model whose data is personal.

Its classification says so, or the field ``personal_data`` of its metadata with the value true.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from chalicelib.domain.models.model import Model
from chalicelib.domain.monitoring.monitor import Definition
from chalicelib.domain.monitoring.window import Window
from chalicelib.domain.statistics.histogram import Histogram, suppressed

FLAG: Final = "personal_data"
# Nobody is told how many examples a category has that has fewer.
LEAST: Final = 5


def is_personal(model: Model, metadata: Mapping[str, object]) -> bool:
    """Whether a model's classification or metadata says that its data is personal."""
    classified = model.classification is not None and model.classification.personal_data
    return classified or metadata.get(FLAG) is True


def without_small_cells(window: Window) -> Window:
    """The window without categories of fewer than five examples, which join the other values."""
    return replace(window, features=_suppressed(window.features))


def with_baseline_suppressed(definition: Definition) -> Definition:
    """The definition with a baseline that leaves out what windows leave out."""
    return replace(definition, baseline=_suppressed(definition.baseline))


def _suppressed(features: tuple[Histogram, ...]) -> tuple[Histogram, ...]:
    return tuple(suppressed(feature, LEAST) for feature in features)
