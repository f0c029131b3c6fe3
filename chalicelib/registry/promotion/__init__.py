"""Moves between stages, and the requests for them."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.promotion import dry_runs, inbox, requests, scheme_assignment, simulation, stages

__all__ = [
    "dry_runs",
    "inbox",
    "requests",
    "scheme_assignment",
    "simulation",
    "stages",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
