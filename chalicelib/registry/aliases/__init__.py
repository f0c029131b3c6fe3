"""Aliases."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.aliases import aliases, challengers, sealing

__all__ = [
    "aliases",
    "challengers",
    "sealing",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
