"""Errors as the command line reports them: lines for a person, or with ``--json`` one JSON object."""

import json
from collections.abc import Mapping
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from moorage.cli import exits
from moorage.cli.next_steps import next_step
from moorage.cli.tables import folded
from moorage.errors import MoorageError


def report(errors: Console, as_json: bool, error: MoorageError, given: Mapping[str, Any], url: str | None) -> None:
    """Print an error on stderr: what was wrong, and the command to try next. ``given`` are the command's arguments."""
    step = next_step(error, given, url)
    if as_json:
        print_json(
            type(error).__name__,
            error.message,
            exits.exit_code(error),
            code=error.code,
            status=error.status,
            request_id=error.request_id,
            retryable=error.retryable,
            errors=[{"pointer": fault.pointer, "message": fault.message} for fault in error.errors],
            notes=list(getattr(error, "__notes__", ())),
            next_step=step,
        )
        return
    print_error(errors, str(error))
    print_notes(errors, error)
    if step is not None:
        print_step(errors, step)
    if error.request_id is not None:
        print_folded(errors, f"request id: {error.request_id}", style="dim")


def report_usage(errors: Console, as_json: bool, error: click.ClickException) -> None:
    """Print a wrong use of the command line: what is wrong, how the command is used, and where its help is."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    kind, message = "UsageError" if isinstance(error, click.UsageError) else "Error", error.format_message()
    usage = None if context is None else " ".join(context.get_usage().split()).removeprefix("Usage: ")
    step = None if context is None else f"{context.command_path} --help"
    if as_json:
        print_json(kind, message, error.exit_code, usage=usage, next_step=step)
        return
    print_error(errors, message)
    if usage is not None and step is not None:
        print_folded(errors, f"usage: {usage}", style="dim")
        print_step(errors, step)


def print_step(errors: Console, step: str) -> None:
    """Print the command to try next in one line, however long it is, so that it can be copied."""
    errors.print(Text.assemble("try: ", (step, "bold")), soft_wrap=True)


def print_error(errors: Console, message: str) -> None:
    """Print what went wrong, in as many lines as it needs."""
    sentence, *marked = _with_mark(f"error: {message}", errors.width)
    for number, line in enumerate(folded(sentence, errors.width)):
        title, rest = (line[:6], line[6:]) if number == 0 else ("", line)
        errors.print(Text.assemble((title, "bold red"), rest), soft_wrap=True)
    for line in marked:
        errors.print(Text(line), soft_wrap=True)


def _with_mark(message: str, width: int) -> list[str]:
    """The sentences of a message, and apart from them the two lines at its end that mark a place in a text.

    A text that is wider than the terminal is shown around the mark only.
    """
    *sentences, text, mark = ["", "", *message.split("\n")]
    if mark.strip() != "^" or not sentences:
        return [message]
    before = "\n".join(sentences[2:])
    beginning = max(0, min(mark.index("^") - width // 2, len(text) - width))
    shown = text[beginning : beginning + width]
    if beginning:
        shown = f"…{shown[1:]}"
    if beginning + width < len(text):
        shown = f"{shown[:-1]}…"
    return [before, shown, mark[beginning:]]


def print_notes(errors: Console, error: BaseException) -> None:
    for note in getattr(error, "__notes__", ()):
        print_folded(errors, note)


def print_folded(console: Console, message: str, style: str = "") -> None:
    """Print sentences, broken between words where the terminal ends."""
    for line in folded(message, console.width):
        console.print(Text(line, style=style), soft_wrap=True)


def print_json(kind: str, message: str, exit_code: int, **more: Any) -> None:
    """Print an error as the last line of stderr, so that a program finds it behind messages and progress."""
    document = {"error": kind, "message": message, "exit_code": exit_code, **more}
    click.echo(json.dumps(document, ensure_ascii=False), err=True)
