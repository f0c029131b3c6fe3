"""Sign a folder with a key of one's own, as ``model_signing sign key`` does."""

import json
from pathlib import Path

from moorage.extras import need
from moorage.local_copy.record import OWN_NAMES
from moorage.signing.bundle import bundle_document, pae
from moorage.signing.elliptic import PublicKey
from moorage.signing.errors import SignatureError, UnfitKeyError
from moorage.signing.folder import GIT_PATHS, SIGNATURE_FILE, digests_of
from moorage.signing.model_statement import payload_about


def sign_folder(folder: Path, private_key: str, signature: Path | None = None, password: str | None = None) -> Path:
    """Sign the files of a folder with a private key in PEM, and write the bundle. Returns where.

    The bundle is written to ``model.sig`` in the folder, or to ``signature``. It is about all files but itself, what
    ``moorage download`` keeps there, and git's own files, which ``model_signing`` leaves out too. Needs the package
    cryptography. Raises UnfitKeyError, SignatureError.
    """
    if not folder.is_dir():
        raise SignatureError(f"{folder} is not a folder")
    target = folder / SIGNATURE_FILE if signature is None else signature
    ignored = [*GIT_PATHS, *OWN_NAMES]
    if target.resolve().is_relative_to(folder.resolve()):
        ignored.append(target.resolve().relative_to(folder.resolve()).as_posix())
    payload = payload_about(folder.resolve().name, digests_of(folder, ignored), ignored)
    public, signed = _signed(private_key, password, pae(payload))
    document = bundle_document(payload, signed, PublicKey.from_pem(public).hint)
    target.write_text(json.dumps(document), encoding="utf-8")
    return target


def _signed(pem: str, password: str | None, content: bytes) -> tuple[str, bytes]:
    """The public key in PEM, and the signature in DER."""
    need("cryptography", "signing", "signing")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

    try:
        key = load_pem_private_key(pem.encode(), None if password is None else password.encode())
    # A TypeError says that there is a password and none was given, or the other way.
    except (ValueError, TypeError) as error:
        raise UnfitKeyError(f"this is not a private key in PEM, or its password is another: {error}") from error
    by_curve = {"secp256r1": hashes.SHA256(), "secp384r1": hashes.SHA384(), "secp521r1": hashes.SHA512()}
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name not in by_curve:
        raise UnfitKeyError("the key must be on the curve P-256, P-384 or P-521")
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return public, key.sign(content, ec.ECDSA(by_curve[key.curve.name]))
