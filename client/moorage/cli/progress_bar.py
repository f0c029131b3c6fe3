"""Progress bars on stderr, if it is a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bars

from moorage.progress import Progress, Silent


class Drawn:
    """One bar for each action of a transfer."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def started(self, action: str, files: int, size: int) -> None:
        noun = "file" if files == 1 else "files"
        self._task = self._bars.add_task(f"{action} {files} {noun}", total=size)

    def advanced(self, size: int) -> None:
        if self._task is not None:
            self._bars.advance(self._task, size)

    def finished(self, action: str) -> None:
        self._task = None


class Passing(Drawn):
    """One bar at a time, removed when its action has ended. For many short transfers."""

    @property
    def actions(self) -> list[str]:
        """The descriptions of the visible bars."""
        return [task.description for task in self._bars.tasks]

    def finished(self, action: str) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
        super().finished(action)


@contextmanager
def passing_bars(console: Console) -> Iterator[Progress]:
    """Bars below the lines that are printed on ``console`` meanwhile. None if it is not a terminal."""
    if not console.is_terminal or console.is_dumb_terminal:
        yield Silent()
        return
    with Bars(*_columns(), console=console, transient=True) as bars:
        yield Passing(bars)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Bars on stderr. None if it is not a terminal."""
    console = Console(stderr=True)
    if not sys.stderr.isatty() or console.is_dumb_terminal:
        yield Silent()
        return
    with Bars(*_columns(), console=console, transient=True) as bars:
        yield Drawn(bars)


def _columns() -> tuple[ProgressColumn, ...]:
    return (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
