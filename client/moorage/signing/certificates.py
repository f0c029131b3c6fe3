"""Certificates of an authority, with the package cryptography: ``pip install 'moorage[signing]'``.

As OpenSSF Model Signing has it: every certificate is signed by the next, the last by the authority, each was valid when
the first began to be, and the first may sign. So a certificate that has expired since still verifies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moorage.extras import need
from moorage.signing.elliptic import PublicKey
from moorage.signing.errors import SignatureError, UnfitKeyError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeVar

    from cryptography.x509 import Certificate, ExtensionType

    E = TypeVar("E", bound=ExtensionType)


def signer_of(chain: Sequence[bytes], authority: str) -> tuple[PublicKey, tuple[str, ...]]:
    """The key of a bundle's first certificate and whom it names, if the authority, in PEM, vouches for it.

    Raises SignatureError, UnfitKeyError.
    """
    need("cryptography", "signing", "verifying certificates")
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificates

    try:
        authorities = load_pem_x509_certificates(authority.encode())
        for one in authorities:
            _read(one)
    except _unreadable() as error:
        raise UnfitKeyError("the authority's file is not a certificate in PEM") from error
    try:
        certificates = [load_der_x509_certificate(der) for der in chain]
        for certificate in certificates:
            _read(certificate)
            _check_judged(certificate)
        signer = certificates[0]
        _check_may_sign(signer)
        _check_chain(certificates, authorities)
        pem = signer.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return PublicKey.from_pem(pem), _names(signer)
    except UnfitKeyError as error:
        raise SignatureError(f"the bundle's first certificate: {error.message}") from error
    except _unreadable() as error:
        raise SignatureError("the bundle carries something that is not a certificate, or an unreadable one") from error


def _unreadable() -> tuple[type[Exception], ...]:
    """What the library raises for certificates that break their own form. A TypeError is of a name's odd type."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import DuplicateExtension, InvalidVersion, UnsupportedGeneralNameType

    return (ValueError, TypeError, UnsupportedAlgorithm, DuplicateExtension, InvalidVersion, UnsupportedGeneralNameType)


def _read(certificate: Certificate) -> None:
    """Read the parts that the library reads only when they are asked for. Raises what ``_unreadable`` lists."""
    _ = certificate.subject, certificate.issuer, certificate.extensions


def _names(certificate: Certificate) -> tuple[str, ...]:
    """Whom a certificate names: its subject (RFC 4514), and its alternative names: e-mail, URI, DNS."""
    from cryptography.x509 import DNSName, RFC822Name, SubjectAlternativeName, UniformResourceIdentifier

    named = [certificate.subject.rfc4514_string()] if certificate.subject.rdns else []
    others = _extension(certificate, SubjectAlternativeName)
    if others is not None:
        for kind in (RFC822Name, UniformResourceIdentifier, DNSName):
            named += others.get_values_for_type(kind)
    return tuple(named)


def _check_chain(chain: Sequence[Certificate], authorities: Sequence[Certificate]) -> None:
    """Follow the issuers from the first certificate until one of the authorities."""
    when = chain[0].not_valid_before_utc
    current, rest = chain[0], list(chain[1:])
    for depth in range(len(chain) + 1):
        if not current.not_valid_before_utc <= when <= current.not_valid_after_utc:
            raise SignatureError("the bundle has a certificate that was not valid when the signer's began to be")
        if current in authorities:
            return
        issuer = next((one for one in (*authorities, *rest) if _issued(current, one, depth)), None)
        if issuer is None:
            break
        rest = [one for one in rest if one != issuer]
        current = issuer
    raise SignatureError("the bundle's certificates do not lead to this authority")


def _issued(certificate: Certificate, issuer: Certificate, depth: int) -> bool:
    """Whether ``issuer`` is an authority that signed ``certificate``, with ``depth`` authorities in between."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.hashes import MD5, SHA1
    from cryptography.x509 import BasicConstraints, KeyUsage

    constraints, usage = _extension(issuer, BasicConstraints), _extension(issuer, KeyUsage)
    if constraints is None or not constraints.ca or (usage is not None and not usage.key_cert_sign):
        return False
    if constraints.path_length is not None and depth > constraints.path_length:
        return False
    # Unreadable also if the names differ, or the issuer's key is of a kind that signs no certificates.
    refusals: tuple[type[Exception], ...] = (InvalidSignature, *_unreadable())
    try:
        # Of these hashes, two certificates can be made to have the same one.
        if isinstance(certificate.signature_hash_algorithm, MD5 | SHA1):
            return False
        certificate.verify_directly_issued_by(issuer)
    except refusals:
        return False
    return True


def _check_judged(certificate: Certificate) -> None:
    """Refuse a certificate with a condition that is not judged here, such as a limit of names."""
    from cryptography.x509.oid import ExtensionOID

    judged = {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
    unknown = [one.oid.dotted_string for one in certificate.extensions if one.critical and one.oid not in judged]
    if unknown:
        raise SignatureError(f"a certificate has the critical extension {unknown[0]}, which Moorage does not judge")


def _check_may_sign(certificate: Certificate) -> None:
    from cryptography.x509 import ExtendedKeyUsage, KeyUsage
    from cryptography.x509.oid import ExtendedKeyUsageOID

    usage, extended = _extension(certificate, KeyUsage), _extension(certificate, ExtendedKeyUsage)
    if usage is not None and usage.digital_signature:
        return
    if extended is not None and ExtendedKeyUsageOID.CODE_SIGNING in extended:
        return
    raise SignatureError("the bundle's first certificate may not be used to sign")


def _extension(certificate: Certificate, kind: type[E]) -> E | None:
    from cryptography.x509 import ExtensionNotFound

    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except ExtensionNotFound:
        return None
