"""Find the trusted signer that signed a bundle."""

from collections.abc import Sequence
from typing import Final

from chalicelib.aws.signing.verification import (
    NotVerifiedError,
    identity_of,
    names_of,
    verify_by_authority,
    verify_by_key,
)
from chalicelib.domain.access.principal import matches
from chalicelib.domain.signing.bundle import Bundle, CertificateMaterial, KeylessMaterial, KeyMaterial, hint_of
from chalicelib.domain.signing.dsse import Envelope, invalid
from chalicelib.domain.signing.signature import SignedWith, SignerNotTrustedError
from chalicelib.domain.signing.signature_decisions import Verified
from chalicelib.domain.signing.trusted_signer import TrustedSigners

_MAX_IDENTITY: Final = 512


def verified(bundle: Bundle, signers: TrustedSigners) -> Verified:
    """By whom a bundle is signed, the first by name if several signers would do.

    One without a key of its own is not verified. Raises SignerNotTrustedError if nobody trusted signed it, and
    InvalidInputError if a trusted signer's name is on it and its signature is wrong.
    """
    match bundle.material:
        case KeyMaterial(hint):
            return _by_key(bundle.envelope, hint, signers)
        case CertificateMaterial(chain):
            return _by_certificate(bundle.envelope, chain, signers)
        case KeylessMaterial(certificate):
            return Verified(SignedWith.KEYLESS, identity=_identity(certificate))


def _by_key(envelope: Envelope, hint: str, signers: TrustedSigners) -> Verified:
    for name, signer in sorted(signers.by_name.items()):
        if not signer.public_key or hint not in ("", hint_of(signer.public_key)):
            continue
        try:
            verify_by_key(envelope, signer.public_key)
        except NotVerifiedError as error:
            if hint:
                raise invalid("/dsseEnvelope", f"names the key of the signer {name} and {error}") from error
            continue
        return Verified(SignedWith.KEY, name, signer.trust)
    named = f"the key {hint}" if hint else "a key that the bundle does not name"
    raise SignerNotTrustedError(
        f"The bundle is signed with {named}, and no trusted signer has it. GET /v1/signers lists the trusted ones."
    )


def _by_certificate(envelope: Envelope, chain: Sequence[bytes], signers: TrustedSigners) -> Verified:
    reasons = []
    for name, signer in sorted(signers.by_name.items()):
        if not signer.authority:
            continue
        try:
            certificate = verify_by_authority(envelope, chain, signer.authority)
            named = names_of(certificate)
        except NotVerifiedError as error:
            reasons.append(f"for the signer {name}, it {error}")
            continue
        if any(matches(pattern, one) for pattern in signer.subjects for one in named):
            return Verified(SignedWith.CERTIFICATE, name, signer.trust, _one_line(", ".join(named)))
        reasons.append(f"for the signer {name}, its certificate is for {', '.join(named)}, whom it does not name")
    raise SignerNotTrustedError(
        f"No trusted signer vouches for the bundle: {'; '.join(reasons) or 'none has certificates of an authority'}."
    )


def _identity(certificate: bytes) -> str:
    try:
        return _one_line(identity_of(certificate))
    except NotVerifiedError as error:
        raise invalid("/verificationMaterial/certificate", str(error)) from error


def _one_line(text: str) -> str:
    """What a certificate says, as it can be shown: printable, and not endless."""
    return "".join(one for one in text if one.isprintable())[:_MAX_IDENTITY]
