"""What all commands share: the client, the output, and the exit codes for errors."""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from moorage.cli import exits
from moorage.cli.log_notes import warnings_as_notes
from moorage.cli.problems import print_notes, report
from moorage.client import Client
from moorage.decoding import encode
from moorage.errors import MoorageError

# The width of output to a file or a pipe, so that nothing in it is wrapped or cut.
_UNBOUNDED = 100_000


@dataclass(slots=True)
class Session:
    """One run of the command line: its registry and its form of output."""

    json: bool = False
    url: str | None = None
    connect: Callable[[str | None, str | None], Client] = Client
    _client: Client | None = None
    errors: Console = field(default_factory=lambda: Console(stderr=True, emoji=False))

    @property
    def client(self) -> Client:
        """The client. It is created on first use, so that ``--help`` and ``logout`` need no login."""
        if self._client is None:
            self._client = self.connect(self.url, None)
        return self._client

    @property
    def address(self) -> str | None:
        """The address of the registry, None if no registry was used or given."""
        return self.url if self._client is None else self._client.url

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def result(self, value: object, text: Callable[[Console], None]) -> None:
        """Print the result: as a JSON document, or with ``text`` for a person."""
        if self.json:
            click.echo(json.dumps(encode(value), ensure_ascii=False, indent=2))
        else:
            text(Console(width=None if sys.stdout.isatty() else _UNBOUNDED, emoji=False))

    def say(self, value: object, message: str) -> None:
        """Print a result whose text is one line."""
        self.result(value, lambda console: console.print(escape(message), highlight=False))

    def note(self, message: str) -> None:
        """Print a message on stderr, next to the result."""
        self.errors.print(escape(message), highlight=False, soft_wrap=True, style="dim")

    def rows(self, values: Sequence[object], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a list: as a JSON array or a table."""

        self.result(values, lambda console: print_rows(console, columns, rows))

    def facts(self, value: object, facts: Iterable[tuple[str, object]]) -> None:
        """Print a single object: as JSON, or its non-empty fields, one per line."""

        self.result(value, lambda console: print_facts(console, facts))


def print_rows(console: Console, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows as a table, or that there are none."""
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(cell(entry) for entry in row))
    if table.rows:
        console.print(table)
    else:
        console.print("nothing found", style="dim")


def print_facts(console: Console, facts: Iterable[tuple[str, object]]) -> None:
    """Print the facts that are not empty, one per line."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, fact in facts:
        if fact not in (None, "", {}, (), []):
            table.add_row(name, cell(fact))
    console.print(table)


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def cell(value: object) -> str:
    """Format a value for a cell of a table."""
    return escape(flat(value))


def flat(value: object) -> str:
    """Format nested values in one line: ``run.id=42, source.commit=9f2c``. Nested lists are in brackets."""
    if value is None:
        return "-"
    if hasattr(value, "isoformat"):
        return str(encode(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return ", ".join(f"{path}={text}" for path, text in _members(value))
    if isinstance(value, list | tuple):
        return ", ".join(f"({flat(item)})" if isinstance(item, dict | list | tuple) else flat(item) for item in value)
    return str(value)


def _members(value: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name, item in value.items():
        if isinstance(item, dict):
            yield from ((f"{name}.{path}", text) for path, text in _members(item))
        elif isinstance(item, list | tuple) and len(item) > 1:
            yield name, f"[{flat(item)}]"
        elif item not in ([], ()):
            yield name, flat(item)


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Wrap the body of a command: pass the session, handle errors, and accept ``--json`` after the command too."""

    @click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
    @click.pass_obj
    @functools.wraps(function)
    def run(session: Session, /, *, as_json: bool, **named: Any) -> None:
        session.json = session.json or as_json
        try:
            with warnings_as_notes(session.note):
                function(session, **named)
        except MoorageError as error:
            report(session.errors, session.json, error, named, session.address)
            raise click.exceptions.Exit(exits.exit_code(error)) from error
        except KeyboardInterrupt as interruption:
            print_notes(session.errors, interruption)
            raise
        except (FileNotFoundError, PermissionError, ValueError) as error:
            # The SDK raises these for invalid arguments, such as a missing file or a value out of range.
            raise click.UsageError(str(error)) from error
        except BrokenPipeError:
            # The reader of the output has closed the pipe. Without this, Python would fail again when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        finally:
            session.close()

    return run
