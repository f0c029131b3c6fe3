"""Ages and sizes in words and back: ``2 hours``, ``30d``, ``1.5 GB``."""

import re
from datetime import timedelta
from typing import Final

_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_PREFIXES: Final = ("", "k", "M", "G", "T")


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
    return timedelta(seconds=int(given[1]) * _SECONDS[given[2]])


def size_text(size: int) -> str:
    """``size`` in units of 1000: ``999 B``, ``1.5 kB``, ``20 GB``."""
    amount, prefix = float(size), _PREFIXES[0]
    for prefix in _PREFIXES:
        if amount < 999.5 or prefix == _PREFIXES[-1]:
            break
        amount /= 1000
    return f"{amount:.3g} {prefix}B"


def parse_size(text: str) -> int:
    """The bytes that ``500MB``, ``20GB``, ``1.5 TB`` or ``0`` means. Raises ValueError for another text."""
    given = re.fullmatch(r"(\d{1,15}(?:\.\d{1,3})?)\s*([kmgt]?)b?", text.strip().lower())
    if given is None:
        raise ValueError(f"{text!r} is not a size: write 500MB, 20GB or 1.5TB")
    return int(float(given[1]) * 1000 ** ["", "k", "m", "g", "t"].index(given[2]))
