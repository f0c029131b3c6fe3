"""How the examples tell what happens, check that it is true, and wait for what the registry does by itself."""

import time
from collections.abc import Callable

from rich.console import Console

PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.5

console = Console(highlight=False)


class StoryError(Exception):
    """What the registry did is not what the story says."""


def step(title: str) -> None:
    console.print(f"\n[bold cyan]●[/] [bold]{title}[/]", soft_wrap=True)


def tell(line: str) -> None:
    console.print(f"  {line}", soft_wrap=True)


def expect(holds: bool, statement: str) -> None:
    if not holds:
        raise StoryError(f"not true: {statement}")
    console.print(f"  [green]✓[/] {statement}", soft_wrap=True)


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Look again and again until the registry has done it, a moment later, by itself."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise StoryError(f"did not happen: {what}")
        time.sleep(POLL_SECONDS)
    tell(what)
