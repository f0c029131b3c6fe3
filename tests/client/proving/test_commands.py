"""verify and statements on the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from moorage import Client
from moorage.cli import exits

from chalicelib.aws.services import Services
from chalicelib.registry.audit.anchors import anchor_ledgers
from tests.aws.signing.keys import new_key, public_pem
from tests.client.cli.terminal import Shown, run_in_terminal
from tests.client.conftest import URL, Connect
from tests.client.proving.released import release
from tests.registry.signing.build import signing_with
from tests.simulation import like_s3

KEY = new_key()
Run = Callable[..., Shown]


@pytest.fixture
def run(connect: Connect) -> Run:
    def ran(*arguments: str, code: int = 0) -> Shown:
        shown = run_in_terminal(arguments, connect, environment={"MOORAGE_URL": URL})
        assert shown.code == code, shown
        return shown

    return ran


@pytest.fixture
def key(client: Client, registry: Services, build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The file with the registry's key, once version 1 is released."""
    signing = signing_with(monkeypatch, registry, KEY)
    like_s3(signing)
    release(client, signing, build)
    anchor_ledgers(signing, "occasion-1")
    (tmp_path / "registry.pem").write_text(public_pem(KEY))
    return str(tmp_path / "registry.pem")


def test_a_release_is_verified_in_words(run: Run, key: str, build: Path) -> None:
    shown = run("verify", "fraud@champion", str(build), "--key", key, "--strict")
    lines = shown.stdout.splitlines()
    assert lines[0].startswith("fraud/1, digest ")
    assert {line.split("  ")[0] for line in lines if line.startswith(("proven", "not"))} == {"proven"}
    assert max(map(len, lines)) <= 80
    document = json.loads(run("--json", "verify", "fraud@champion", str(build), "--key", key).stdout)
    assert (document["model"], document["version"], document["contradicted"]) == ("fraud", 1, False)
    assert {claim["outcome"] for claim in document["claims"]} == {"proven"}


def test_a_changed_file_fails_with_the_exit_code_of_integrity(run: Run, key: str, build: Path) -> None:
    (build / "model.bin").write_bytes(b"changed")
    shown = run("verify", "fraud/1", str(build), "--key", key, code=exits.INTEGRITY)
    assert "other bytes: model.bin" in " ".join(shown.stdout.split())
    assert "1 claim about fraud/1 contradicted" in shown.words


def test_what_is_not_proven_fails_only_if_that_is_asked(run: Run, key: str, build: Path) -> None:
    (build / "mine.txt").write_text("x")
    run("verify", "fraud/1", str(build), "--key", key)
    shown = run("verify", "fraud/1", str(build), "--key", key, "--strict", code=exits.INTEGRITY)
    assert "not proven" in shown.words


def test_a_folder_is_verified_without_the_registry(
    run: Run, key: str, client: Client, build: Path, tmp_path: Path
) -> None:
    files = {name: str(tmp_path / name) for name in ("model.sig", "promotion.json", "other.pem", "audit")}
    run("signatures", "save", "fraud/1", files["model.sig"])
    run("statements", "save", "fraud@champion", files["promotion.json"], "--key", files["other.pem"])
    assert Path(files["other.pem"]).read_text() == Path(key).read_text()
    run("audit", "export", files["audit"], "--all")
    client.close()
    given = ("--signature", files["model.sig"], "--statement", files["promotion.json"], "--export", files["audit"])
    shown = run("verify", str(build), *given, "--key", key, "--strict")
    assert shown.stdout.startswith("fraud/1, digest ")
    run("verify", str(build), *given, code=exits.USAGE)
    run("verify", "fraud/1", str(build), *given, "--key", key, code=exits.USAGE)
    run("verify", "fraud/1", "--export", files["audit"], code=exits.USAGE)
    run("verify", "fraud", code=exits.USAGE)


def test_statements_are_listed_shown_and_saved(run: Run, key: str, tmp_path: Path) -> None:
    assert "champion" in run("statements", "list", "fraud/1").stdout
    shown = run("statements", "show", "fraud@champion").stdout
    assert "token:bootstrap" in shown and "better" in shown
    (listed,) = json.loads(run("--json", "statements", "list", "fraud/1").stdout)
    run("statements", "show", "fraud/1", str(listed["sequence"]))
    run("statements", "show", "fraud/1", "999", code=exits.NOT_FOUND)
    run("statements", "save", "fraud/1", key, code=exits.USAGE)


def test_a_version_without_statements_says_so(run: Run, client: Client, registry: Services, build: Path) -> None:
    like_s3(registry)
    client.register("fraud", build)
    assert "has signed no statement about fraud/1" in run("statements", "show", "fraud/1", code=exits.NOT_FOUND).words
