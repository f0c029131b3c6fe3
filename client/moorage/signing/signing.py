"""Sign a folder with a key of one's own, as ``model_signing sign key`` does."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Final

from moorage.digests import digest_file
from moorage.extras import need
from moorage.local_copy.record import OWN_NAMES
from moorage.local_files import gather
from moorage.signing.bundle import bundle_document, pae
from moorage.signing.elliptic import PublicKey
from moorage.signing.errors import SignatureError, UnfitKeyError
from moorage.signing.folder import SIGNATURE_FILE
from moorage.signing.model_statement import payload_about

# A folder may become a repository after it was signed.
_GIT: Final = ".git"


def sign_folder(folder: Path, private_key: str, signature: Path | None = None, password: str | None = None) -> Path:
    """Sign the files of a folder with a private key in PEM, and write the bundle. Returns where.

    The bundle is written to ``model.sig`` in the folder, or to ``signature``. It is about the files that ``register``
    takes of the folder, without itself, and says what was left out. Needs the package cryptography. Raises
    UnfitKeyError, and SignatureError for a folder with links or without files.
    """
    if not folder.is_dir():
        raise SignatureError(f"{folder} is not a folder")
    target = folder / SIGNATURE_FILE if signature is None else signature
    ignored = {_GIT, *OWN_NAMES}
    if target.resolve().is_relative_to(folder.resolve()):
        ignored.add(target.resolve().relative_to(folder.resolve()).as_posix())
    digests, left_out = _digests(folder, ignored)
    payload = payload_about(folder.resolve().name, digests, ignored | left_out)
    public, signed = _signed(private_key, password, pae(payload))
    document = bundle_document(payload, signed, PublicKey.from_pem(public).hint)
    target.write_text(json.dumps(document), encoding="utf-8")
    return target


def _digests(folder: Path, ignored: Collection[str]) -> tuple[dict[str, str], set[str]]:
    """The SHA-256 of every file to sign by its path, and the paths that ``register`` leaves out."""
    try:
        gathered = gather(folder)
    except ValueError as error:
        raise SignatureError(str(error)) from error
    files = {path: file for path, file in gathered.files.items() if path not in ignored}
    link = next((file for file in files.values() if file.is_symlink()), None)
    if link is not None:
        raise SignatureError(f"{link} is a link, and a signature is about files only")
    if not files:
        raise SignatureError(f"{folder} has no files to sign")
    left_out = {path.relative_to(folder).as_posix() for path in gathered.ignored}
    return {path: digest_file(file).sha256 for path, file in files.items()}, left_out


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
