"""Verify envelopes with a public key, or with certificates of an authority.

What a chain of certificates must be is that of OpenSSF Model Signing: every certificate is signed by the next, the last
by the authority, each was valid when the first one began to be, and the first one may sign. Bundles have no time of
their own that a verifier could trust, so a certificate that has expired since still verifies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.aws.signing.elliptic import UnfitKeyError, fit, is_signed, public_key_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeVar

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.x509 import Certificate, ExtensionType

    from chalicelib.domain.signing.dsse import Envelope

    E = TypeVar("E", bound=ExtensionType)


class NotVerifiedError(Exception):
    """The signature does not verify. The message says why, without a subject: "is not signed by this key"."""


def verify_by_key(envelope: Envelope, public_pem: str) -> None:
    """Check that the key signed the envelope. Raises NotVerifiedError, UnfitKeyError."""
    key = public_key_from(public_pem)
    if not any(is_signed(key, one.sig, envelope.signed_part) for one in envelope.signatures):
        raise NotVerifiedError("is not signed by this key")


def verify_by_authority(envelope: Envelope, chain: Sequence[bytes], authority_pem: str) -> Certificate:
    """Check that the key of the first certificate signed the envelope, and that the authority vouches for it.

    ``chain`` is in DER, the signer's first. Returns the signer's certificate. Raises NotVerifiedError, UnfitKeyError.
    """
    authorities = certificates_from(authority_pem)
    certificates = [loaded_certificate(der) for der in chain]
    signer = certificates[0]
    for certificate in certificates:
        _check_judged(certificate)
    _check_may_sign(signer)
    _check_chain(certificates, authorities)
    key = _key_of(signer)
    if not any(is_signed(key, one.sig, envelope.signed_part) for one in envelope.signatures):
        raise NotVerifiedError("is not signed by the key of its first certificate")
    return signer


def certificates_from(pem: str) -> list[Certificate]:
    """The certificates of a PEM, at least one. Raises UnfitKeyError."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        certificates = load_pem_x509_certificates(pem.encode())
        for certificate in certificates:
            _read(certificate)
    except unreadable() as error:
        raise UnfitKeyError("is not a certificate in PEM") from error
    return certificates


def authority_pem(pem: str) -> str:
    """The same certificates in the form in which they are kept. Raises UnfitKeyError if there is none."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return "".join(one.public_bytes(Encoding.PEM).decode() for one in certificates_from(pem))


def identity_of(der: bytes) -> str:
    """Whom a certificate names, and the issuer of its owner's token if it says so, as text. Nothing is verified.

    Raises NotVerifiedError if it cannot be read.
    """
    certificate = loaded_certificate(der)
    _check_judged(certificate)
    named = ", ".join(names_of(certificate))
    issuer = _token_issuer(certificate)
    return f"{named} (by {issuer})" if issuer else named


def names_of(certificate: Certificate) -> tuple[str, ...]:
    """Whom a certificate names: its subject (RFC 4514), and its alternative names: e-mail, URI, DNS."""
    from cryptography.x509 import DNSName, RFC822Name, SubjectAlternativeName, UniformResourceIdentifier

    named = [certificate.subject.rfc4514_string()] if certificate.subject.rdns else []
    others = _extension(certificate, SubjectAlternativeName)
    if others is not None:
        for kind in (RFC822Name, UniformResourceIdentifier, DNSName):
            named += others.get_values_for_type(kind)
    return tuple(named)


def loaded_certificate(der: bytes) -> Certificate:
    """A certificate from its DER. Raises NotVerifiedError if it is none, or a part of it cannot be read."""
    from cryptography.x509 import load_der_x509_certificate

    try:
        certificate = load_der_x509_certificate(der)
        _read(certificate)
    except unreadable() as error:
        raise NotVerifiedError("carries something that is not a certificate, or an unreadable one") from error
    return certificate


def unreadable() -> tuple[type[Exception], ...]:
    """What the library raises for certificates that break their own form. A TypeError is of a name's odd type."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import DuplicateExtension, InvalidVersion, UnsupportedGeneralNameType

    return (ValueError, TypeError, UnsupportedAlgorithm, DuplicateExtension, InvalidVersion, UnsupportedGeneralNameType)


def _read(certificate: Certificate) -> None:
    """Read the parts that the library reads only when they are asked for. Raises what ``unreadable`` lists."""
    _ = certificate.subject, certificate.issuer, certificate.extensions


def _key_of(signer: Certificate) -> EllipticCurvePublicKey:
    """The key of a certificate, if signatures can be verified with it. Raises NotVerifiedError."""
    try:
        return fit(signer.public_key())
    except UnfitKeyError as error:
        raise NotVerifiedError(f"has a first certificate whose key {error}") from error
    except unreadable() as error:
        raise NotVerifiedError("has a first certificate whose key is of an unknown kind") from error


def _check_chain(chain: Sequence[Certificate], authorities: Sequence[Certificate]) -> None:
    """Follow the issuers from the first certificate until one of the authorities."""
    when = chain[0].not_valid_before_utc
    current, rest = chain[0], list(chain[1:])
    for depth in range(len(chain) + 1):
        if not current.not_valid_before_utc <= when <= current.not_valid_after_utc:
            raise NotVerifiedError("has a certificate that was not valid when the signer's began to be")
        if current in authorities:
            return
        issuer = next((one for one in (*authorities, *rest) if _issued(current, one, depth)), None)
        if issuer is None:
            break
        rest = [one for one in rest if one != issuer]
        current = issuer
    raise NotVerifiedError("has certificates that do not lead to this authority")


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
    refusals: tuple[type[Exception], ...] = (InvalidSignature, *unreadable())
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
        raise NotVerifiedError(f"has a certificate with the critical extension {unknown[0]}, which is not judged here")


def _check_may_sign(certificate: Certificate) -> None:
    from cryptography.x509 import ExtendedKeyUsage, KeyUsage
    from cryptography.x509.oid import ExtendedKeyUsageOID

    usage, extended = _extension(certificate, KeyUsage), _extension(certificate, ExtendedKeyUsage)
    may = (usage is not None and usage.digital_signature) or (
        extended is not None and ExtendedKeyUsageOID.CODE_SIGNING in extended
    )
    if not may:
        raise NotVerifiedError("has a first certificate that may not be used to sign")


def _token_issuer(certificate: Certificate) -> str:
    """The issuer of the OIDC token for which Fulcio made the certificate; empty if it does not say.

    https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
    """
    from cryptography.x509 import UnrecognizedExtension

    said = {
        one.oid.dotted_string: one.value.value
        for one in certificate.extensions
        if isinstance(one.value, UnrecognizedExtension)
    }
    newer = said.get("1.3.6.1.4.1.57264.1.8", b"")
    # A UTF8String in DER of fewer than 128 bytes has a tag and a length of one byte each.
    is_short_text = len(newer) > 2 and newer[0] == 0x0C and len(newer) == 2 + newer[1]
    return (newer[2:] if is_short_text else said.get("1.3.6.1.4.1.57264.1.1", b"")).decode("utf-8", "replace")


def _extension(certificate: Certificate, kind: type[E]) -> E | None:
    from cryptography.x509 import ExtensionNotFound

    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except ExtensionNotFound:
        return None
