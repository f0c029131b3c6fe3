"""Signatures of versions: the registry's own, those that somebody brings, statements, and who is trusted to sign."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.signing import judged, signatures, signers, signing, statements, verifying

__all__ = ["judged", "signatures", "signers", "signing", "statements", "verifying"]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
