"""Keys and certificates for tests of signing."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from chalicelib.aws.signing.elliptic import algorithm_of, pem_of
from chalicelib.domain.signing.dsse import Envelope, EnvelopeSignature, pae

# The same in every run, for examples and stored items.
FIXED_KEY = ec.derive_private_key(20_261_129, ec.SECP256R1())
CURVES = (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1())
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def new_key(curve: ec.EllipticCurve = CURVES[0]) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve)


def private_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return pem_of(key.public_key())


def signed(key: ec.EllipticCurvePrivateKey, payload: bytes) -> Envelope:
    """An envelope with the key's signature: the same for the same payload at every time (RFC 6979)."""
    algorithm = ec.ECDSA(algorithm_of(key.public_key()).algorithm, deterministic_signing=True)
    signature = key.sign(pae("application/vnd.in-toto+json", payload), algorithm)
    return Envelope(payload, (EnvelopeSignature(signature),))


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def issued(
    name: str,
    by: Issued | None = None,
    *,
    authority: bool = False,
    email: str | None = None,
    usage: x509.ExtensionType | None = None,
    began: datetime = BEGAN,
    days: int = 30,
    extra: x509.ExtensionType | None = None,
    path_length: int | None = None,
    curve: ec.EllipticCurve = CURVES[0],
) -> Issued:
    """A certificate of ``name``; signed by itself unless ``by`` issues it. It may sign unless ``usage`` is given."""
    key = new_key(curve)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if by is None else by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
    )
    if not authority:
        builder = builder.add_extension(usage or x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False)
    if email is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(email)]), False)
    if extra is not None:
        builder = builder.add_extension(extra, critical=True)
    return Issued(key, builder.sign(key if by is None else by.key, SHA256()))
