"""Bundles beside the reference implementation of OpenSSF Model Signing: it takes ours, we take its, of every kind."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import model_signing
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from model_signing import hashing, signing, verifying
from moorage.signing.errors import SignatureError
from moorage.signing.signing import sign_folder
from moorage.signing.verification import SigningTrust, verify_folder

from chalicelib.aws.signing.signing_key import PemKey
from chalicelib.aws.signing.verification import verify_by_authority, verify_by_key
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.signing.bundle import Bundle, CertificateMaterial, KeyMaterial, bundle_from, hint_of
from chalicelib.domain.signing.dsse import PAYLOAD_TYPE, Envelope, EnvelopeSignature, pae
from chalicelib.domain.signing.model_statement import check_covers, payload_for, statement_from
from chalicelib.domain.versions.manifest import File

CURVES = [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()]
each_curve = pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
CONTENTS = {
    "model.bin": b"weights" * 1000,
    "data/classes.json": b'["a", "b"]',
    "data.txt": b"beside the folder data",
    "a b/ü:1.txt": "ö".encode(),
    "empty": b"",
}


class Key:
    """A key, as texts and as files."""

    def __init__(self, folder: Path, curve: ec.EllipticCurve) -> None:
        self.key = ec.generate_private_key(curve)
        self.private_pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        public = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.public_pem = public.decode()
        self.private, self.public = folder / "key", folder / "key.pub"
        self.private.write_text(self.private_pem)
        self.public.write_text(self.public_pem)

    @property
    def trust(self) -> SigningTrust:
        return SigningTrust(public_key=self.public_pem)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    for path, content in CONTENTS.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@pytest.fixture
def signature(tmp_path: Path) -> Path:
    return tmp_path / "model.sig"


def files_of(folder: Path) -> list[File]:
    import hashlib

    paths = [path for path in folder.rglob("*") if path.is_file()]
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return [File(path, len(content), hashlib.sha256(content).hexdigest()) for path, content in contents.items()]


def registry_bundle(key: Key, folder: Path) -> dict[str, Any]:
    """The bundle that the registry makes of a version's files."""
    payload = payload_for("fraud", 3, "d" * 64, files_of(folder))
    signature, public = PemKey(lambda: key.private_pem).sign(pae(PAYLOAD_TYPE, payload))
    envelope = Envelope(payload, (EnvelopeSignature(signature),))
    return Bundle(KeyMaterial(hint_of(public)), envelope).document()


def officially(key: Key, folder: Path, signature: Path) -> None:
    """Verify as ``model_signing verify key`` does. Raises ValueError."""
    verifying.Config().use_elliptic_key_verifier(public_key=key.public).set_hashing_config(
        hashing.Config().set_ignored_paths(paths=[*left_out(signature), signature], ignore_git_paths=False)
    ).verify(folder, signature)


def left_out(signature: Path) -> list[str]:
    import base64

    payload = json.loads(base64.b64decode(json.loads(signature.read_text())["dsseEnvelope"]["payload"]))
    paths: list[str] = payload["predicate"]["serialization"].get("ignore_paths", [])
    return paths


@each_curve
def test_the_reference_takes_the_registrys_bundle(
    model: Path, signature: Path, tmp_path: Path, curve: ec.EllipticCurve
) -> None:
    key = Key(tmp_path, curve)
    signature.write_text(json.dumps(registry_bundle(key, model)))
    verifying.Config().use_elliptic_key_verifier(public_key=key.public).verify(model, signature)
    # What the client keeps in a folder to which it downloaded does not count.
    (model / ".moorage-download.json").write_text("{}")
    verifying.Config().use_elliptic_key_verifier(public_key=key.public).verify(model, signature)
    assert verify_folder(model, signature, key.trust).name == "fraud"


@each_curve
def test_the_reference_takes_what_the_client_signs(model: Path, tmp_path: Path, curve: ec.EllipticCurve) -> None:
    key = Key(tmp_path, curve)
    written = sign_folder(model, key.private_pem)
    (model / ".git").mkdir()
    (model / ".git" / "HEAD").write_text("ref")
    officially(key, model, written)
    verify_folder(model, written, key.trust)


def changed(folder: Path) -> None:
    (folder / "model.bin").write_bytes(b"weightz" * 1000)


def added(folder: Path) -> None:
    (folder / "more.py").write_text("import os")


def removed(folder: Path) -> None:
    (folder / "data.txt").unlink()


def renamed(folder: Path) -> None:
    (folder / "data.txt").rename(folder / "data.md")


def linked(folder: Path) -> None:
    (folder / "link").symlink_to(folder / "data.txt")


@pytest.mark.parametrize("tamper", [changed, added, removed, renamed, linked])
@pytest.mark.parametrize("ours", [True, False], ids=["ours", "theirs"])
def test_both_refuse_a_folder_that_was_changed(
    model: Path, signature: Path, tmp_path: Path, tamper: Callable[[Path], None], ours: bool
) -> None:
    key = Key(tmp_path, CURVES[0])
    if ours:
        signature.write_text(json.dumps(registry_bundle(key, model)))
    else:
        signing.Config().use_elliptic_key_signer(private_key=key.private).sign(model, signature)
    tamper(model)
    with pytest.raises(ValueError, match=r".+"):
        verifying.Config().use_elliptic_key_verifier(public_key=key.public).verify(model, signature)
    with pytest.raises(SignatureError):
        verify_folder(model, signature, key.trust)


def test_both_refuse_another_key(model: Path, signature: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    key, other = Key(tmp_path, CURVES[0]), Key(tmp_path / "other", CURVES[0])
    signature.write_text(json.dumps(registry_bundle(key, model)))
    with pytest.raises(ValueError, match=r".+"):
        verifying.Config().use_elliptic_key_verifier(public_key=other.public).verify(model, signature)
    with pytest.raises(SignatureError):
        verify_folder(model, signature, other.trust)


METHODS: dict[str, Callable[[hashing.Config], hashing.Config]] = {
    "files": lambda config: config.use_file_serialization(),
    "files-blake2": lambda config: config.use_file_serialization(hashing_algorithm="blake2"),
    "shards": lambda config: config.use_shard_serialization(),
    "small-shards": lambda config: config.use_shard_serialization(shard_size=1000),
}


@each_curve
@pytest.mark.parametrize("method", METHODS)
def test_the_client_takes_what_the_reference_signs(
    model: Path, tmp_path: Path, curve: ec.EllipticCurve, method: str
) -> None:
    if "shards" in method:
        # The reference splits a shard's name at every colon, so it reads no such path back.
        (model / "a b" / "ü:1.txt").rename(model / "a b" / "u.txt")
    key, signature = Key(tmp_path, curve), model / "model.sig"
    config = METHODS[method](hashing.Config()).set_ignored_paths(paths=[signature])
    signing.Config().use_elliptic_key_signer(private_key=key.private).set_hashing_config(config).sign(model, signature)
    verify_folder(model, signature, key.trust)
    changed(model)
    with pytest.raises(SignatureError):
        verify_folder(model, signature, key.trust)


@each_curve
@pytest.mark.parametrize("method", METHODS)
def test_the_registry_takes_what_the_reference_signs_if_it_is_about_whole_files_by_sha256(
    model: Path, signature: Path, tmp_path: Path, curve: ec.EllipticCurve, method: str
) -> None:
    (model / "empty").unlink()
    (model / "a b" / "ü:1.txt").rename(model / "a b" / "u.txt")
    key = Key(tmp_path, curve)
    signing.Config().use_elliptic_key_signer(private_key=key.private).set_hashing_config(
        METHODS[method](hashing.Config())
    ).sign(model, signature)
    bundle = bundle_from(json.loads(signature.read_text()))
    verify_by_key(bundle.envelope, key.public_pem)
    assert bundle.material == KeyMaterial(hint_of(key.public_pem))
    statement = statement_from(bundle.envelope.payload)
    if method in ("files", "shards"):
        check_covers(statement, files_of(model))
    else:
        with pytest.raises(InvalidInputError, match=r"blake2b|part of"):
            check_covers(statement, files_of(model))


def authority(folder: Path) -> tuple[Key, x509.Certificate, Path]:
    folder.mkdir()
    root = Key(folder, CURVES[0])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")])
    certificate = certified(name, root, name, root, is_authority=True)
    (folder / "root.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return root, certificate, folder / "root.pem"


def certified(subject: x509.Name, key: Key, issuer: x509.Name, by: Key, is_authority: bool = False) -> x509.Certificate:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=90))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not is_authority, key_cert_sign=is_authority, **usage), critical=True
        )
        .sign(by.key, SHA256())
    )


@each_curve
def test_certificates_of_the_reference_count_for_whom_they_name(
    model: Path, signature: Path, tmp_path: Path, curve: ec.EllipticCurve
) -> None:
    root, root_certificate, root_file = authority(tmp_path / "root")
    key = Key(tmp_path, curve)
    ada = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ada")])
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes(certified(ada, key, root_certificate.subject, root).public_bytes(Encoding.PEM))
    signing.Config().use_certificate_signer(
        private_key=key.private, signing_certificate=leaf, certificate_chain=[root_file]
    ).sign(model, signature)
    trust = SigningTrust(authority=root_file.read_text(), subjects=["CN=ada"])
    verify_folder(model, signature, trust)
    bundle = bundle_from(json.loads(signature.read_text()))
    assert isinstance(bundle.material, CertificateMaterial)
    verify_by_authority(bundle.envelope, bundle.material.chain, root_file.read_text())
    with pytest.raises(SignatureError, match="whom the subjects do not name"):
        verify_folder(model, signature, SigningTrust(authority=root_file.read_text(), subjects=["CN=eve"]))
    _, _, other = authority(tmp_path / "other")
    with pytest.raises(SignatureError, match="do not lead"):
        verify_folder(model, signature, SigningTrust(authority=other.read_text(), subjects=["*"]))


def test_a_single_file_that_the_reference_signed_by_itself_verifies(
    model: Path, signature: Path, tmp_path: Path
) -> None:
    key = Key(tmp_path, CURVES[0])
    signing.Config().use_elliptic_key_signer(private_key=key.private).sign(model / "model.bin", signature)
    verify_folder(model / "model.bin", signature, key.trust)
    changed(model)
    with pytest.raises(SignatureError):
        verify_folder(model / "model.bin", signature, key.trust)


def test_this_is_compared_with_the_release_that_it_names() -> None:
    assert model_signing.__version__ == "1.1.1"
