"""Targets and deployments."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.deployments import (
        deployments,
        observing,
        opening,
        places,
        recalling,
        reporting,
        targets,
        withdrawing,
    )

__all__ = [
    "deployments",
    "observing",
    "opening",
    "places",
    "recalling",
    "reporting",
    "targets",
    "withdrawing",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
