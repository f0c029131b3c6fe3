"""Whether the confusion counts of a slice can be what was counted."""

from chalicelib.domain.evidence.measure import count, invalid
from chalicelib.domain.statistics.confusion import Confusion


def check(given: Confusion, n: int | None, pointer: str) -> None:
    """Raise InvalidInputError unless the counts are of at least one example, and of ``n`` if that is known."""
    for field, number in given.document().items():
        count(number, f"{pointer}/{field}")
    if given.n == 0:
        raise invalid(pointer, "must count at least one example")
    if n is not None and given.n != n:
        raise invalid(pointer, f"add up to {given.n}, but n is {n}")
