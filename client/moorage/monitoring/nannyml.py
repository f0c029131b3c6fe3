"""Reads the results of NannyML: the table that ``result.to_df()`` gives, of drift and of performance alike.

The columns of drift have three levels: the feature, the method, and ``value``, ``alert`` or a threshold. Those of
performance have two, without the feature.
"""

from typing import Any, Final

from moorage.monitoring.columns import plain
from moorage.monitoring.findings import Finding

_CHUNK: Final = "chunk"


def results(frame: Any) -> tuple[Finding, ...]:
    """What NannyML found in each chunk of the analysed data, chunk by chunk. Raises ValueError for another table.

    The chunks of the reference data are left out.
    """
    columns = [tuple(column) for column in frame.columns if isinstance(column, tuple)]
    measured = [column[:-1] for column in columns if column[-1] == "value" and column[0] != _CHUNK]
    if not measured:
        raise ValueError("the table has no columns with a 'value': give result.to_df(), with its levels of columns")
    rows = range(len(frame))
    table = {column: list(frame[column]) for column in columns}
    return tuple(
        _finding(table, of, row) for row in rows if _chunk(table, row, "period") != "reference" for of in measured
    )


def _finding(table: dict[tuple[Any, ...], list[Any]], of: tuple[Any, ...], row: int) -> Finding:
    def cell(field: str) -> Any:
        return plain(table[(*of, field)][row]) if (*of, field) in table else None

    score, low, high = cell("value"), cell("lower_threshold"), cell("upper_threshold")
    return Finding(
        str(of[0]),
        str(of[-1]),
        failed=bool(cell("alert")),
        score=score,
        # The one that was passed, or else the upper one, which drift is judged by.
        threshold=low if low is not None and score is not None and (score < low or high is None) else high,
        period=_chunk(table, row, "key"),
    )


def _chunk(table: dict[tuple[Any, ...], list[Any]], row: int, field: str) -> str | None:
    for column, values in table.items():
        if column[0] == _CHUNK and column[-1] == field:
            return str(values[row])
    return None
