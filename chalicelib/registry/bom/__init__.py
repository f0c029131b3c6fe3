"""Bills of materials: made of what is stored of a version, and read into its model's card."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.bom import exporting, importing

__all__ = [
    "exporting",
    "importing",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
