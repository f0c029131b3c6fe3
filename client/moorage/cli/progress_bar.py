"""Progress on a terminal's stderr; nothing where nobody watches."""

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
    """A bar that goes when its action is over: one of many that are not worth a line each."""

    @property
    def actions(self) -> list[str]:
        """What the bars that are there say."""
        return [task.description for task in self._bars.tasks]

    def finished(self, action: str) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
        super().finished(action)


@contextmanager
def passing_bars(console: Console) -> Iterator[Progress]:
    """Bars below what is printed on ``console`` meanwhile."""
    if not console.is_terminal:
        yield Silent()
        return
    with Bars(*_columns(), console=console, transient=True) as bars:
        yield Passing(bars)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    if not sys.stderr.isatty():
        yield Silent()
        return
    with Bars(*_columns(), console=Console(stderr=True), transient=True) as bars:
        yield Drawn(bars)


def _columns() -> tuple[ProgressColumn, ...]:
    return (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
