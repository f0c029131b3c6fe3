"""Searches of versions and models, and rankings by a metric."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.search import best, holders, known_names, search, series

__all__ = [
    "best",
    "holders",
    "known_names",
    "search",
    "series",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
