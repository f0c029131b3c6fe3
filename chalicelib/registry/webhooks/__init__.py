"""Webhooks and their deliveries."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.webhooks import deliveries, redelivery, saving, webhooks

__all__ = [
    "deliveries",
    "redelivery",
    "saving",
    "webhooks",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
