"""Errors as the command line reports them: lines for a person, or with ``--json`` one JSON object."""

import functools
import json
from collections.abc import Mapping
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from moorage.cli import exits
from moorage.cli.next_steps import next_step
from moorage.errors import MoorageError


def report(errors: Console, as_json: bool, error: MoorageError, given: Mapping[str, Any], address: str | None) -> None:
    """Print an error on stderr: what was wrong, and the command to try next. ``given`` are the command's arguments."""
    step = next_step(error, given, address)
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
    print_error = functools.partial(errors.print, highlight=False, soft_wrap=True)
    print_error(f"[bold red]error:[/] {escape(str(error))}")
    if error.request_id is not None:
        print_error(escape(f"request id: {error.request_id}"), style="dim")
    print_notes(errors, error)
    if step is not None:
        print_error(f"try: [bold]{escape(step)}[/]")


def print_notes(errors: Console, error: BaseException) -> None:
    for note in getattr(error, "__notes__", ()):
        errors.print(escape(note), highlight=False, soft_wrap=True)


def report_usage(error: click.ClickException) -> None:
    """Print a wrong use of the command line as JSON."""
    print_json("UsageError", error.format_message(), error.exit_code)


def print_json(kind: str, message: str, exit_code: int, **more: Any) -> None:
    """Print an error as the last line of stderr, so that a program finds it behind messages and progress."""
    document = {"error": kind, "message": message, "exit_code": exit_code, **more}
    click.echo(json.dumps(document, ensure_ascii=False), err=True)
