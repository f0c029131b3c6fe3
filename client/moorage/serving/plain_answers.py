"""What models answer, as values that JSON holds.

No framework is imported: arrays, tables and tensors are known by their methods. JSON has no NaN and no infinities, so
they become null.
"""

import base64
import math
from collections.abc import Mapping
from datetime import date
from typing import Any


def plain(value: Any) -> Any:
    """Arrays and series become lists, tables lists of records, bytes base64, and times ISO 8601.

    Raises TypeError for an object that is none of these.
    """
    if value is None or isinstance(value, bool | int | str):
        return _builtin(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return plain(_opened(value))


def _builtin(value: Any) -> Any:
    """The value as the type of Python itself: an enumeration's member is a number or a text, too."""
    for kind in (int, str):
        if isinstance(value, kind) and not isinstance(value, bool):
            return kind(value)
    return value


def _opened(value: Any) -> Any:
    if hasattr(value, "columns") and hasattr(value, "to_dict"):
        return value.to_dict(orient="records")
    if hasattr(value, "detach"):
        return value.detach().cpu().tolist()
    if hasattr(value, "todense"):
        return value.todense().tolist()
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"the model answered with a {type(value).__qualname__}, which JSON cannot hold")
