"""Folders are signed and verified on this machine: exactly the signed files, or an error that names the difference."""

import base64
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from moorage import SignatureError, SigningTrust, UnfitKeyError, sign_folder, verify_folder
from moorage.local_files import gather
from moorage.signing.bundle import Bundle, pae
from moorage.signing.folder import compare
from moorage.signing.model_statement import ModelStatement, Resource, payload_about, statement_from

from chalicelib.domain.signing.bundle import bundle_from
from chalicelib.domain.signing.model_statement import payload_for
from chalicelib.domain.signing.model_statement import statement_from as registry_reads
from tests.aws.signing.keys import CURVES, issued, new_key, private_pem, public_pem
from tests.domain.signing.bundles import bundle, file, shards, statement
from tests.registry.signing.build import by_certificate, by_key

KEY = new_key()
TRUST = SigningTrust(public_key=public_pem(KEY))


@pytest.fixture
def signed(build: Path) -> Path:
    sign_folder(build, private_pem(KEY))
    return build


def verify(folder: Path, trust: SigningTrust = TRUST) -> ModelStatement:
    return verify_folder(folder, folder / "model.sig", trust)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_a_folder_that_was_signed_verifies_and_the_registry_reads_its_bundle(
    build: Path, curve: ec.EllipticCurve
) -> None:
    key = new_key(curve)
    written = sign_folder(build, private_pem(key))
    assert written == build / "model.sig"
    found = verify(build, SigningTrust(public_key=public_pem(key)))
    assert [one.path for one in found.resources] == ["data/classes.json", "model.bin"]
    read = bundle_from(json.loads(written.read_text()))
    assert {one.path: one.digest for one in registry_reads(read.envelope.payload).resources} == {
        one.path: one.digest for one in found.resources
    }


def test_a_key_with_a_password_signs_with_it(build: Path) -> None:
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")).decode()
    with pytest.raises(UnfitKeyError):
        sign_folder(build, pem)
    sign_folder(build, pem, password="secret")
    verify(build)


def test_a_signature_may_lie_elsewhere(build: Path, tmp_path: Path) -> None:
    written = sign_folder(build, private_pem(KEY), tmp_path / "elsewhere.sig")
    verify_folder(build, written, TRUST)


def changed_file(folder: Path) -> None:
    (folder / "model.bin").write_bytes(b"other")


def same_size(folder: Path) -> None:
    (folder / "model.bin").write_bytes(b"weightz" * 1000)


def removed_file(folder: Path) -> None:
    (folder / "data" / "classes.json").unlink()


def added_file(folder: Path) -> None:
    (folder / "data" / "more.py").write_text("import os")


def renamed_file(folder: Path) -> None:
    (folder / "model.bin").rename(folder / "weights.bin")


def link_for_file(folder: Path) -> None:
    (folder / "model.bin").rename(folder.parent / "aside.bin")
    (folder / "model.bin").symlink_to(folder.parent / "aside.bin")


def linked_folder(folder: Path) -> None:
    (folder.parent / "other").mkdir()
    (folder / "more").symlink_to(folder.parent / "other", target_is_directory=True)


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (changed_file, r"model\.bin has other bytes"),
        (same_size, r"model\.bin has other bytes"),
        (removed_file, r"data/classes\.json is signed, and it is missing"),
        (added_file, r"data/more\.py is not signed"),
        (renamed_file, r"weights\.bin is not signed"),
        (link_for_file, r"model\.bin is a link"),
        (linked_folder, r"more is a link"),
    ],
)
def test_a_folder_that_was_changed_does_not_verify(signed: Path, tamper: Callable[[Path], None], message: str) -> None:
    tamper(signed)
    with pytest.raises(SignatureError, match=message):
        verify(signed)


def test_what_download_and_git_keep_in_a_folder_does_not_count(signed: Path) -> None:
    (signed / ".git").mkdir()
    (signed / ".git" / "HEAD").write_text("ref")
    (signed / ".moorage-download.json").write_text("{}")
    verify(signed)


def test_another_key_or_a_changed_statement_does_not_verify(signed: Path) -> None:
    with pytest.raises(SignatureError, match="not with this one"):
        verify(signed, SigningTrust(public_key=public_pem(new_key())))
    path = signed / "model.sig"
    given = json.loads(path.read_text())
    given["verificationMaterial"]["publicKey"]["hint"] = ""
    path.write_text(json.dumps(given))
    verify(signed)
    with pytest.raises(SignatureError, match="does not verify"):
        verify(signed, SigningTrust(public_key=public_pem(new_key())))
    payload = base64.b64decode(given["dsseEnvelope"]["payload"]).replace(b"model.bin", b"model.pkl")
    given["dsseEnvelope"]["payload"] = base64.b64encode(payload).decode()
    path.write_text(json.dumps(given))
    with pytest.raises(SignatureError, match="does not verify"):
        verify(signed)


ROOT = issued("root", authority=True, days=900)
ADA = issued("ada", ROOT, email="ada@example.org")


@pytest.mark.parametrize(
    ("chain", "subjects", "message"),
    [
        ([ADA], ("ada@example.org",), None),
        ([ADA, ROOT], ("*@example.org",), None),
        ([ADA], ("*@acme.org",), "whom the subjects do not name"),
        ([ADA], ("ada@example.or?",), "whom the subjects do not name"),
        ([issued("ada", issued("root", authority=True))], ("*",), "do not lead to this authority"),
        ([issued("ada", ROOT, extra=None, days=1)], ("*",), None),
    ],
)
def test_certificates_count_for_whom_the_authority_names(
    tmp_path: Path, chain: list[Any], subjects: tuple[str, ...], message: str | None
) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights")
    (tmp_path / "model.sig").write_text(json.dumps(by_certificate(chain)))
    trust = SigningTrust(authority=ROOT.pem, subjects=subjects)
    if message is None:
        verify_folder(folder, tmp_path / "model.sig", trust)
    else:
        with pytest.raises(SignatureError, match=message):
            verify_folder(folder, tmp_path / "model.sig", trust)


def test_trust_is_in_a_key_or_in_an_authority_for_somebody() -> None:
    for given in ({}, {"public_key": "k", "authority": "a", "subjects": ["*"]}, {"authority": "a"}):
        with pytest.raises(ValueError, match=r"give a public key|needs subjects"):
            SigningTrust(**given)


def test_a_bundle_without_a_key_of_its_own_is_not_verified_here(signed: Path) -> None:
    given = json.loads((signed / "model.sig").read_text())
    given["verificationMaterial"] = {"certificate": {"rawBytes": "ZGVy"}, "tlogEntries": []}
    (signed / "model.sig").write_text(json.dumps(given))
    with pytest.raises(SignatureError, match="model_signing verify sigstore"):
        verify(signed)


def resources(*parts: tuple[int, int | None, bytes], algorithm: str = "sha256") -> ModelStatement:
    found = [Resource("f", hashlib.new(algorithm, content).hexdigest(), start, end) for start, end, content in parts]
    return ModelStatement("m", algorithm, tuple(found))


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (resources((0, 3, b"abc"), (3, 6, b"def"), (6, 7, b"g")), None),
        (resources((3, 7, b"defg"), (0, 3, b"abc")), None),
        (resources((0, None, b"abcdefg"), algorithm="blake2b"), None),
        (resources((0, 3, b"abc")), "only 3 of them are signed"),
        (resources((0, 3, b"abc"), (4, 7, b"efg")), "not those that are signed"),
        (resources((0, 9, b"abcdefghi")), "not those that are signed"),
        (resources((0, 3, b"abc"), (3, 7, b"defx")), "other bytes"),
    ],
)
def test_shards_must_cover_a_file_from_its_start_to_its_end(
    tmp_path: Path, stated: ModelStatement, message: str | None
) -> None:
    (tmp_path / "f").write_bytes(b"abcdefg")
    if message is None:
        compare(tmp_path, stated)
    else:
        with pytest.raises(SignatureError, match=message):
            compare(tmp_path, stated)


def test_digests_that_python_does_not_compute_are_named(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    with pytest.raises(SignatureError, match="blake3"):
        compare(tmp_path, ModelStatement("m", "blake3", (Resource("f", "a" * 64),)))


def test_a_single_file_that_was_signed_by_itself_verifies(tmp_path: Path) -> None:
    one = tmp_path / "model.bin"
    one.write_bytes(b"weights")
    given = by_key(KEY, [file(".", b"weights")])
    (tmp_path / "model.sig").write_text(json.dumps(given))
    verify_folder(one, tmp_path / "model.sig", TRUST)


@pytest.mark.parametrize("path", ["/etc/passwd", "../up", "a/../../up"])
def test_a_statement_that_leads_out_of_the_folder_is_refused(path: str) -> None:
    with pytest.raises(SignatureError, match="leads out"):
        statement_from(json.dumps(statement([file(path)])).encode())


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"predicateType": "x"},
        {**statement([file("a")]), "subject": []},
        {**statement([file("a")]), "predicate": {}},
        {**statement([file("a")]), "predicate": []},
        {**statement([file("a")]), "predicateType": "https://model_signing/Digests/v0.1"},
        statement([file("a"), file("a")]),
        {**shards([file("a")]), "subject": [{"name": "m", "digest": {"sha256": "0" * 64}}]},
        None,
    ],
)
def test_what_is_no_consistent_statement_is_refused(given: object) -> None:
    with pytest.raises(SignatureError):
        statement_from(json.dumps(given).encode())


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"[" * 100_000, b"\xff", json.dumps(bundle(b"")).encode(), b'{"mediaType": "x"}']
)
def test_what_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.sig").write_bytes(content)
    with pytest.raises(SignatureError):
        statement_from(Bundle.read(tmp_path / "model.sig").payload)
    with pytest.raises(SignatureError, match="cannot be read"):
        Bundle.read(tmp_path / "absent.sig")


def test_an_empty_folder_is_not_signed(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SignatureError, match="no files"):
        sign_folder(tmp_path / "empty", private_pem(KEY))
    with pytest.raises(SignatureError, match="not a folder"):
        sign_folder(tmp_path / "absent", private_pem(KEY))


def test_what_register_leaves_out_is_not_signed_and_said_to_be_left_out(build: Path) -> None:
    (build / "__pycache__").mkdir()
    (build / "__pycache__" / "a.pyc").write_bytes(b"code")
    sign_folder(build, private_pem(KEY))
    found = verify(build)
    assert "__pycache__" in found.ignored
    assert sorted(one.path for one in found.resources) == sorted(
        path for path in gather(build).files if path != "model.sig"
    )


def test_a_folder_with_a_link_is_not_signed(build: Path) -> None:
    (build / "link").symlink_to(build / "model.bin")
    with pytest.raises(SignatureError, match="link is a link"):
        sign_folder(build, private_pem(KEY))
    (build / "link").unlink()
    (build / "folder").symlink_to(build.parent, target_is_directory=True)
    with pytest.raises(SignatureError, match="link"):
        sign_folder(build, private_pem(KEY))


def test_only_keys_on_the_three_curves_sign(build: Path) -> None:
    for pem in (private_pem(new_key(ec.SECP256K1())), public_pem(KEY), "pem"):
        with pytest.raises(UnfitKeyError):
            sign_folder(build, pem)


def test_the_client_and_the_registry_sign_the_same_bytes_and_sort_files_alike() -> None:
    files = [file("a/b"), file("a.txt"), file("a")]
    theirs = json.loads(payload_for("m", 1, "d" * 64, files))
    ours = json.loads(payload_about("m", {one.path: one.sha256 for one in files}))
    assert ours["subject"] == theirs["subject"]
    assert ours["predicate"]["resources"] == theirs["predicate"]["resources"]
    assert pae(b"x") == b"DSSEv1 28 application/vnd.in-toto+json 1 x"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")
def test_what_is_neither_file_nor_folder_is_no_file(signed: Path) -> None:
    os.mkfifo(signed / "pipe")
    with pytest.raises(SignatureError, match="pipe"):
        verify(signed)


@pytest.mark.parametrize("payload", [b'{"_type": 1, "_type": 2}', b"[" * 100_000, b'{"a": NaN}'], ids=str)
def test_a_statement_that_readers_could_read_in_two_ways_is_refused(payload: bytes) -> None:
    with pytest.raises(SignatureError, match="every name once"):
        statement_from(payload)


def test_a_bundle_has_one_kind_of_signer_and_few_signatures() -> None:
    der = base64.b64encode(issued("ada").der).decode()
    with pytest.raises(SignatureError, match="must have one of publicKey"):
        Bundle.from_document(bundle(b"{}", publicKey={}, x509CertificateChain={"certificates": [{"rawBytes": der}]}))
    with pytest.raises(SignatureError, match="more than 10 certificates"):
        Bundle.from_document(bundle(b"{}", x509CertificateChain={"certificates": [{"rawBytes": der}] * 11}))
    many = bundle(b"{}")
    many["dsseEnvelope"]["signatures"] *= 11
    with pytest.raises(SignatureError, match="1 to 10 signatures"):
        Bundle.from_document(many)


def test_a_certificate_that_breaks_its_own_form_is_refused(signed: Path) -> None:
    ada = issued("ada", authority=True)
    twice = ada.der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020113"))
    (signed / "model.sig").write_text(json.dumps(by_certificate([ada])))
    document = json.loads((signed / "model.sig").read_text())
    chain = document["verificationMaterial"]["x509CertificateChain"]["certificates"]
    chain[0]["rawBytes"] = base64.b64encode(twice).decode()
    (signed / "model.sig").write_text(json.dumps(document))
    with pytest.raises(SignatureError, match="not a certificate"):
        verify(signed, SigningTrust(authority=ada.pem, subjects=["*"]))
