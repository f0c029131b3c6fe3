"""The page of commands: every command with its arguments and options, as the code declares them."""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Final

import click
from moorage.cli.main import main
from moorage.cli.sections import SectionedGroup

from tools.reference.markdown import code, name, prose, table

_ABOUT: Final = (
    "The [guide](../cli.md) has examples, and [the exit codes](../cli.md#exit-codes) in a table. `--output`, `--json` "
    "and `--help` belong to every command, before or after its name. `csv` is for commands that print a list. The "
    "others stand before the command:\n"
)


def page() -> str:
    """The page."""
    context = main.make_context("moorage", [], resilient_parsing=True)
    parts = [
        "# Command line\n",
        f"{_text(main.help or '')}\n",
        _ABOUT,
        _options(main, context, its_own=False),
    ]
    for section, commands in _sections(main):
        parts.append(f"## {section}\n")
        for command in commands:
            parts += _described(command, context, "###")
    return "\n".join(part for part in parts if part)


def _sections(group: click.Group) -> Iterator[tuple[str, tuple[click.Command, ...]]]:
    if isinstance(group, SectionedGroup):
        yield from group.sections.items()


def _described(command: click.Command, parent: click.Context, heading: str) -> Iterator[str]:
    context = click.Context(command, parent=parent, info_name=command.name)
    path = context.command_path
    yield f"{heading} {path} {{#{path.removeprefix('moorage ').replace(' ', '-')}}}\n"
    yield f"{_text(command.help or '')}\n"
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _described(inner, context, f"{heading}#")
        return
    yield code(" ".join([path, *command.collect_usage_pieces(context)]), "text")
    yield _options(command, context, its_own=True)


def _text(text: str) -> str:
    """A help text: paragraphs stay, and lines that click keeps as they are become code."""
    return "\n\n".join(
        code(part.removeprefix("\b\n"), "text") if part.startswith("\b\n") else prose(" ".join(part.split()))
        for part in cleandoc(text).split("\n\n")
    )


def _options(command: click.Command, context: click.Context, *, its_own: bool) -> str:
    """A table of the options. ``its_own`` leaves out those that every command has."""
    rows = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        of_all = parameter.name in ("as_json", "output") or parameter is command.get_help_option(context)
        if record is not None and record[1] and not (its_own and of_all):
            rows.append((name(record[0]), prose(record[1])))
    return table(("option", "does"), rows)
