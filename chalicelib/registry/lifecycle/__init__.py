"""Freezes, locks, legal holds, retention and removal."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.lifecycle import duties, patrol, removal, restrictions, retention

__all__ = [
    "duties",
    "patrol",
    "removal",
    "restrictions",
    "retention",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
