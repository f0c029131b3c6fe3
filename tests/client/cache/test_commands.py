"""The cache on the command line, and what register and download say there about local files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from moorage import Client
from moorage.cache.location import cache_root
from moorage.cli import exits
from moorage.cli.main import main

from tests.client.conftest import URL, Connect
from tests.client.trees import content

Run = Callable[..., Result]


@pytest.fixture
def run(connect: Connect) -> Run:
    """Runs a command. ``typed`` is what a person types, who is asked only if there is one."""

    def invoke(*arguments: str | Path, code: int = 0, typed: str | None = None) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], typed, obj=connect)
        assert result.exit_code == code, result.output
        return result

    return invoke


@pytest.fixture
def fetched(client: Client, build: Path) -> Path:
    client.register("fraud", build)
    client.aliases.set("fraud", "champion", 1)
    return client.fetch("fraud", "@champion").path


def document(result: Result) -> Any:
    return json.loads(result.stdout)


def test_the_cache_is_listed_with_sizes_and_ages(run: Run, fetched: Path) -> None:
    shown = run("cache", "list")
    assert all(text in shown.stdout for text in ("fraud/1", "2 of 2", "7.02 kB", "seconds ago", URL))
    assert "7.02 kB in" in shown.stderr
    (entry,) = document(run("cache", "list", "--json"))
    assert (entry["model"], entry["version"], entry["size"], entry["registry"]) == ("fraud", 1, 7023, URL)


def test_an_empty_cache_is_listed_as_such(run: Run) -> None:
    assert "nothing found" in run("cache", "list").stdout
    assert document(run("cache", "list", "--json")) == []


def test_the_path_can_be_used_in_a_script(run: Run) -> None:
    assert run("cache", "path").stdout == f"{cache_root()}\n"


def test_damage_has_an_exit_code_of_its_own(run: Run, fetched: Path) -> None:
    assert "as it was downloaded" in run("cache", "verify").stdout
    (fetched / "model.bin").chmod(0o644)
    (fetched / "model.bin").write_bytes(b"evil")
    shown = run("cache", "verify", code=exits.INTEGRITY)
    assert "2 damaged: remove them with --remove" in shown.stdout
    assert "its SHA-256 is not its name" in shown.stderr
    found = document(run("cache", "verify", "--remove", "--json", code=exits.INTEGRITY))
    assert (len(found["damaged"]), found["removed"]) == (2, True)
    run("cache", "verify")


def test_pruning_says_what_is_gone(run: Run, fetched: Path) -> None:
    assert "removed 0 versions, 0 B" in run("cache", "prune", "--older-than", "30d").stdout
    assert "removed 0 versions" in run("cache", "prune", "--max-size", "0", "--keep", "fraud@champion").stdout
    shown = run("cache", "prune", "--max-size", "1kB")
    assert "removed 1 version, 7.02 kB" in shown.stdout
    assert f"fraud/1 of {URL}" in shown.stderr
    assert not fetched.exists()


def test_pruning_wants_ages_and_sizes(run: Run) -> None:
    assert "'soon' is not an age" in run("cache", "prune", "--older-than", "soon", code=exits.USAGE).stderr
    assert "'much' is not a size" in run("cache", "prune", "--max-size", "much", code=exits.USAGE).stderr


def test_the_cache_needs_no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CliRunner().invoke(main, ["cache", "list"]).exit_code == 0


def test_an_offline_download_says_its_age(
    run: Run, fetched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOORAGE_OFFLINE", "1")
    monkeypatch.setenv("MOORAGE_URL", URL)
    shown = CliRunner().invoke(main, ["download", "fraud@champion", str(tmp_path / "served")])
    assert shown.exit_code == 0, shown.output
    assert "offline: fraud@champion was version 1, " in shown.stderr
    assert content(tmp_path / "served") == content(fetched)
    shown = CliRunner().invoke(main, ["download", "fraud/2", str(tmp_path / "other")])
    assert shown.exit_code == exits.UNAVAILABLE


def test_a_directory_with_files_of_one_s_own_is_refused_or_asked_about(
    run: Run, fetched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = tmp_path / "served"
    served.mkdir()
    (served / "notes.txt").write_text("mine")
    shown = run("download", "fraud/1", served, code=exits.CONFLICT)
    assert "notes.txt: is not a file of fraud/1" in shown.stderr
    assert "--overwrite" in shown.stderr
    # As if the command ran in a terminal.
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
    run("download", "fraud/1", served, typed="n\n", code=exits.OTHER)
    assert content(served) == {"notes.txt": b"mine"}
    run("download", "fraud/1", served, "--json", code=exits.CONFLICT)
    run("download", "fraud/1", served, typed="y\n")
    assert content(served) == content(fetched) | {"notes.txt": b"mine"}


def test_an_update_says_what_was_removed(run: Run, fetched: Path, build: Path, tmp_path: Path) -> None:
    run("download", "fraud/1", tmp_path / "served")
    (build / "model.bin").unlink()
    run("register", "fraud", build)
    assert "1 already there, 1 removed" in run("download", "fraud/2", tmp_path / "served").stdout
    assert document(run("download", "fraud/2", tmp_path / "served", "--json"))["removed"] == []


def test_registering_says_what_is_ignored_and_what_may_be_secret(run: Run, build: Path) -> None:
    for name in (".DS_Store", "a.log", "b.log", "c.log", ".env"):
        (build / name).touch()
    shown = run("register", "fraud", build, "--ignore", "*.log")
    assert "3 files" in shown.stdout
    assert "ignored: " in shown.stderr and " and 1 more" in shown.stderr
    assert ".env may hold a secret" in shown.stderr
    run("resume", "fraud/1", build, "--ignore", "*.log")


def test_an_empty_directory_is_not_registered(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "has no files" in run("register", "fraud", tmp_path / "empty", code=exits.USAGE).stderr.replace("\n", " ")
