"""The columns of an answered request: its inputs and outputs by name."""

from collections.abc import Collection
from typing import Any

from moorage.serving.inputs import Input, Rows
from moorage.serving.open_inference import INPUT
from moorage.serving.outputs import named_outputs
from moorage.serving.signatures import Signature


def served_columns(
    signature: Signature, given: Input, predictions: Any, names: Collection[str]
) -> dict[str, list[Any]]:
    """The inputs and outputs among ``names``. An input that the request may leave out and did is missing in each row.

    An output that has the name of an input is left out. The only input or output that has no name is called as in the
    Open Inference Protocol: ``input``, ``predictions``.
    """
    inputs = {INPUT: given.values} if isinstance(given, Rows) else dict(given.columns)
    absent = {entry.name or INPUT: [None] * given.size for entry in signature.inputs}
    outputs = {name: _column(values) for name, values in named_outputs(predictions, signature).items()}
    return {name: values for name, values in {**outputs, **absent, **inputs}.items() if name in names}


def _column(values: Any) -> list[Any]:
    """An output as a column. A row of one value is that value, as networks answer with matrices."""
    rows = values if isinstance(values, list) else [values]
    return [row[0] if isinstance(row, list) and len(row) == 1 else row for row in rows]
