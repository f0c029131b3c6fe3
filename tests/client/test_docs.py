"""docs/cli.md and docs/client.md match the code."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import moorage
import pytest
from moorage.cli import exits
from moorage.cli.main import main
from moorage.cli.sections import SectionedGroup

DOCS = Path(__file__).parents[2] / "docs"
COMMAND_LINE = (DOCS / "cli.md").read_text(encoding="utf-8")
PACKAGE = (DOCS / "client.md").read_text(encoding="utf-8")


def commands(
    group: click.Group, path: tuple[str, ...] = ("moorage",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands(main))
# The end-to-end tests run every line. Here only those are looked at that are a plain command.
EXAMPLES = [
    line
    for block in re.findall(r"```sh\n(.*?)```", COMMAND_LINE, re.S)
    for line in block.splitlines()
    if line.startswith("moorage ") and not re.search(r"\$\(|\|\|", line)
]


def test_the_table_lists_every_command_once() -> None:
    listed = re.findall(r"^\| `(moorage [a-z -]+)` \|", COMMAND_LINE, re.M)
    assert sorted(listed) == sorted(" ".join(path) for path in COMMANDS)


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_is_accepted_by_the_command_line(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "build" / "model").mkdir(parents=True)
    for file in ("README.md", "scheme.yaml"):
        (tmp_path / file).touch()
    monkeypatch.chdir(tmp_path)
    words = tuple(shlex.split(line))
    path = max((path for path in COMMANDS if words[: len(path)] == path), key=len)
    # This parses the arguments and rejects unknown ones, without running the command.
    COMMANDS[path].make_context(path[-1], list(words[len(path) :]))


def test_every_error_is_documented_and_every_documented_one_exists() -> None:
    named = set(re.findall(r"`(\w+Error)`", PACKAGE))
    raised = {name for name in moorage.__all__ if name.endswith("Error")}
    assert named == raised


def test_the_exit_codes_are_those_of_the_code() -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d) \|", COMMAND_LINE, re.M)}
    defined = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
    assert listed == defined
    for code in listed:
        assert re.search(rf"\b{code} \w", main.help or "")


def groups(group: click.Group) -> Iterator[click.Group]:
    yield group
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from groups(command)


@pytest.mark.parametrize("group", tuple(groups(main)), ids=lambda group: group.name)
def test_the_help_lists_every_command_with_a_whole_line(group: click.Group, monkeypatch: pytest.MonkeyPatch) -> None:
    # CliRunner would give the help two columns more than a terminal of 80 has.
    monkeypatch.setenv("COLUMNS", "80")
    shown = group.get_help(group.make_context("moorage", [], resilient_parsing=True)).splitlines()[1:]
    for name, command in group.commands.items():
        (line,) = [line for line in shown if re.match(rf"  {name}  ", line)]
        assert command.get_short_help_str(limit=1000) in line


def test_the_help_of_the_whole_command_has_each_command_in_one_section() -> None:
    assert isinstance(main, SectionedGroup)
    placed = [command.name for section in main.sections.values() for command in section]
    assert sorted(placed) == sorted(main.commands)
