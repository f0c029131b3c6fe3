"""Which names a list may read for a caller, so that its pages tell nothing about names that the caller may not read."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.access.principal import Action, Principal


@dataclass(frozen=True, slots=True, order=True)
class NameRange:
    """The names that begin with ``start``; or, if ``exact``, only the name ``start``."""

    start: str
    exact: bool = False

    def holds(self, name: str) -> bool:
        return name == self.start if self.exact else name.startswith(self.start)


def readable_ranges(principal: Principal, prefix: str) -> tuple[NameRange, ...]:
    """The ranges that hold every name with this prefix that the caller may read, in the order of names.

    They hold no other names, with one exception: a pattern with something after its ``*`` covers single names in a
    range of others. Then the range is that of the pattern, whatever the prefix. A list of it may end a page early
    because of names that the caller may not read, but the caller cannot choose which of these names it depends on.
    """
    ranges = set()
    for grant in principal.grants:
        if Action.READ not in principal.actions(grant) or not grant.reaches(prefix):
            continue
        head, star, rest = grant.models.partition("*")
        if not star:
            ranges.add(NameRange(head, exact=True))
        elif rest.strip("*"):
            ranges.add(NameRange(head))
        else:
            ranges.add(NameRange(max(head, prefix, key=len)))
    return tuple(_disjoint(sorted(ranges)))


def _disjoint(ranges: Iterable[NameRange]) -> Iterable[NameRange]:
    """The ranges without those that lie in another. A range comes before those that lie in it."""
    last: NameRange | None = None
    for one in ranges:
        if last is None or not last.holds(one.start):
            yield one
            last = one
