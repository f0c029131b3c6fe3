"""What is proven of a version with the registry, what is not, and what is contradicted."""

import shutil
from pathlib import Path

import pytest
from moorage import Client, ConflictError, Grant, IntegrityError
from moorage.signing.registry_key import KEY_VARIABLE

from chalicelib.aws.services import Services
from chalicelib.registry.audit.anchors import anchor_ledgers
from chalicelib.registry.versions import uploads
from tests.aws.signing.keys import new_key, public_pem
from tests.client.conftest import Connect
from tests.client.proving.released import claim, edit_event, outcomes, release, sign_all, stated, store
from tests.registry.build import file, put, reference, registered, request
from tests.registry.governed import told
from tests.registry.signing.build import signing_with
from tests.simulation import like_s3

KEY = new_key()
PEM = public_pem(KEY)


@pytest.fixture
def signing(registry: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    signing = signing_with(monkeypatch, registry, KEY)
    like_s3(signing)
    return signing


@pytest.fixture
def folder(client: Client, signing: Services, build: Path, tmp_path: Path) -> Path:
    """The downloaded files of the champion, after an anchor."""
    release(client, signing, build)
    anchor_ledgers(signing, "occasion-1")
    client.download("fraud", "@champion", tmp_path / "out")
    return tmp_path / "out"


def test_everything_is_proven_of_a_release_whose_key_is_known(client: Client, folder: Path) -> None:
    proof = client.verify("fraud@champion", folder, keys=[PEM])
    everything = ("bytes", "signature", "promotion", "event", "chain", "anchor", "alias")
    assert outcomes(proof) == dict.fromkeys(everything, "proven")
    assert proof.name == "fraud/1"
    assert "became @champion" in claim(proof, "promotion").text
    proof.check(strict=True)


def test_without_a_directory_the_files_in_the_cache_are_read(client: Client, signing: Services, build: Path) -> None:
    release(client, signing, build)
    assert claim(client.verify("fraud/1", keys=[PEM]), "bytes").outcome == "not proven"
    fetched = client.fetch("fraud", 1)
    assert claim(client.verify("fraud/1", keys=[PEM]), "bytes").outcome == "proven"
    damaged = next(iter(fetched.files.values()))
    damaged.chmod(0o600)
    damaged.write_bytes(b"changed")
    assert claim(client.verify("fraud/1", keys=[PEM]), "bytes").outcome == "contradicted"


def test_changed_and_missing_files_contradict_and_others_are_not_proven(client: Client, folder: Path) -> None:
    first, second = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))[:2]
    (folder / "sitecustomize.py").write_text("import os")
    (proven, other) = (one for one in client.verify("fraud/1", folder, keys=[PEM]).claims if one.about == "bytes")
    assert (proven.outcome, other.outcome) == ("proven", "not proven") and "sitecustomize.py" in other.text
    first.write_bytes(b"changed")
    second.unlink()
    proof = client.verify("fraud/1", folder, keys=[PEM])
    text = next(one.text for one in proof.contradictions)
    assert first.name in text and second.name in text and "missing" in text
    with pytest.raises(IntegrityError, match="other bytes: "):
        proof.check()


def test_a_link_in_the_place_of_a_file_is_not_followed(client: Client, folder: Path, tmp_path: Path) -> None:
    file = next(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert "bytes" in outcomes(client.verify("fraud/1", folder, keys=[PEM]))
    assert client.verify("fraud/1", folder, keys=[PEM]).contradictions


def test_a_wrong_key_contradicts_signature_and_promotion(client: Client, folder: Path) -> None:
    found = outcomes(client.verify("fraud@champion", folder, keys=[public_pem(new_key())]))
    assert (found["signature"], found["promotion"]) == ("contradicted", "contradicted")
    assert found["chain"] == "proven" and "event" not in found


def test_a_key_that_only_the_registry_gives_is_said_to_prove_less(
    client: Client, signing: Services, build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(client, signing, build)
    said = claim(client.verify("fraud/1", build), "key")
    assert said.outcome == "not proven" and "the registry itself gave the key" in said.text
    (tmp_path / "known.pem").write_text(PEM)
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "known.pem"))
    assert "key" not in outcomes(client.verify("fraud/1", build))


def test_a_statement_that_was_edited_in_the_table_contradicts(client: Client, signing: Services, folder: Path) -> None:
    place, stored = stated(signing)
    store(signing, place, {**stored, "payload": stored["payload"].replace("better", "worse!")})
    assert claim(client.verify("fraud@champion", folder, keys=[PEM]), "promotion").outcome == "contradicted"


def test_a_statement_of_another_version_contradicts(
    client: Client, signing: Services, build: Path, folder: Path
) -> None:
    (build / "other.bin").write_bytes(b"another version")
    release(client, signing, build, 2)
    place, of_first = stated(signing, 1)
    _, of_second = stated(signing, 2)
    store(signing, place, {**of_second, "version": 1, "sequence": of_first["sequence"]})
    said = claim(client.verify("fraud/1", folder, keys=[PEM]), "promotion")
    assert said.outcome == "contradicted" and "fraud/2" in said.text


@pytest.mark.parametrize("hashed", [False, True])
def test_an_edited_event_contradicts_the_statement_and_the_chain(
    client: Client, signing: Services, folder: Path, hashed: bool
) -> None:
    moved = next(one for one in told(signing) if one["type"] == "alias.set")
    edit_event(signing, moved["sequence"], hashed, actor="token:mallory")
    found = outcomes(client.verify("fraud@champion", folder, keys=[PEM]))
    assert (found["event"], found["chain"]) == ("contradicted", "contradicted")


def test_a_version_that_nothing_was_signed_of_is_not_proven_but_not_contradicted(
    client: Client, registry: Services, build: Path
) -> None:
    like_s3(registry)
    client.register("fraud", build)
    client.aliases.set("fraud", "champion", 1)
    proof = client.verify("fraud@champion", build)
    found = outcomes(proof)
    assert found == {
        "bytes": "proven",
        "signature": "not proven",
        "promotion": "not proven",
        "chain": "proven",
        "anchor": "not proven",
        "alias": "proven",
    }
    proof.check()
    with pytest.raises(IntegrityError, match="not proven"):
        proof.check(strict=True)


def test_an_alias_that_was_not_protected_has_no_statement(client: Client, signing: Services, build: Path) -> None:
    release(client, signing, build)
    client.aliases.set("fraud", "canary", 1)
    said = claim(client.verify("fraud@canary", build, keys=[PEM]), "promotion")
    assert said.outcome == "not proven" and "@canary" in said.text


def test_who_may_only_read_verifies_too_and_sees_what_that_cannot_prove(
    client: Client, connect: Connect, folder: Path
) -> None:
    token = client.tokens.create("auditor", [Grant("viewer", "fraud")]).token
    with connect(None, token) as reader:
        proof = reader.verify("fraud@champion", folder, keys=[PEM])
    said = claim(proof, "anchor")
    assert said.outcome == "not proven" and "may not read anchors" in said.text
    assert {one.about for one in proof.not_proven} == {"anchor"} and not proof.contradictions


def test_a_version_that_is_not_ready_is_not_verified(client: Client, registry: Services) -> None:
    client.models.create("fraud")
    registered(registry, file())
    with pytest.raises(ConflictError, match="PENDING"):
        client.verify("fraud/1")


def test_a_reference_is_not_read(client: Client, registry: Services, build: Path) -> None:
    client.models.create("fraud")
    version = registered(
        registry, file("model.bin", b"weights"), reference("data.csv", "https://data.example/data.csv")
    )
    put(registry, version, "model.bin", b"weights")
    uploads.finalise_version(registry, request(), "fraud", "1")
    shutil.rmtree(build)
    build.mkdir()
    (build / "model.bin").write_bytes(b"weights")
    listed, elsewhere = (one for one in client.verify("fraud/1", build).claims if one.about == "bytes")
    assert (listed.outcome, elsewhere.outcome) == ("not proven", "not proven") and "data.csv" in elsewhere.text
    # With a reference in it, the list is not compared with the version's digest: a false list would be believed.
    assert "the list itself is only the registry's word" in listed.text


def test_a_move_after_the_newest_anchor_is_not_anchored(client: Client, signing: Services, build: Path) -> None:
    client.register("fraud", build)
    anchor_ledgers(signing, "occasion-1")
    client.aliases.protect("fraud", "champion")
    client.aliases.set("fraud", "champion", 1)
    sign_all(signing)
    said = claim(client.verify("fraud@champion", build, keys=[PEM]), "anchor")
    assert said.outcome == "not proven" and "came after it" in said.text
