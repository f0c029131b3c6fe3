"""Who may do what: tokens, roles, grants, trusts."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.access import access, classified, grants, quotas, roles, tokens, trusts

__all__ = [
    "access",
    "classified",
    "grants",
    "quotas",
    "roles",
    "tokens",
    "trusts",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
