"""How a report is shown and kept: tables within 100 columns, and the same figures as JSON in ``build``."""

import json
import os
from pathlib import Path
from typing import Any, Final

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table

WIDTH: Final = 100
BUILD: Final = Path(__file__).parents[1] / "build"


def table(title: str, *columns: str) -> Table:
    """A table of figures. The first column names what a row is about; names too long for it are folded, not cut."""
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        made.add_column(column, justify="right" if index else "left", overflow="fold")
    return made


def show(*shown: RenderableType) -> None:
    console = Console(width=WIDTH)
    for one in shown:
        console.print(one)


def write(report: dict[str, Any], path: Path) -> str:
    """Keep the report as JSON, and answer a sentence that says where."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")
    return f"Written to {os.path.relpath(path)}"


def verdict(kept: bool) -> str:
    return "kept" if kept else "[bold red]broken[/]"


def sizes(values: list[float]) -> str:
    """The figures of several sizes; one figure if all are alike."""
    shown = [f"{value:g}" for value in values]
    return shown[0] if len(set(shown)) == 1 else " / ".join(shown)


def all_kept(report: dict[str, Any]) -> bool:
    """Whether every row of the report keeps its budgets."""
    rows = (row for part in report.values() for row in (part if isinstance(part, list) else [part]))
    return all(row["kept"] for row in rows if isinstance(row, dict))
