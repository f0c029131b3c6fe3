"""Ages in words and back: ``2 hours``, ``30d``."""

import re
from datetime import timedelta
from typing import Final

_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_BY_LETTER: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def age_text(age: timedelta) -> str:
    """``age`` in its largest unit, rounded down: ``2 hours``, ``1 day``, ``0 seconds``."""
    seconds = max(0, int(age.total_seconds()))
    unit, size = next((one for one in _UNITS if seconds >= one[1]), _UNITS[-1])
    count = seconds // size
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def parse_age(text: str) -> timedelta:
    """The duration that ``30d``, ``12h``, ``90m``, ``45s`` or ``2w`` means. Raises ValueError for another text."""
    given = re.fullmatch(r"(\d{1,6})([smhdw])", text.strip().lower())
    if given is None:
        raise ValueError(f"{text!r} is not an age: write 30d, 12h, 90m or 2w")
    return timedelta(seconds=int(given[1]) * _BY_LETTER[given[2]])
