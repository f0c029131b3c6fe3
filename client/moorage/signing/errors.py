"""What can be wrong with a signature or a key."""

from moorage.errors import IntegrityError, MoorageError


class SignatureError(IntegrityError):
    """A signature is missing, does not verify, or is about other files."""


class UnfitKeyError(MoorageError):
    """A text is no key or certificate in PEM, or of a kind that signs no versions."""
