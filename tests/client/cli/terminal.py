"""A command in a terminal of a given width, in process."""

import contextlib
import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from unittest import mock

from moorage import Client
from moorage.cli.main import main


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Keyboard(io.StringIO):
    """What somebody types, which a terminal shows."""

    def __init__(self, typed: str, shown_on: Screen) -> None:
        super().__init__(typed)
        self._screen = shown_on

    def isatty(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> str:
        line = super().readline(-1 if size is None else size)
        self._screen.write(line)
        return line


@dataclass(frozen=True)
class Shown:
    """What a command printed, and its exit code."""

    code: int
    stdout: str
    stderr: str

    @property
    def words(self) -> str:
        """What went to stderr in one line, wherever the terminal broke it."""
        return " ".join(self.stderr.split())


def run_in_terminal(
    arguments: Sequence[str],
    connect: Callable[[str | None, str | None], Client] | None,
    *,
    columns: int = 80,
    typed: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Shown:
    """Run ``moorage`` on screens of ``columns`` cells without colours.

    ``typed`` is what somebody answers. Without it, the input is not a terminal.
    """
    out, err = Screen(), Screen()
    variables = {"COLUMNS": str(columns), "TERM": "dumb", **(environment or {})}
    with mock.patch.dict("os.environ", variables), _streams(out, err, typed):
        try:
            main.main(list(arguments), "moorage", obj=connect)
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Shown(code, _without_padding(out.getvalue()), _without_padding(err.getvalue()))


@contextlib.contextmanager
def _streams(out: Screen, err: Screen, typed: str | None) -> Iterator[None]:
    answers = io.StringIO() if typed is None else Keyboard(typed, err)
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "stdin", answers),
    ):
        yield


def _without_padding(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())
