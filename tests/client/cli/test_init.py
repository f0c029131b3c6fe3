"""The project file and the workflows that ``moorage init`` writes."""

import json
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from moorage import Client, NotConfiguredError
from moorage.cli import exits
from moorage.cli.main import main
from moorage.cli.project import find_project, project_url, read_project
from moorage.cli.workflows import workflow
from moorage.login import Login, login_path, save_login

from tests.client.cli.conftest import RunInTerminal
from tests.client.conftest import URL


@pytest.fixture(autouse=True)
def fraud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of a project, which is the current one."""
    directory = tmp_path / "fraud"
    directory.mkdir()
    monkeypatch.chdir(directory)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return directory


def remote(url: str) -> None:
    for arguments in (["init", "-q"], ["remote", "add", "origin", url]):
        subprocess.run(["git", *arguments], check=True)


def commands(text: str) -> Iterator[list[str]]:
    """The ``moorage`` commands of a workflow, as a shell would split them."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield from value.splitlines()
        elif isinstance(value, dict | list):
            for item in value.values() if isinstance(value, dict) else value:
                yield from texts(item)

    return (shlex.split(line) for line in texts(yaml.safe_load(text)) if line.startswith("moorage "))


def accepts(words: list[str]) -> None:
    """Parse a command without running it. Raises UsageError if the command line does not know it."""
    command: click.Command = main
    rest = words[1:]
    while isinstance(command, click.Group):
        command, rest = command.commands[rest[0]], rest[1:]
    command.make_context(words[0], rest)


@pytest.mark.parametrize(
    ("origin", "path", "claim"),
    [
        ("git@github.com:acme/fraud.git", ".github/workflows/moorage.yml", "sub=repo:acme/fraud:ref:refs/tags/v*"),
        ("https://gitlab.com/acme/risk/fraud", ".gitlab/moorage.yml", "project_path=acme/risk/fraud"),
    ],
)
def test_a_project_file_and_a_workflow_are_written(
    terminal: RunInTerminal, fraud: Path, origin: str, path: str, claim: str
) -> None:
    remote(origin)
    shown = terminal("init", "--registry", URL, "--tag", "team=risk")
    assert shown.stdout == f"moorage.toml: written\n{path}: written\n"
    project = tomllib.loads((fraud / "moorage.toml").read_text())
    assert project == {"url": URL, "model": "fraud", "tags": {"team": "risk"}}
    document = yaml.safe_load((fraud / path).read_text())
    assert URL in json.dumps(document) and "secrets." not in json.dumps(document)
    (fraud / "build" / "model").mkdir(parents=True)
    written = list(commands((fraud / path).read_text()))
    assert [words[:4] for words in written] == [["moorage", "register", ".", "build/model"]]
    trust = shlex.split(shown.stderr.splitlines()[-1])
    for words in (*written, trust):
        accepts(words)
    assert claim in trust and "contributor=fraud" in trust


def test_what_is_there_is_only_overwritten_after_a_question(terminal: RunInTerminal, fraud: Path) -> None:
    file = fraud / "moorage.toml"
    file.write_text("model = 'mine'\n")
    init = ("init", "--registry", URL, "--ci", "github", "--repository", "acme/fraud")
    assert "Nobody can be asked here" in terminal(*init, code=exits.USAGE).stderr
    assert "This overwrites moorage.toml." in terminal(*init, typed="n\n", code=exits.OTHER).stderr
    assert file.read_text() == "model = 'mine'\n" and not (fraud / ".github").exists()
    terminal(*init, typed="y\n")
    assert read_project(file).model == "fraud"
    assert terminal(*init).stdout == "moorage.toml: unchanged\n.github/workflows/moorage.yml: unchanged\n"


def test_a_dry_run_shows_the_files_and_writes_none(terminal: RunInTerminal, fraud: Path) -> None:
    shown = terminal("init", "--registry", URL, "--ci", "gitlab", "--dry-run")
    assert "moorage.toml: would be written" in shown.stdout and '  url = "https://registry.example"' in shown.stdout
    assert list(fraud.iterdir()) == []


def test_without_an_address_nothing_is_written(terminal: RunInTerminal, fraud: Path) -> None:
    assert "--registry" in terminal("init", code=exits.USAGE).stderr
    assert list(fraud.iterdir()) == []


@pytest.mark.parametrize("name", ['a "b" \\c', "#1", "naïve model", "a: b", "50%"])
def test_every_name_of_a_model_can_be_written(terminal: RunInTerminal, fraud: Path, name: str) -> None:
    terminal("init", "--registry", URL, "--model", name)
    assert read_project(fraud / "moorage.toml").model == name
    made = workflow("github", URL, name, "acme/fraud")
    assert yaml.safe_load(made.text)["jobs"]["register"]["env"]["MOORAGE_URL"] == URL
    accepts(shlex.split(made.trust))


def test_the_project_is_that_of_the_nearest_directory_above(
    client: Client, terminal: RunInTerminal, fraud: Path, build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (fraud / "moorage.toml").write_text(
        'model = "fraud"\nframework = "xgboost=2.1"\ntask = "scoring"\ntags = {team = "risk", stage = "dev"}\n'
    )
    (fraud / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(fraud / "deep" / "er")
    terminal("register", ".", str(build), "--tag", "stage=prod")
    made = client.versions.get("fraud", 1)
    assert (made.task, made.tags) == ("scoring", {"team": "risk", "stage": "prod"})
    assert made.framework is not None and made.framework["name"] == "xgboost"
    for arguments in (("show", "./1"), ("versions", "."), ("compare", "./1", ".@latest"), ("stages", ".")):
        assert terminal(*arguments).stdout
    assert "fraud@champion" in terminal("alias", "set", ".@latest", "champion").stdout


def test_what_the_project_ignores_is_left_out_of_its_versions(
    client: Client, terminal: RunInTerminal, fraud: Path, build: Path
) -> None:
    (fraud / "moorage.toml").write_text('ignore = ["*.log", "/drafts/"]\n')
    (build / "drafts").mkdir()
    for name in ("training.log", "kept.log", "drafts/one.bin"):
        (build / name).write_text(name)
    shown = terminal("register", "fraud", str(build), "--ignore", "!kept.log")
    assert "ignored: " in shown.words and "training.log" in shown.words and "drafts" in shown.words
    paths = {file.path for file in client.versions.files("fraud", 1)}
    assert "kept.log" in paths and not paths & {"training.log", "drafts/one.bin"}
    pending = client.versions.create("fraud", [{"path": "a.log", "size": 1, "sha256": "0" * 64}]).version
    refused = terminal("resume", f"fraud/{pending.number}", str(build), code=exits.OTHER)
    assert "ignored: " in refused.words and "training.log" in refused.words


def test_without_a_project_the_dot_says_how_to_make_one(terminal: RunInTerminal) -> None:
    assert "try: moorage init" in terminal("versions", ".", code=exits.USAGE).stderr.splitlines()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model = 3", "model must be a text"),
        ("modle = 'x'", "'modle'"),
        ("model = ", "cannot be read"),
        ("url = 'http://registry.example'", "unencrypted"),
        ("tags = {a = 1}", "tags must be texts"),
        ("ignore = '*.log'", "ignore must be a list"),
        ("ignore = [1]", "patterns of ignore must be texts"),
    ],
)
def test_a_project_file_with_a_fault_is_refused_by_its_name(fraud: Path, text: str, said: str) -> None:
    (fraud / "moorage.toml").write_text(text)
    with pytest.raises(NotConfiguredError, match=said):
        find_project(fraud)


def test_a_token_of_the_environment_is_not_sent_to_an_address_from_a_file(tmp_path: Path, fraud: Path) -> None:
    (fraud / "moorage.toml").write_text("url = 'https://elsewhere.example'\n")
    project = find_project(fraud)
    assert project_url(project, {}) == "https://elsewhere.example"
    for variable in ("MOORAGE_TOKEN", "MOORAGE_TOKEN_FILE", "MOORAGE_URL"):
        assert project_url(project, {variable: "x"}) is None


def test_the_address_of_the_project_needs_the_login_that_was_saved_for_it(terminal: RunInTerminal, fraud: Path) -> None:
    save_login(login_path({"XDG_CONFIG_HOME": str(fraud.parent / "config")}), Login("https://other.example", "t"))
    (fraud / "moorage.toml").write_text(f"url = '{URL}'\n")
    shown = terminal("doctor", "--json", code=exits.OTHER)
    assert f"No token for {URL} is known" in json.loads(shown.stdout)[0]["message"]
