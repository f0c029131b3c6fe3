"""The first rows of an example as JSON."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

NAME: Final = "example.json"
MAX_ROWS: Final = 10


def write_example(example: Any, directory: Path) -> None:
    """Write at most ten rows to ``example.json``: an object of columns, or nested lists.

    Raises TypeError if they hold what JSON does not have.
    """
    text = json.dumps(_rows(example), ensure_ascii=False, allow_nan=False)
    (directory / NAME).write_text(f"{text}\n", encoding="utf-8")


def _rows(example: Any) -> Any:
    if hasattr(example, "columns") and hasattr(example, "dtypes"):
        return {str(name): example[name][:MAX_ROWS].to_list() for name in example.columns}
    if hasattr(example, "tolist"):
        return example[:MAX_ROWS].tolist()
    if isinstance(example, Mapping):
        return {str(name): _rows(value) for name, value in example.items()}
    if isinstance(example, tuple):
        return [_rows(argument) for argument in example]
    return example[:MAX_ROWS] if isinstance(example, list) else example
