"""What a model answers, by the names that the signature and the Open Inference Protocol have for it."""

from collections.abc import Mapping
from typing import Any, Final

from moorage.serving.signatures import Signature

# What the only output is called if the signature has no name for it.
OUTPUT: Final = "predictions"


def named_outputs(predictions: Any, signature: Signature) -> Mapping[str, Any]:
    """Predictions by name. Rows that are objects become columns; what has no name gets that of the only output."""
    rows: list[Any] = predictions if isinstance(predictions, list) else []
    if isinstance(predictions, dict):
        return predictions
    if rows and all(isinstance(row, dict) for row in rows):
        return {name: [row.get(name) for row in rows] for name in dict.fromkeys(key for row in rows for key in row)}
    declared = signature.outputs[0].name if len(signature.outputs) == 1 else None
    return {declared or OUTPUT: predictions}
