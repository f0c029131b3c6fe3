"""The commands that the web interface shows are commands of the command line, with their options."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from moorage.cli.main import main

SOURCES = Path(__file__).parents[2] / "web" / "src"
SHOWN = re.compile(r"""\bmoorage ([a-z][^\n`"'<]*)""")


def shown() -> Iterator[tuple[str, str]]:
    """Each text that begins like a command, with the file that shows it."""
    for source in [*SOURCES.rglob("*.ts"), *SOURCES.rglob("*.tsx")]:
        if ".test." not in source.name and source.name != "schema.d.ts":
            for line in re.sub(r"from moorage import", "", source.read_text()).splitlines():
                # A value that is put in, such as ${model}, is an argument, and stands apart from the command.
                yield from ((source.name, text.replace("${", " ${")) for text in SHOWN.findall(line))


COMMANDS = sorted(set(shown()))


def test_commands_are_found() -> None:
    assert ("Nothing.tsx", "register fraud model/ --metric auc=0.94") in COMMANDS


@pytest.mark.parametrize(("file", "text"), COMMANDS)
def test_a_command_that_a_page_shows_exists_with_its_options(file: str, text: str) -> None:
    words = text.split()
    command: click.Command = main
    while isinstance(command, click.Group) and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    assert command is not main, f"{file}: moorage {text}"
    assert not isinstance(command, click.Group) or "--help" in words, f"{file}: moorage {text}"
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= known, f"{file}: moorage {text}"
