"""The audit trail, its anchors, and usage."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.audit import (
        anchors,
        audit,
        changes,
        history,
        ledgers,
        past,
        state,
        stored_bytes,
        usage,
        use_counts,
    )

__all__ = [
    "anchors",
    "audit",
    "changes",
    "history",
    "ledgers",
    "past",
    "state",
    "stored_bytes",
    "usage",
    "use_counts",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
