"""Advisory indexes, assessments of versions, and what is stated about them."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.vulnerabilities import affected, assessing, indexes, rematching, stating

__all__ = [
    "affected",
    "assessing",
    "indexes",
    "rematching",
    "stating",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
