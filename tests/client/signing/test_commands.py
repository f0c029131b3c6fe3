"""sign, signatures and signers on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from moorage import Client, SigningTrust, verify_folder
from moorage.cli import exits
from moorage.cli.main import main

from chalicelib.aws.services import Services
from chalicelib.registry.signing.signing import sign_event
from tests.aws.signing.keys import issued, new_key, private_pem, public_pem
from tests.client.conftest import Connect
from tests.registry.signing.build import signing_with
from tests.simulation import like_s3

KEY = new_key()
Run = Callable[..., str]


@pytest.fixture
def run(connect: Connect) -> Run:
    def ran(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, arguments, obj=connect, env={"MOORAGE_URL": "https://registry.example"})
        assert result.exit_code == code, result.output
        return result.output

    return ran


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    (tmp_path / "key.pem").write_text(private_pem(KEY))
    (tmp_path / "key.pub").write_text(public_pem(KEY))
    (tmp_path / "root.pem").write_text(issued("root", authority=True).pem)
    return tmp_path


def test_a_folder_is_signed_registered_and_its_signature_added(
    run: Run, client: Client, build: Path, keys: Path
) -> None:
    run("sign", str(build), "--key", str(keys / "key.pem"), "--signature", str(keys / "fraud.sig"))
    client.register("fraud", build)
    run("signatures", "add", "fraud/1", "build", str(keys / "fraud.sig"), code=exits.CONFLICT)
    run("signers", "save", "ci", "--key", str(keys / "key.pub"))
    assert "signed by ci" in run("signatures", "add", "fraud/1", "build", str(keys / "fraud.sig"))
    assert [one["counts"] for one in json.loads(run("--json", "signatures", "list", "fraud/1"))] == [True]
    run("signatures", "save", "fraud/1", str(keys / "back.sig"), "--name", "build")
    verify_folder(build, keys / "back.sig", SigningTrust(public_key=public_pem(KEY)))
    run("signers", "delete", "ci", "--yes")
    assert "trusted no longer" in run("signatures", "show", "fraud/1", "build")


def test_the_registrys_signature_is_saved_with_its_key(
    run: Run, registry: Services, client: Client, build: Path, keys: Path, monkeypatch: Any
) -> None:
    signing = signing_with(monkeypatch, registry, KEY)
    like_s3(signing)
    client.register("fraud", build)
    run("signatures", "show", "fraud/1", code=exits.NOT_FOUND)
    sign_event(signing, {"id": "e1", "model": "fraud", "version": 1})
    run("signatures", "save", "fraud/1", str(keys / "out.sig"), "--key", str(keys / "registry.pub"))
    verify_folder(build, keys / "out.sig", SigningTrust(public_key=(keys / "registry.pub").read_text()))
    run("signatures", "save", "fraud/1", str(keys / "out.sig"), code=exits.USAGE)


def test_signers_are_saved_listed_and_shown(run: Run, registry: Services, keys: Path) -> None:
    run("signers", "save", "ci", "--key", str(keys / "key.pub"), "--description", "the pipeline")
    run("signers", "save", "acme", "--authority", str(keys / "root.pem"), "--subject", "*@acme.org")
    listed = json.loads(run("--json", "signers", "list"))
    assert [(one["name"], one["subjects"]) for one in listed] == [("acme", ["*@acme.org"]), ("ci", [])]
    assert "the pipeline" in run("signers", "show", "ci")
    run("signers", "show", "absent", code=exits.NOT_FOUND)
    run("signers", "save", "both", "--key", str(keys / "key.pub"), "--authority", str(keys / "root.pem"), code=2)
    run("signers", "save", "nobody", "--authority", str(keys / "root.pem"), code=exits.INVALID)


def test_a_folder_is_not_signed_with_what_is_no_key(run: Run, build: Path, keys: Path) -> None:
    assert "private key" in run("sign", str(build), "--key", str(keys / "key.pub"), code=exits.OTHER)
    assert not (build / "model.sig").exists()
