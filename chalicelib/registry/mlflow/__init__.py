"""Use cases of MLflow's clients: tracking, registering what they logged, files of versions, webhooks."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.mlflow import registration, tracking, version_files, webhooks

__all__ = [
    "registration",
    "tracking",
    "version_files",
    "webhooks",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
