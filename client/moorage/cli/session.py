"""What all commands share: the client, the output, and the exit codes for errors."""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar

import click
from rich.console import Console
from rich.text import Text

from moorage.cli import exits
from moorage.cli.csv_output import csv_rows
from moorage.cli.log_notes import warnings_as_notes
from moorage.cli.problems import print_folded, print_notes, report
from moorage.cli.project import Project, find_project, project_url, with_project_model
from moorage.cli.references import version_of
from moorage.cli.tables import Columns, Row, print_facts, print_rows
from moorage.cli.unknown_names import name_those_there_are
from moorage.cli.values import counted, harmless
from moorage.client import Client
from moorage.decoding import encode
from moorage.errors import MoorageError
from moorage.paths import VersionKey
from moorage.references import LATEST, Reference

Listed = TypeVar("Listed")

TABLE: Final = "table"
JSON: Final = "json"
CSV: Final = "csv"
# The width of output to a file or a pipe, so that nothing in it is wrapped or cut.
_UNBOUNDED: Final = 100_000
_USUAL_COLUMNS: Final = 80
_LINES: Final = 24


def console_on(stream: TextIO, *, stderr: bool = False) -> Console:
    """A console that is as wide as the terminal, and unbounded where the output is not a terminal."""
    width = _columns(stream) if stream.isatty() else _UNBOUNDED
    # Without a height, rich would take every terminal without escape sequences for one of 80 columns.
    return Console(stderr=stderr, width=width, height=_LINES, emoji=False)


def _columns(terminal: TextIO) -> int:
    """The columns of a terminal: as ``COLUMNS`` says, else as the terminal does."""
    chosen = os.environ.get("COLUMNS", "")
    if chosen.isdigit() and int(chosen):
        return int(chosen)
    try:
        return os.get_terminal_size(terminal.fileno()).columns or _USUAL_COLUMNS
    except OSError:
        return _USUAL_COLUMNS


@dataclass
class Session:
    """One run of the command line: its registry and its form of output."""

    output: str = TABLE
    url: str | None = None
    connect: Callable[[str | None, str | None], Client] = Client
    _client: Client | None = None
    _rest: str | None = None
    errors: Console = field(default_factory=lambda: console_on(sys.stderr, stderr=True))

    @property
    def client(self) -> Client:
        """The client. It is created on first use, so that ``--help`` and ``logout`` need no login."""
        if self._client is None:
            self._client = self.connect(self.chosen_url, None)
        return self._client

    @property
    def chosen_url(self) -> str | None:
        """The address from the command or the project file, None if the environment or the saved login has it."""
        return self.url or project_url(self.project, os.environ)

    @functools.cached_property
    def project(self) -> Project | None:
        """The project file of the current directory, None if there is none."""
        return find_project(Path.cwd())

    @property
    def connected(self) -> bool:
        """Whether the registry was called."""
        return self._client is not None

    @property
    def registry_url(self) -> str | None:
        """The address of the registry, None if no registry was used or given."""
        return self.chosen_url if self._client is None else self._client.url

    def key(self, reference: Reference) -> VersionKey:
        """The version of a reference, as the API takes it. ``@latest`` becomes a number."""
        version = version_of(reference)
        return self.number(reference) if version == LATEST else version

    def number(self, reference: Reference) -> int:
        """The number of the version that a reference names."""
        if isinstance(reference.version, int):
            return reference.version
        versions = self.client.versions
        if reference.version != LATEST:
            return versions.get(reference.model, self.key(reference)).number
        return versions.latest(reference.model).number

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def result(self, value: object, text: Callable[[Console], None]) -> None:
        """Print the result: as a JSON document, or with ``text`` for a person."""
        if self.output == CSV:
            raise click.UsageError("--output csv is for lists, and this is not one: use --output json")
        if self.output == JSON:
            click.echo(json.dumps(encode(value), ensure_ascii=False, indent=2))
        else:
            text(console_on(sys.stdout))

    def say(self, value: object, message: str) -> None:
        """Print a result whose text is one line."""
        self.result(value, lambda console: print_folded(console, harmless(message)))

    def note(self, message: str) -> None:
        """Print a message on stderr, next to the result."""
        print_folded(self.errors, message, style="dim")

    def note_command(self, text: str) -> None:
        """Print a command on stderr, in one line so that it can be copied."""
        self.errors.print(Text(text), soft_wrap=True)

    def warn(self, message: str) -> None:
        """Print on stderr what was done, but will hardly do what was meant."""
        print_folded(self.errors, f"warning: {message}", style="yellow")

    def first(
        self,
        limit: int | None,
        read: Callable[[int | None], Iterable[Listed]],
        total: Callable[[], int] | None = None,
    ) -> list[Listed]:
        """The first entries of a list, all of them without a limit. ``rows`` tells that there are more.

        ``read`` gets how many entries to read: one more than are shown. ``total`` counts them all, if that is cheap.
        """
        listed = list(read(None if limit is None else limit + 1))
        if limit is None or len(listed) <= limit:
            return listed
        self._rest = (
            f"first {limit}; --all for the rest" if total is None else f"{limit} of {total()}, --all for the rest"
        )
        return listed[:limit]

    def rows(self, values: Sequence[object], columns: Columns, rows: Iterable[Row]) -> None:
        """Print a list: as a JSON array, CSV or a table."""
        if self.output == CSV:
            click.echo(csv_rows([encode(value) for value in values]), nl=False)
        else:
            self.result(values, lambda console: self.table(console, columns, rows))
        if self._rest is not None:
            self.note(self._rest)

    def table(self, console: Console, columns: Columns, rows: Iterable[Row]) -> None:
        """Print rows, and tell on stderr which columns had no room."""
        missing = print_rows(console, columns, rows)
        if missing:
            told = f"{counted(len(missing), 'column')} left out: {', '.join(missing)}"
            self.note(f"{told}; --json has all, or widen the terminal")

    def facts(self, value: object, facts: Iterable[tuple[str, object]]) -> None:
        """Print a single object: as JSON, or its non-empty fields, one per line."""
        self.result(value, lambda console: print_facts(console, facts))


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Wrap the body of a command: pass the session, handle errors, and accept ``--output`` after the command too."""
    return _command(function, (TABLE, JSON))


def list_command(function: Callable[..., None]) -> Callable[..., None]:
    """Wrap the body of a command that prints a list, which can be CSV too."""
    return _command(function, (TABLE, JSON, CSV))


def _command(function: Callable[..., None], formats: Sequence[str]) -> Callable[..., None]:
    @click.option("--json", "as_json", is_flag=True, help="The same as --output json.")
    @click.option(
        "--output", type=click.Choice((TABLE, JSON, CSV)), help=f"The form of the result: {', '.join(formats)}."
    )
    @click.pass_obj
    @functools.wraps(function)
    def run(session: Session, /, *, as_json: bool, output: str | None, **named: Any) -> None:
        session.output = chosen_output(output, as_json) or session.output
        if session.output not in formats:
            raise click.UsageError(f"--output {session.output} is for lists, and this is not one: use --output json")
        try:
            with warnings_as_notes(session.note):
                function(session, **with_project_model(lambda: session.project, named))
        except MoorageError as error:
            if session.connected:
                name_those_there_are(session.client, error, named)
            report(session.errors, session.output == JSON, error, named, session.registry_url)
            raise click.exceptions.Exit(exits.exit_code(error)) from error
        except KeyboardInterrupt as interruption:
            print_notes(session.errors, interruption)
            raise
        except BrokenPipeError:
            # The reader of the output has closed the pipe. Without this, Python would fail again when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError, ValueError) as error:
            # The SDK raises these for invalid arguments, such as a missing file or a value out of range.
            raise click.UsageError(str(error)) from error
        finally:
            session.close()

    return run


def chosen_output(output: str | None, as_json: bool) -> str | None:
    """The form that ``--output`` and ``--json`` ask for, None if neither is given."""
    if as_json and output not in (None, JSON):
        raise click.UsageError(f"--json and --output {output} cannot be combined")
    return JSON if as_json else output
