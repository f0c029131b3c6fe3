"""Markdown that pages are written in: tables, code, and text that is shown as it is."""

from collections.abc import Iterable, Sequence
from typing import Final

# What Markdown or HTML would read as more than a character.
_MEANT: Final = str.maketrans({"|": "\\|", "<": "&lt;", ">": "&gt;", "*": "\\*", "_": "\\_"})


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, or nothing if there are no rows. Cells are Markdown already."""
    lines = [f"| {' | '.join(' '.join(cell.split()) for cell in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *lines, ""])


def code(text: str, language: str) -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```\n"


def name(text: str) -> str:
    """A name in code letters, also within a table."""
    return f"`{text}`".replace("|", "\\|")


def prose(text: str) -> str:
    """Text of a docstring or a description: its ``names`` in code letters, all else as it is."""
    parts = text.replace("``", "`").split("`")
    return "`".join(part if number % 2 else part.translate(_MEANT) for number, part in enumerate(parts))
