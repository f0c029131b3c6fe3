"""Errors in a filter or order, with a mark under the place of the error."""

import re
from typing import Final

from chalicelib.domain.errors import InvalidFilterError, Problem

_CONTEXT: Final = 40
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def fault(text: str, at: int, message: str, parameter: str = "filter") -> InvalidFilterError:
    """The error for a filter or order that cannot be read at character ``at``, counted from 0."""
    start = max(0, at - _CONTEXT)
    shown = _UNPRINTABLE.sub(" ", text[start : at + _CONTEXT])
    lead = "…" if start else ""
    pointer = " " * (len(lead) + at - start) + "^"
    where = f"column {at + 1}"
    return InvalidFilterError(
        f"The {parameter} is not understood at {where}: {message}.\n{lead}{shown}\n{pointer}",
        [Problem(f"?{parameter}", f"{where}: {message}")],
    )
