"""Every version that is fetched is checked with a key that does not come with it."""

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from moorage import Client, SignatureError, UnfitKeyError
from moorage.cache.locks import FileLock
from moorage.login import login_path
from moorage.manifest import fetch_manifest
from moorage.signatures import Signature
from moorage.signing import registry_key
from moorage.signing.elliptic import PublicKey
from moorage.signing.registry_key import KEY_VARIABLE, RegistryKey, check_signature, keys_path, lock_path

from chalicelib.aws import names
from chalicelib.aws.services import Services, reset_services, services
from chalicelib.domain.signing.bundle import Bundle as DomainBundle
from chalicelib.domain.signing.bundle import KeyMaterial
from chalicelib.domain.signing.dsse import Envelope
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.signing.signing import sign_event
from tests.aws.signing.keys import new_key, public_pem, signed
from tests.client.conftest import URL
from tests.client.lines import Line
from tests.domain.signing.bundles import shards
from tests.registry.signing.build import signing_with
from tests.simulation import like_s3

KEY = new_key()


@pytest.fixture
def signing(registry: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The registry, which signs with KEY."""
    signing = signing_with(monkeypatch, registry, KEY)
    like_s3(signing)
    return signing


@pytest.fixture
def known(tmp_path: Path) -> Path:
    return keys_path({"XDG_CONFIG_HOME": str(tmp_path / "config")})


def released(client: Client, build: Path, signing: Services, signed: bool = True) -> None:
    number = client.register("fraud", build).number
    if signed:
        sign_event(signing, {"id": "e1", "model": "fraud", "version": number})


def configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pem: str) -> None:
    (tmp_path / "registry.pem").write_text(pem)
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "registry.pem"))


def test_the_key_is_remembered_at_first_use_beside_the_login(
    client: Client, signing: Services, build: Path, tmp_path: Path, known: Path
) -> None:
    released(client, build, signing)
    client.download("fraud", 1, tmp_path / "out")
    assert json.loads(known.read_text()) == {URL: public_pem(KEY)}
    assert known.parent == login_path({"XDG_CONFIG_HOME": str(tmp_path / "config")}).parent
    client.download("fraud", 1, tmp_path / "again")


def first_checked(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> None:
    """Have something happen after a client saw that it knows no key, and before it remembers one."""
    check = registry_key.check_signature

    def checked(*given: Any) -> None:
        check(*given)
        meanwhile()

    monkeypatch.setattr(registry_key, "check_signature", checked)


def test_two_processes_that_remember_keys_at_once_lose_none(
    client: Client, signing: Services, build: Path, tmp_path: Path, known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(client, build, signing)
    other = {"https://other.example.com": public_pem(new_key())}
    known.parent.mkdir(parents=True)
    first_checked(monkeypatch, lambda: known.write_text(json.dumps(other)))
    client.download("fraud", 1, tmp_path / "out")
    assert json.loads(known.read_text()) == {**other, URL: public_pem(KEY)}


def test_the_key_that_another_process_remembered_first_counts(
    client: Client, signing: Services, build: Path, tmp_path: Path, known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(client, build, signing)
    known.parent.mkdir(parents=True)
    first_checked(monkeypatch, lambda: known.write_text(json.dumps({URL: public_pem(new_key())})))
    with pytest.raises(SignatureError, match="another key than before"):
        client.download("fraud", 1, tmp_path / "out")


def test_keys_are_remembered_under_a_lock_that_is_freed(
    client: Client, signing: Services, build: Path, tmp_path: Path, known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(client, build, signing)
    free: list[bool] = []
    write, impatient = registry_key._write, Event()
    impatient.set()

    def looked_at(path: Path, keys: Mapping[str, str]) -> None:
        free.append(FileLock(lock_path(path)).acquire(impatient))
        write(path, keys)

    monkeypatch.setattr(registry_key, "_write", looked_at)
    client.download("fraud", 1, tmp_path / "out")
    assert free == [False]
    assert not lock_path(known).exists()


def test_a_registry_that_signs_with_another_key_than_before_is_refused(
    client: Client, signing: Services, build: Path, tmp_path: Path, known: Path
) -> None:
    released(client, build, signing)
    known.parent.mkdir(parents=True)
    known.write_text(json.dumps({URL: public_pem(new_key())}))
    with pytest.raises(SignatureError, match="another key than before"):
        client.download("fraud", 1, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(SignatureError):
        client.fetch("fraud", 1)
    with pytest.raises(SignatureError):
        client.load("fraud/1")


def test_a_version_that_the_registry_has_not_signed_is_a_warning(
    client: Client, signing: Services, build: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    released(client, build, signing, signed=False)
    with caplog.at_level(logging.WARNING):
        client.download("fraud", 1, tmp_path / "out")
    assert "has not signed fraud/1" in caplog.text


def test_with_a_configured_key_every_version_must_be_signed(
    client: Client, signing: Services, build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: Path
) -> None:
    configured(monkeypatch, tmp_path, public_pem(KEY))
    released(client, build, signing, signed=False)
    with pytest.raises(SignatureError, match="has not signed") as refused:
        client.download("fraud", 1, tmp_path / "out")
    assert refused.value.retryable
    sign_event(signing, {"id": "e1", "model": "fraud", "version": 1})
    client.download("fraud", 1, tmp_path / "out")
    assert not known.exists()


def test_a_registry_cannot_evade_a_configured_key_by_not_signing(
    client: Client, signing: Services, build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(monkeypatch, tmp_path, public_pem(KEY))
    released(client, build, signing, signed=False)
    monkeypatch.setenv(names.MODEL_SIGNING_VARIABLE, names.SIGN_WITH_NOTHING)
    reset_services()
    assert not services().settings.signs_models
    with pytest.raises(SignatureError):
        client.download("fraud", 1, tmp_path / "out")


def test_another_key_than_the_configured_one_is_refused(
    client: Client, signing: Services, build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(client, build, signing)
    configured(monkeypatch, tmp_path, public_pem(new_key()))
    with pytest.raises(SignatureError, match="not with this one"):
        client.download("fraud", 1, tmp_path / "out")
    configured(monkeypatch, tmp_path, "no key")
    with pytest.raises(UnfitKeyError):
        client.download("fraud", 1, tmp_path / "out")
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "absent.pem"))
    with pytest.raises(UnfitKeyError):
        client.download("fraud", 1, tmp_path / "out")


def test_the_signature_of_another_version_or_of_other_files_is_refused(
    client: Client, signing: Services, build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(monkeypatch, tmp_path, public_pem(KEY))
    released(client, build, signing)
    released(client, build, signing)
    (build / "model.bin").write_bytes(b"other")
    released(client, build, signing)
    for number in (1, 2):
        others = RegistryKey(URL, lambda model, _: client.signatures.get(model, 3), os.environ)
        with pytest.raises(SignatureError, match="about another version"):
            others.check(fetch_manifest(client.versions, "fraud", number))
    third = fetch_manifest(client.versions, "fraud", 3)
    disguised = replace(third, files=fetch_manifest(client.versions, "fraud", 1).files)
    with pytest.raises(SignatureError, match="not those that the registry signed"):
        RegistryKey(URL, client.signatures.get, os.environ).check(disguised)


def test_a_registry_that_does_not_sign_is_asked_for_no_signature(
    client: Client, api: Line, build: Path, tmp_path: Path, known: Path
) -> None:
    client.register("fraud", build)
    api.calm()
    client.download("fraud", 1, tmp_path / "out")
    assert not [request for request in api.requests if "signatures" in request.url.path]
    assert not known.exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"https://registry.example": 1}'])
def test_a_damaged_memory_of_keys_is_named(
    client: Client, signing: Services, build: Path, tmp_path: Path, known: Path, text: str
) -> None:
    released(client, build, signing)
    known.parent.mkdir(parents=True)
    known.write_text(text)
    with pytest.raises(SignatureError, match="damaged"):
        client.download("fraud", 1, tmp_path / "out")


def test_a_key_whose_signature_does_not_verify_is_not_remembered(
    client: Client, signing: Services, build: Path, known: Path
) -> None:
    released(client, build, signing)
    forged = replace(client.signatures.get("fraud", 1), public_key=public_pem(new_key()))
    with pytest.raises(SignatureError):
        RegistryKey(URL, lambda *_: forged, os.environ).check(fetch_manifest(client.versions, "fraud", 1))
    assert not known.exists()


def test_a_registry_that_has_signed_before_and_says_that_it_does_not_sign_is_a_warning(
    client: Client,
    signing: Services,
    build: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    released(client, build, signing)
    client.download("fraud", 1, tmp_path / "out")
    monkeypatch.setenv(names.MODEL_SIGNING_VARIABLE, names.SIGN_WITH_NOTHING)
    reset_services()
    with caplog.at_level(logging.WARNING):
        client.download("fraud", 1, tmp_path / "again")
    assert "has signed versions before, and now says that it does not sign" in caplog.text


def test_a_signature_of_parts_of_files_is_not_of_the_version(client: Client, signing: Services, build: Path) -> None:
    client.register("fraud", build)
    manifest = fetch_manifest(client.versions, "fraud", 1)
    files = [File(one.path, one.size, one.sha256) for one in manifest.files]
    statement = shards(files)
    statement["predicate"]["moorage"] = {"model": "fraud", "version": 1}
    for part in statement["predicate"]["resources"]:
        part["name"] = part["name"].rpartition(":")[0] + ":1"
    payload = json.dumps(statement).encode()
    made = Envelope(payload, signed(KEY, payload).signatures)
    document = DomainBundle(KeyMaterial(""), made).document()
    signature = Signature("registry", "key", True, datetime.now(UTC), "rule:signer", bundle=document)
    with pytest.raises(SignatureError, match="not those that the registry signed"):
        check_signature(manifest, signature, PublicKey.from_pem(public_pem(KEY)))
