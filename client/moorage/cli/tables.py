"""Tables that fit the terminal, and never cut a value.

A table that is too wide leaves out columns, in the order that its list names. If the columns that are needed do not
fit either, each row becomes a block with one value per line.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from moorage.cli.values import flat

_GAP: Final = 2
# Prose gets at least this many cells, so that it does not become a column of single words.
_LEAST_PROSE: Final = 20


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a list, from left to right.

    Columns in ``spare`` are left out of a table that is too wide, the first one first. A value in ``folded`` is
    continued on the next line between its words, for example a list of names. A value in ``prose`` is sentences: a word
    longer than its column is continued on the next line too. All other values stay on one line.
    """

    names: tuple[str, ...]
    spare: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    prose: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A row that is a title for the rows below it."""

    title: str


Row: TypeAlias = Sequence[object] | Heading


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns that are shown, by position, and their widths in cells."""

    shown: tuple[int, ...]
    widths: tuple[int, ...]


def print_rows(console: Console, columns: Columns, rows: Iterable[Row]) -> tuple[str, ...]:
    """Print rows as a table, or that there are none. Returns the names of the columns that were left out."""
    made = [row if isinstance(row, Heading) else [_text(value) for value in row] for row in rows]
    cells = [row for row in made if not isinstance(row, Heading)]
    if not cells:
        console.print("nothing found", style="dim")
        return ()
    layout = _fit(columns, cells, console.width)
    if layout is None:
        _print_blocks(console, columns, made)
        return ()
    _print_table(console, columns, layout, made)
    return tuple(name for position, name in enumerate(columns.names) if position not in layout.shown)


def print_facts(console: Console, facts: Iterable[tuple[str, object]]) -> None:
    """Print the facts that are not empty, one per line. Long facts are continued below their beginning."""
    told = [(name, _text(fact)) for name, fact in facts if fact not in (None, {}, (), [])]
    shown = [(name, fact) for name, fact in told if fact.plain]
    width = max((cell_len(name) for name, _ in shown), default=0)
    for name, fact in shown:
        lines = folded(fact.plain, max(console.width - width - _GAP, 1))
        for number, line in enumerate(lines):
            title = f"[bold]{escape(name)}[/]" if number == 0 else ""
            padding = " " * (width + _GAP - (cell_len(name) if number == 0 else 0))
            console.print(f"{title}{padding}{escape(line)}", highlight=False, soft_wrap=True, style=fact.style)


def folded(text: str, width: int) -> Iterator[str]:
    """The lines of a text, broken between words and indented as it is.

    A word that is longer than ``width`` cells is a line of its own.
    """
    for paragraph in text.split("\n"):
        if cell_len(paragraph) <= width:
            yield paragraph
            continue
        words = paragraph.lstrip(" ")
        indent = " " * (len(paragraph) - len(words))
        line = ""
        for word in words.split(" "):
            if line and cell_len(line) + 1 + cell_len(word) > width:
                yield line
                line = ""
            line = f"{line} {word}" if line else f"{indent}{word}"
        yield line


def _text(value: object) -> Text:
    return value if isinstance(value, Text) else Text(flat(value))


def _fit(columns: Columns, rows: Sequence[Sequence[Text]], width: int) -> _Layout | None:
    """The widest choice of columns that fits, None if those that are needed do not."""
    natural = [max(cell_len(name), *(row[at].cell_len for row in rows)) for at, name in enumerate(columns.names)]
    least = [_least(columns, at, rows, natural[at]) for at in range(len(columns.names))]
    shown = list(range(len(columns.names)))
    for spare in (None, *columns.spare):
        if spare is not None:
            shown.remove(columns.names.index(spare))
        free = width - sum(least[at] for at in shown) - _GAP * (len(shown) - 1)
        if free >= 0:
            return _Layout(
                tuple(shown), tuple(_widths([least[at] for at in shown], [natural[at] for at in shown], free))
            )
    return None


def _least(columns: Columns, position: int, rows: Sequence[Sequence[Text]], natural: int) -> int:
    """The smallest width of a column in which no value is cut."""
    name = columns.names[position]
    if name in columns.prose:
        return min(natural, max(cell_len(name), _LEAST_PROSE))
    if name in columns.folded:
        words = (word for row in rows for word in row[position].plain.split(" "))
        return max(cell_len(name), *(cell_len(word) for word in words))
    return natural


def _widths(least: Sequence[int], natural: Sequence[int], free: int) -> Iterator[int]:
    """Share the free cells among the columns that could use them, from left to right."""
    wanting = sum(most > low for low, most in zip(least, natural, strict=True))
    for low, most in zip(least, natural, strict=True):
        if most > low:
            given = min(most - low, free // wanting)
            wanting -= 1
            free -= given
            yield low + given
        else:
            yield low


def _print_table(console: Console, columns: Columns, layout: _Layout, rows: Sequence[list[Text] | Heading]) -> None:
    table = _table(columns, layout, show_header=True)
    for row in rows:
        if isinstance(row, Heading):
            console.print(table)
            console.print(Text(row.title, style="bold"), soft_wrap=True)
            table = _table(columns, layout, show_header=False)
        else:
            table.add_row(*(row[position] for position in layout.shown))
    console.print(table)


def _table(columns: Columns, layout: _Layout, *, show_header: bool) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, _GAP, 0, 0), show_header=show_header)
    for position, width in zip(layout.shown, layout.widths, strict=True):
        table.add_column(Text(columns.names[position]), width=width, overflow="fold")
    return table


def _print_blocks(console: Console, columns: Columns, rows: Sequence[list[Text] | Heading]) -> None:
    """Print each row as lines of a name and its value, with an empty line between rows."""
    for number, row in enumerate(rows):
        if number:
            console.print()
        if isinstance(row, Heading):
            console.print(Text(row.title, style="bold"), soft_wrap=True)
        else:
            print_facts(console, zip(columns.names, row, strict=True))
