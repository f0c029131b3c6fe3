"""Lists as CSV (RFC 4180)."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

# A spreadsheet takes a cell that begins like this for a formula. The web interface guards its CSV in the same way.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_rows(documents: Sequence[Mapping[str, Any]]) -> str:
    """Write JSON objects as CSV, with a header.

    A member of a nested object has a column of its own, such as ``metrics.auc``; a list is one cell. Text that a
    spreadsheet would run as a formula gets an apostrophe before it. Nothing is written if there are no objects.
    """
    rows = [dict(_cells(document)) for document in documents]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    if columns:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(_guarded(name) for name in columns)
        writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return text.getvalue()


def _cells(document: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from _cells(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", _cell(value)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _guarded(value)
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return _guarded(", ".join(item if isinstance(item, str) else json.dumps(item) for item in value))
    return json.dumps(value, ensure_ascii=False)


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
