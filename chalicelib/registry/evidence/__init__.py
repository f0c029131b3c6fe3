"""Checks, evaluations and comparisons."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.evidence import checks, comparison, evaluation_history, evaluations, evidence_files

__all__ = [
    "checks",
    "comparison",
    "evaluation_history",
    "evaluations",
    "evidence_files",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
