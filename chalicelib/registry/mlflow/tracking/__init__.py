"""Experiments, runs, logged models and their files: what clients write before they register anything.

A package of its own, because it knows nothing of registered versions. Registration, one level up, reads from it; it
never reads from registration.
"""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.mlflow.tracking import artifacts, experiments, logged_models, runs, searching

__all__ = [
    "artifacts",
    "experiments",
    "logged_models",
    "runs",
    "searching",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
