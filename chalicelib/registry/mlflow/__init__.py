"""Registering what MLflow's clients logged, and serving registered versions' files to them."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.mlflow import registration, tracking, version_files

__all__ = [
    "registration",
    "tracking",
    "version_files",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
