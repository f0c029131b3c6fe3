"""Find the trusted signer that signed an attestation."""

from typing import Final

from chalicelib.aws.signing.verification import NotVerifiedError, verify_by_key
from chalicelib.domain.evidence.attestation import Envelope, Verification
from chalicelib.domain.signing.trusted_signer import TrustedSigners

_NOBODY: Final = "no trusted signer's public key verifies a signature of it"


def verified(envelope: Envelope, signers: TrustedSigners) -> Verification:
    """By whom the envelope is signed: the first by name if several signers are.

    An envelope carries no certificates, so only signers with a public key can have signed it.
    """
    signed = envelope.signed()
    for name, signer in sorted(signers.by_name.items()):
        if not signer.public_key:
            continue
        try:
            verify_by_key(signed, signer.public_key)
        except NotVerifiedError:
            continue
        return Verification(name, signer.trust)
    return Verification(reason=_NOBODY)
