"""What every command shares: the client, the output, and errors turned into exit codes."""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from moorage.cli import exits
from moorage.cli.next_steps import next_step
from moorage.client import Client
from moorage.decoding import encode
from moorage.errors import MoorageError

# Columns of output that goes to a file or a pipe: nothing in it is wrapped or cut.
_UNBOUNDED = 100_000


@dataclass(slots=True)
class Session:
    """One run of the command: where to go and how to speak."""

    json: bool = False
    url: str | None = None
    connect: Callable[[str | None, str | None], Client] = Client
    _client: Client | None = None
    errors: Console = field(default_factory=lambda: Console(stderr=True, emoji=False))

    @property
    def client(self) -> Client:
        """Made on first use, so that ``--help`` and ``logout`` need no login."""
        if self._client is None:
            self._client = self.connect(self.url, None)
        return self._client

    @property
    def address(self) -> str | None:
        """The registry that was asked, None while none was."""
        return self.url if self._client is None else self._client.url

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def result(self, value: object, text: Callable[[Console], None]) -> None:
        """The command's one answer: a JSON document, or ``text`` for a person."""
        if self.json:
            click.echo(json.dumps(encode(value), ensure_ascii=False, indent=2))
        else:
            text(Console(width=None if sys.stdout.isatty() else _UNBOUNDED, emoji=False))

    def say(self, value: object, message: str) -> None:
        """An answer whose text is one line."""
        self.result(value, lambda console: console.print(escape(message), highlight=False))

    def note(self, message: str) -> None:
        """A message beside the answer, on stderr."""
        self.errors.print(escape(message), highlight=False, soft_wrap=True, style="dim")

    def rows(self, values: Sequence[object], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A list: a JSON array, or a table."""

        def show(console: Console) -> None:
            if not values:
                console.print("nothing here", style="dim")
                return
            table = Table(*columns, box=None, header_style="bold", pad_edge=False)
            for row in rows:
                table.add_row(*(cell(entry) for entry in row))
            console.print(table)

        self.result(values, show)

    def facts(self, value: object, facts: Iterable[tuple[str, object]]) -> None:
        """One thing: a JSON object, or its filled-in fields, one a line."""

        def show(console: Console) -> None:
            table = Table(box=None, show_header=False, pad_edge=False)
            table.add_column(style="bold")
            table.add_column(overflow="fold")
            for name, fact in facts:
                if fact not in (None, "", {}, (), []):
                    table.add_row(name, cell(fact))
            console.print(table)

        self.result(value, show)


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def cell(value: object) -> str:
    """A value as one cell of a table."""
    if hasattr(value, "isoformat"):
        return str(encode(value))
    return escape(flat(value))


def flat(value: object) -> str:
    """Nested values in one line: ``run.id=42, source.commit=9f2c``; lists in a list or an object in brackets."""
    if value is None:
        return "-"
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
    """A command's body, given the session; ``--json`` may stand after the command as well as before."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    @click.pass_obj
    @functools.wraps(function)
    def run(session: Session, /, *, as_json: bool, **named: Any) -> None:
        session.json = session.json or as_json
        try:
            function(session, **named)
        except MoorageError as error:
            _report(session, error, named)
            raise click.exceptions.Exit(exits.exit_code(error)) from error
        except KeyboardInterrupt as interruption:
            _print_notes(session, interruption)
            raise
        except (FileNotFoundError, ValueError) as error:
            # What the SDK says of arguments that make no sense: a missing file, a value out of bounds.
            raise click.UsageError(str(error)) from error
        except BrokenPipeError:
            # The reader of our output has gone; Python would complain once more when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        finally:
            session.close()

    return run


def _report(session: Session, error: MoorageError, given: Mapping[str, Any]) -> None:
    print_error = functools.partial(session.errors.print, highlight=False, soft_wrap=True)
    print_error(f"[bold red]error:[/] {escape(str(error))}")
    if error.request_id is not None:
        print_error(escape(f"request {error.request_id}"), style="dim")
    _print_notes(session, error)
    step = next_step(error, given, session.address)
    if step is not None:
        print_error(f"try: [bold]{escape(step)}[/]")


def _print_notes(session: Session, error: BaseException) -> None:
    for note in getattr(error, "__notes__", ()):
        session.errors.print(escape(note), highlight=False, soft_wrap=True)
