"""Browser sessions: who is signed in to the web interface."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.sessions import code_flow, sessions, sign_in

__all__ = [
    "code_flow",
    "sessions",
    "sign_in",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
