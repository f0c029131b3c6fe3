"""What is wrong with a filter, shown where it is."""

import re
from typing import Final

from chalicelib.domain.errors import InvalidFilterError, Problem

_AROUND: Final = 40
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def fault(text: str, at: int, message: str, parameter: str = "filter") -> InvalidFilterError:
    """The error for ``text`` whose character ``at`` (from 0) is where it stops making sense."""
    start = max(0, at - _AROUND)
    shown = _UNPRINTABLE.sub(" ", text[start : at + _AROUND])
    lead = "…" if start else ""
    pointer = " " * (len(lead) + at - start) + "^"
    where = f"column {at + 1}"
    return InvalidFilterError(
        f"The {parameter} is not understood at {where}: {message}.\n{lead}{shown}\n{pointer}",
        [Problem(f"?{parameter}", f"{where}: {message}")],
    )
