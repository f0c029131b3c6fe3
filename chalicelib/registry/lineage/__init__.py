"""What versions come from, and what came of them."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.lineage import asking, repeating, stating, walking

__all__ = [
    "asking",
    "repeating",
    "stating",
    "walking",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
