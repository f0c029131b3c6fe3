"""Monitors, their windows, verdicts on them, and what follows."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.monitoring import acting, baselines, monitors, watching, windows

__all__ = [
    "acting",
    "baselines",
    "monitors",
    "watching",
    "windows",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
