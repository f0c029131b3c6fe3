"""Schedules, what they do, and when."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.schedules import firing, running, saving, schedules

__all__ = [
    "firing",
    "running",
    "saving",
    "schedules",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
