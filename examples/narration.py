"""What the examples share: they print each step, check its result, and wait for what the registry does on its own."""

import time
from collections.abc import Callable

from rich.console import Console

PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.5

console = Console(highlight=False)


class StoryError(Exception):
    """The registry did something else than the example expects."""


def step(title: str) -> None:
    console.print(f"\n[bold cyan]●[/] [bold]{title}[/]", soft_wrap=True)


def tell(line: str) -> None:
    console.print(f"  {line}", soft_wrap=True)


def expect(holds: bool, statement: str) -> None:
    if not holds:
        raise StoryError(f"expected, but not true: {statement}")
    console.print(f"  [green]✓[/] {statement}", soft_wrap=True)


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Poll until the registry has done something on its own. Raises StoryError after ``PATIENCE_SECONDS``."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise StoryError(f"did not happen within {PATIENCE_SECONDS:.0f} s: {what}")
        time.sleep(POLL_SECONDS)
    tell(what)
