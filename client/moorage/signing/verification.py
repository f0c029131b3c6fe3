"""Verify a bundle, and a folder by it, with a public key or with the certificates of an authority."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from moorage.signing.bundle import Bundle
from moorage.signing.elliptic import PublicKey
from moorage.signing.errors import SignatureError
from moorage.signing.folder import compare
from moorage.signing.model_statement import ModelStatement, statement_from


@dataclass(frozen=True, slots=True)
class SigningTrust:
    """Whose signatures count: those of a public key, or of whom an authority certified. One of both is given, in PEM.

    ``subjects`` are patterns of whom the certificate must name, such as ``*@example.org``; without any, nobody counts.
    """

    public_key: str | None = None
    authority: str | None = None
    subjects: Sequence[str] = ()

    def __post_init__(self) -> None:
        if (self.public_key is None) == (self.authority is None):
            raise ValueError("give a public key or an authority, and not both")
        if bool(self.subjects) != (self.authority is not None):
            raise ValueError("an authority needs subjects, and a public key has none: '*' is anybody")


@dataclass(frozen=True, slots=True)
class VerifiedBundle:
    """A bundle whose signature was verified. ``key`` is the SHA-256 of the key's PEM, ``names`` whom it belongs to."""

    payload: bytes
    key: str
    names: tuple[str, ...] = ()


def verify_bundle(bundle: Bundle, trust: SigningTrust) -> VerifiedBundle:
    """Check that whoever is trusted signed the bundle, whatever it says. Raises SignatureError, UnfitKeyError."""
    if bundle.keyless:
        raise SignatureError(
            "the bundle was signed without a key of its own: only sigstore's log proves when, so verify it with "
            "model_signing verify sigstore"
        )
    if trust.public_key is not None:
        key = PublicKey.from_pem(trust.public_key)
        names: tuple[str, ...] = ()
        if bundle.chain:
            raise SignatureError("the bundle was signed with a certificate: give its authority instead of a key")
        if bundle.hint not in ("", key.hint):
            raise SignatureError(f"the bundle was signed with the key {bundle.hint}, and not with this one, {key.hint}")
    else:
        key, names = _certified(bundle, trust)
    if not bundle.is_signed_by(key):
        raise SignatureError("the signature does not verify: the bundle was changed, or another key signed it")
    return VerifiedBundle(bundle.payload, key.hint, names)


def verify_folder(folder: Path, signature: Path, trust: SigningTrust) -> ModelStatement:
    """Check that a folder, or a file, holds exactly what somebody trusted signed. Returns what was stated.

    Raises SignatureError, UnfitKeyError.
    """
    verified = verify_bundle(Bundle.read(signature), trust)
    statement = statement_from(verified.payload)
    compare(folder, statement, signature)
    return statement


def _certified(bundle: Bundle, trust: SigningTrust) -> tuple[PublicKey, tuple[str, ...]]:
    from moorage.signing.certificates import signer_of

    if not bundle.chain:
        raise SignatureError("the bundle has no certificate: give the public key instead of an authority")
    key, names = signer_of(bundle.chain, trust.authority or "")
    if not any(_matches(pattern, name) for pattern in trust.subjects for name in names):
        raise SignatureError(f"the certificate is for {', '.join(names) or 'nobody'}, whom the subjects do not name")
    return key, names


def _matches(pattern: str, name: str) -> bool:
    """Whether the name matches. Only ``*`` is special: it matches any run of characters."""
    return fnmatchcase(name, pattern.replace("[", "[[]").replace("?", "[?]"))
