"""Random cron expressions, and zones whose clocks change in different ways."""

from typing import Final

from hypothesis import strategies as st

# Half an hour (Lord Howe), at half past (St John's), in the south, across midnight (Nuuk), and no change at all.
ZONES: Final = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Nuuk",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Asia/Kolkata",
)
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@st.composite
def _ranges(draw: st.DrawFn, low: int, high: int) -> str:
    # croniter takes a range of one value, such as 5-5, for all values.
    first = draw(st.integers(low, high - 1))
    last = draw(st.integers(first + 1, high))
    step = draw(st.none() | st.integers(1, last - first))
    return f"{first}-{last}" if step is None else f"{first}-{last}/{step}"


def field(low: int, high: int, names: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    """A field of an expression: every value, a step, or a list of values, names and ranges."""
    part = st.one_of(st.integers(low, high).map(str), _ranges(low, high), *([st.sampled_from(names)] if names else []))
    steps = st.integers(1, high).map(lambda step: f"*/{step}")
    return st.one_of(st.just("*"), steps, st.lists(part, min_size=1, max_size=3).map(",".join))


def expressions() -> st.SearchStrategy[str]:
    """Any expression, also ones that never fire."""
    fields = (field(0, 59), field(0, 23), field(1, 31), field(1, 12, _MONTHS), field(0, 6, _DAYS))
    return st.tuples(*fields).map(" ".join)


def at_night() -> st.SearchStrategy[str]:
    """An expression for each day, with the hours in which clocks change."""
    return st.tuples(field(0, 59), field(0, 4) | field(20, 23)).map(lambda of_day: f"{' '.join(of_day)} * * *")
