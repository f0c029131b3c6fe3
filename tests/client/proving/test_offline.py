"""What is proven of a folder without a registry: from a signature, a statement, an audit export and a known key."""

import base64
import errno
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from moorage import Client, MoorageError, Proof, UnfitKeyError, prove_folder, sign_folder

from chalicelib.aws.services import Services
from chalicelib.registry.audit.anchors import anchor_ledgers
from tests.aws.signing.keys import new_key, private_pem, public_pem, signed
from tests.client.conftest import URL
from tests.client.lines import Line, Store, app
from tests.client.proving.released import claim, outcomes, release
from tests.conftest import ADMIN_TOKEN, fresh_registry, use_no_account
from tests.registry.signing.build import signing_with
from tests.simulation import like_s3

KEY = new_key()
PEM = public_pem(KEY)


@dataclass
class Evidence:
    """What an auditor was given of version 1, and the statement about version 2."""

    folder: Path
    signature: Path
    statement: Path
    other_statement: Path
    export: Path

    def prove(self, key: str = PEM, **changed: Path | None) -> Proof:
        given = {"signature": self.signature, "statement": self.statement, "export": self.export, **changed}
        return prove_folder(self.folder, [key], **given)


def at(place: Path) -> Evidence:
    return Evidence(*(place / name for name in ("given", "model.sig", "promotion.json", "second.json", "export")))


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence as the registry gave it. The registry is gone afterwards."""
    place = tmp_path_factory.mktemp("evidence")
    (build := place / "build").mkdir()
    for name in ("model.bin", "classes.json"):
        (build / name).write_bytes(name.encode())
    given = at(place)
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_no_account(monkeypatch)
        monkeypatch.setenv("MOORAGE_CACHE", str(place / "cache"))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(place / "config"))
        with fresh_registry(monkeypatch) as registry:
            signing = signing_with(monkeypatch, registry, KEY)
            like_s3(signing)
            with Client(URL, ADMIN_TOKEN, transport=Line(app), storage_transport=Line(Store(signing))) as client:
                hand_over(client, signing, build, given)
    return place


def hand_over(client: Client, signing: Services, build: Path, given: Evidence) -> None:
    release(client, signing, build)
    client.download("fraud", 1, given.folder)
    client.signatures.get("fraud", 1).save(given.signature)
    (build / "more.bin").write_bytes(b"more")
    release(client, signing, build, 2)
    for version, file in ((1, given.statement), (2, given.other_statement)):
        newest = next(client.statements.list("fraud", version))
        client.statements.get("fraud", version, newest.sequence).save(file)
    anchor_ledgers(signing, "occasion-1")
    client.export_audit(given.export)


@pytest.fixture
def evidence(handed_over: Path, tmp_path: Path) -> Evidence:
    """A copy to tamper with."""
    shutil.copytree(handed_over, tmp_path / "evidence")
    return at(tmp_path / "evidence")


def test_everything_is_proven_without_a_registry(evidence: Evidence) -> None:
    proof = evidence.prove()
    assert outcomes(proof) == dict.fromkeys(("signature", "bytes", "promotion", "event", "chain", "anchor"), "proven")
    assert proof.name == "fraud/1"
    proof.check(strict=True)


def test_what_is_not_given_is_not_proven(evidence: Evidence) -> None:
    only_signature = evidence.prove(statement=None, export=None)
    assert outcomes(only_signature) == {"signature": "proven", "bytes": "proven", "promotion": "not proven"}
    only_statement = evidence.prove(signature=None, export=None)
    assert outcomes(only_statement) == {
        "signature": "not proven",
        "promotion": "proven",
        "bytes": "proven",
        "event": "not proven",
    }


@pytest.mark.parametrize(
    "tamper",
    [
        lambda folder: (folder / "model.bin").write_bytes(b"changed"),
        lambda folder: (folder / "model.bin").unlink(),
        lambda folder: (folder / "sitecustomize.py").write_text("import os"),
        lambda folder: (folder / "link").symlink_to(folder / "model.bin"),
        lambda folder: (folder / "more").symlink_to(folder.parent),
    ],
    ids=["changed", "missing", "added", "link", "linked directory"],
)
def test_other_files_than_those_that_were_signed_contradict(
    evidence: Evidence, tamper: Callable[[Path], object]
) -> None:
    tamper(evidence.folder)
    found = outcomes(evidence.prove())
    assert (found["bytes"], found["promotion"]) == ("contradicted", "contradicted")
    assert outcomes(evidence.prove(signature=None))["promotion"] == "contradicted"


def test_a_statement_about_another_version_contradicts(evidence: Evidence) -> None:
    said = claim(evidence.prove(statement=evidence.other_statement), "promotion")
    assert said.outcome == "contradicted" and "the statement is about files with the digest" in said.text


def test_a_wrong_key_contradicts(evidence: Evidence) -> None:
    found = outcomes(evidence.prove(public_pem(new_key())))
    assert (found["signature"], found["promotion"]) == ("contradicted", "contradicted")
    assert "event" not in found


def test_a_statement_whose_payload_was_changed_contradicts(evidence: Evidence) -> None:
    envelope = json.loads(evidence.statement.read_text())
    other = json.loads(evidence.other_statement.read_text())
    evidence.statement.write_text(json.dumps({**envelope, "payload": other["payload"]}))
    assert claim(evidence.prove(), "promotion").outcome == "contradicted"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"payloadType": "x"}', '{"signatures": 1}'])
def test_what_is_no_statement_contradicts(evidence: Evidence, content: str) -> None:
    evidence.statement.write_text(content)
    assert claim(evidence.prove(), "promotion").outcome == "contradicted"


@pytest.mark.parametrize(
    ("lacking", "reason"),
    [
        (lambda said: said["predicate"].pop("gates"), "lacks a part"),
        (lambda said: said["predicate"]["event"].pop("hash"), "lacks a part"),
        (lambda said: said.update(subject=[]), "lacks a part"),
        (lambda said: said["subject"][0]["digest"].update(sha256="0" * 64), "contradicts itself"),
        (lambda said: said.update(predicateType="https://slsa.dev/provenance/v1"), "not about a promotion"),
    ],
)
def test_a_signed_statement_that_is_not_whole_contradicts(
    evidence: Evidence, lacking: Callable[[dict[str, Any]], object], reason: str
) -> None:
    said = json.loads(base64.b64decode(json.loads(evidence.statement.read_text())["payload"]))
    lacking(said)
    evidence.statement.write_text(json.dumps(signed(KEY, json.dumps(said).encode()).document()))
    found = claim(evidence.prove(), "promotion")
    assert found.outcome == "contradicted" and reason in found.text


def test_an_export_whose_event_was_edited_contradicts(evidence: Evidence) -> None:
    (ledger,) = (file for file in (evidence.export / "ledgers").iterdir() if file.name.startswith("fraud"))
    ledger.write_bytes(ledger.read_bytes().replace(b'"reason":"better"', b'"reason":"worse!"'))
    found = outcomes(evidence.prove())
    assert (found["event"], found["chain"]) == ("contradicted", "contradicted")


def test_an_export_without_the_ledger_or_without_anchors_proves_less(evidence: Evidence) -> None:
    shutil.rmtree(evidence.export / "anchors")
    manifest = json.loads((evidence.export / "manifest.json").read_text())
    (evidence.export / "manifest.json").write_text(json.dumps({**manifest, "anchors": []}))
    assert outcomes(evidence.prove())["anchor"] == "not proven"
    (evidence.export / "manifest.json").write_text(json.dumps({**manifest, "anchors": [], "ledgers": []}))
    assert outcomes(evidence.prove())["chain"] == "not proven"


def test_the_evidence_may_lie_in_the_folder(evidence: Evidence) -> None:
    inside = {
        name: Path(shutil.copy(getattr(evidence, name), evidence.folder / getattr(evidence, name).name))
        for name in ("signature", "statement")
    }
    assert evidence.prove(**inside).contradictions == ()


def test_what_a_signature_leaves_out_is_not_proven(evidence: Evidence, tmp_path: Path) -> None:
    folder = tmp_path / "signed"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights")
    (folder / "__pycache__" / "model.pyc").write_bytes(b"anything")
    signature = sign_folder(folder, private_pem(KEY))
    said = [one for one in prove_folder(folder, [PEM], signature=signature).claims if one.about == "bytes"]
    assert [one.outcome for one in said] == ["proven", "not proven"]
    assert said[1].text == "the signature leaves out __pycache__/model.pyc, and says nothing of it"


def test_a_statement_with_hundreds_of_signatures_is_not_read(evidence: Evidence) -> None:
    envelope = json.loads(evidence.statement.read_text())
    envelope["signatures"] *= 11
    evidence.statement.write_text(json.dumps(envelope))
    assert "1 to 10 signatures" in claim(evidence.prove(), "promotion").text


@pytest.mark.skipif(shutil.which("openssl") is None, reason="this machine has no openssl")
def test_openssl_verifies_a_statement_as_the_guide_says(evidence: Evidence, tmp_path: Path) -> None:
    envelope = json.loads(evidence.statement.read_text())
    payload = base64.b64decode(envelope["payload"])
    (tmp_path / "registry.pub").write_text(PEM)
    (tmp_path / "payload.sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    command = ["openssl", "dgst", "-sha256", "-verify", "registry.pub", "-signature", "payload.sig", "signed"]
    for changed, code in ((b"", 0), (b" ", 1)):
        (tmp_path / "signed").write_bytes(
            b"DSSEv1 28 application/vnd.in-toto+json %d " % len(payload) + payload + changed
        )
        assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == code


def test_without_a_key_or_anything_to_verify_by_nothing_is_said(evidence: Evidence, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="public key"):
        prove_folder(evidence.folder, [], signature=evidence.signature)
    with pytest.raises(ValueError, match="a signature or a statement"):
        prove_folder(evidence.folder, [PEM])
    with pytest.raises(UnfitKeyError):
        evidence.prove("no key")
    with pytest.raises(MoorageError, match="is not a directory"):
        prove_folder(tmp_path / "nowhere", [PEM], signature=evidence.signature)
    with pytest.raises(MoorageError, match="cannot be read"):
        evidence.prove(export=tmp_path)


@pytest.mark.parametrize("lost", ["signature", "statement"])
def test_evidence_that_is_not_there_contradicts_nothing_and_is_named(evidence: Evidence, lost: str) -> None:
    getattr(evidence, lost).unlink()
    with pytest.raises(MoorageError, match=f"{getattr(evidence, lost).name} is not a file"):
        evidence.prove()


def test_files_in_a_directory_that_cannot_be_read_are_not_left_out(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nothing would be said of what is in it."""
    (evidence.folder / "sub").mkdir()
    (evidence.folder / "sub" / "more.bin").write_bytes(b"more")
    scan = os.scandir

    def refusing(path: str) -> Any:
        if str(path).endswith("sub"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(MoorageError, match="sub cannot be read: Permission denied"):
        evidence.prove()
