"""The docs about the client match the code."""

import contextlib
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import moorage
import pytest
from moorage.cli import exits
from moorage.cli.main import main
from moorage.cli.sections import SectionedGroup

from tests.docs_blocks import PAGES, ROOT

DOCS = ROOT / "docs"
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


# Commands within sentences, which no block runs.
MENTIONED = sorted(
    {
        mention
        for page in (*PAGES, ROOT / "tools" / "reference" / "cures.yaml")
        for mention in re.findall(r"`(moorage [^`…]+)`", page.read_text(encoding="utf-8"))
        if not mention.endswith(" --help")
    }
)
# What stands for something in them.
PLACEHOLDERS = {
    "MODEL/VERSION": "fraud/3",
    "MODEL@ALIAS": "fraud@champion",
    "MODEL": "fraud",
    "REQUEST": "1",
    "NUMBER": "0.9",
    "TIME": "2026-11-23T09:30:00Z",
    "FILE": "README.md",
    "PATHS": "README.md",
}


@pytest.mark.parametrize("mention", MENTIONED)
def test_a_command_in_a_sentence_is_accepted_by_the_command_line(
    mention: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("README.md", "moorage.toml"):
        (tmp_path / file).touch()
    monkeypatch.chdir(tmp_path)
    words = tuple(PLACEHOLDERS.get(word, word) for word in shlex.split(mention))
    if words in {path[:length] for path in COMMANDS for length in range(1, len(path))}:
        return
    path = max((path for path in COMMANDS if words[: len(path)] == path), key=len)
    # A sentence about an option need not give the rest.
    with contextlib.suppress(click.MissingParameter):
        COMMANDS[path].make_context(path[-1], list(words[len(path) :]))


def test_messages_are_quoted_as_they_are_printed() -> None:
    page = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    seen = [cell for row in re.findall(r"^\| (.+?) \|", page, re.M) for cell in re.findall(r"`([^`]+)`", row)]
    quoted = [part.strip() for text in seen if " " in text and not text[:3].isdigit() for part in text.split("…")]
    recorded = (ROOT / "tests" / "client" / "cli" / "mistakes").glob("*.txt")
    sources = (ROOT / "client" / "moorage").rglob("*.py")
    # Terminals and line lengths break sentences.
    printed = " ".join(" ".join(file.read_text(encoding="utf-8").split()) for file in (*recorded, *sources))
    assert len(quoted) > 10
    assert [text for text in quoted if text not in printed] == []


def test_every_error_is_documented_and_every_documented_one_exists() -> None:
    named = set(re.findall(r"`(\w+Error)`", PACKAGE))
    raised = {name for name in moorage.__all__ if name.endswith("Error")}
    assert named == raised


def test_the_readme_of_the_package_names_every_extra() -> None:
    project = tomllib.loads((ROOT / "client" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = re.findall(r"`moorage\[([\w-]+)\]`", (ROOT / "client" / "README.md").read_text(encoding="utf-8"))
    assert sorted(named) == sorted(project["optional-dependencies"])


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
