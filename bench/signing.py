"""A signer and a bundle about the seeded files, for the endpoints that take them."""

from collections.abc import Sequence
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from chalicelib.aws.signing.elliptic import pem_of
from chalicelib.aws.signing.signing_key import PemKey
from chalicelib.domain.signing.bundle import Bundle, KeyMaterial, hint_of
from chalicelib.domain.signing.dsse import PAYLOAD_TYPE, Envelope, EnvelopeSignature, pae
from chalicelib.domain.signing.model_statement import payload_for
from chalicelib.domain.versions.manifest import File

_PRIVATE: Final = ec.generate_private_key(ec.SECP256R1())
_PEM: Final = _PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
SIGNER: Final = {"public_key": pem_of(_PRIVATE.public_key())}


def bundle(name: str, files: Sequence[File]) -> dict[str, Any]:
    """A bundle about ``files``; ``name`` is what it calls the folder."""
    payload = payload_for(name, 7, "d" * 64, files)
    made = PemKey(lambda: _PEM).sign(pae(PAYLOAD_TYPE, payload))
    envelope = Envelope(payload, (EnvelopeSignature(made.signature),))
    return Bundle(KeyMaterial(hint_of(made.public_pem)), envelope).document()
