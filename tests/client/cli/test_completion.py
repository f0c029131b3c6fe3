"""The shell completes commands, options, models, versions and aliases."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from moorage import Client
from moorage.cli import exits
from moorage.cli.main import main

from tests.client import lines
from tests.client.cli.conftest import RunInTerminal
from tests.client.conftest import Connect
from tests.client.lines import Line


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("ZDOTDIR", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def completed(connect: Connect, *words: str) -> list[str]:
    """What is suggested for the last word."""
    shell = ShellComplete(main, {"obj": connect}, "moorage", "_MOORAGE_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


@pytest.fixture
def fraud(client: Client) -> None:
    for _ in range(2):
        client.register("fraud")
    client.models.create("fraud-eu")
    client.models.create("churn")
    client.aliases.set("fraud", "champion", 1)


@pytest.mark.parametrize(
    ("words", "suggested"),
    [
        (("ver",), ["verify", "versions"]),
        (("versions", "fraud", "--lim"), ["--limit"]),
        (("tokens", "r"), ["revoke", "rotate"]),
        (("versions", "fr"), ["fraud", "fraud-eu"]),
        (("show", "c"), ["churn"]),
        (("show", "fraud/"), ["fraud/2", "fraud/1"]),
        (("show", "fraud@"), ["fraud@champion", "fraud@latest"]),
        (("compare", "fraud/1", "fraud@ch"), ["fraud@champion"]),
        (("alias", "delete", "fraud@l"), ["fraud@latest"]),
        (("show", "nothing/"), []),
    ],
)
def test_names_are_suggested(fraud: None, connect: Connect, words: tuple[str, ...], suggested: list[str]) -> None:
    assert completed(connect, *words) == suggested


def test_the_projects_model_is_known_by_its_dot(fraud: None, connect: Connect, home: Path) -> None:
    (home / "moorage.toml").write_text('model = "fraud"\n')
    assert completed(connect, "show", ".@") == [".@champion", ".@latest"]


def test_a_completion_costs_one_call(fraud: None, connect: Connect, api: Line) -> None:
    for word in ("fr", "fraud/", "fraud@"):
        api.calm()
        completed(connect, "show", word)
        assert len(api.requests) == 1


def test_nothing_is_suggested_or_said_where_the_registry_does_not_answer(
    connect: Connect, api: Line, capfd: pytest.CaptureFixture[str]
) -> None:
    api.disturb(lines.lose_request, times=9)
    assert completed(connect, "show", "fr") == []
    shell = ShellComplete(main, {}, "moorage", "_MOORAGE_COMPLETE")
    assert shell.get_completions(["show"], "fr") == [], "without a login"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("shell", "start"), [("bash", ".bashrc"), ("zsh", ".zshrc")])
def test_installing_adds_one_line_to_what_the_shell_reads(
    terminal: RunInTerminal, home: Path, shell: str, start: str
) -> None:
    (home / start).write_text("alias ll='ls -l'\n")
    for _ in range(2):
        assert "open a new" in terminal("completion", "install", shell).stdout
    script = home / "data" / "moorage" / f"completion.{shell}"
    assert (home / start).read_text().count(str(script)) == 2, "one line, which names it twice"
    assert (home / start).read_text().startswith("alias ll='ls -l'\n")
    assert script.read_text() == terminal("completion", "show", shell).stdout


def test_fish_finds_its_script_by_itself(terminal: RunInTerminal, home: Path) -> None:
    terminal("completion", "install", "fish")
    assert "complete" in (Path(os.environ["XDG_CONFIG_HOME"]) / "fish" / "completions" / "moorage.fish").read_text()


def test_the_shell_is_the_one_in_use(terminal: RunInTerminal, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/bash")
    terminal("completion", "install")
    assert (home / ".bashrc").exists()
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert "bash, zsh, fish" in terminal("completion", "install", code=exits.USAGE).stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_an_alias_as_one_word(terminal: RunInTerminal, home: Path) -> None:
    command = home / "bin" / "moorage"
    command.parent.mkdir()
    program = "from moorage.cli.main import main; main(prog_name='moorage')"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{program}" "$@"\n')
    command.chmod(0o755)
    (home / "completion.bash").write_text(terminal("completion", "show", "bash").stdout)
    typed = (
        "shopt -u progcomp_alias; . ./completion.bash; case $COMP_WORDBREAKS in *@*) echo broken;; esac; "
        "COMP_WORDS=(moorage version); COMP_CWORD=1; _moorage_completion moorage; "
        'echo "${COMPREPLY[@]}"'
    )
    environment = os.environ | {"PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": ":".join(sys.path)}
    shown = subprocess.run(["bash", "--norc", "-c", typed], env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["versions"], shown.stderr


def test_every_argument_that_names_a_model_or_version_is_completed() -> None:
    def leaves(group: click.Group) -> list[click.Command]:
        commands = [*group.commands.values()]
        return [leaf for one in commands for leaf in (leaves(one) if isinstance(one, click.Group) else [one])]

    named = ("model", "version", "address", "alias", "versions")
    for command in leaves(main):
        for parameter in command.params:
            if isinstance(parameter, click.Argument) and parameter.name in named:
                assert type(parameter.type).shell_complete is not click.ParamType.shell_complete, command.name
