"""Matching requirements against an advisory index, by the algorithm of OSV.

https://ossf.github.io/osv-schema/#evaluation
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from chalicelib.domain.versions.requirement import requirement
from chalicelib.domain.vulnerabilities.advisory_index import AdvisoryIndex, Affected, RangeEvent
from chalicelib.domain.vulnerabilities.finding import Finding

# Gives versions values that sort as the ecosystem orders them; None for what is no version.
Order: TypeAlias = Callable[[str], Any | None]

# Before every version, and before 0.dev1 too.
_FROM_THE_FIRST: Final = ("introduced", "0")
_BEYOND_ALL: Final = "*"
# Of events at one version, so that a range of a single version is not empty.
_TURNS: Final = {"introduced": 0, "last_affected": 1, "fixed": 2, "limit": 3}


@dataclass(frozen=True, slots=True)
class Match:
    """What was found: vulnerabilities, worst first, and the names of what is not pinned to one version, sorted.

    ``requirements`` is how many lines were looked at. A line that names no package is unpinned as ``#<its number>``:
    its text may be an address with a password.
    """

    findings: tuple[Finding, ...]
    unpinned: tuple[str, ...]
    requirements: int


def match(lines: Sequence[str], index: AdvisoryIndex, order: Order) -> Match:
    """What the index knows of the requirements in ``lines``."""
    findings: dict[tuple[str, str, str], Finding] = {}
    unpinned = set()
    for number, line in enumerate(lines, 1):
        wanted = requirement(line)
        if wanted is None:
            unpinned.add(f"#{number}")
        elif wanted.version is None or order(wanted.version) is None:
            unpinned.add(wanted.name)
        else:
            for finding in found_in(wanted.name, wanted.version, index, order):
                findings[finding.advisory, finding.package, finding.version] = finding
    worst_first = sorted(findings.values(), key=lambda one: (-one.severity.rank, one.package, one.advisory))
    return Match(tuple(worst_first), tuple(sorted(unpinned)), len(lines))


def found_in(package: str, version: str, index: AdvisoryIndex, order: Order) -> list[Finding]:
    """The vulnerabilities of one version of a package. Advisories that share a name are about one vulnerability."""
    found: list[Finding] = []
    for affected in index.of_package(package):
        if is_affected(version, affected, order):
            names = {affected.advisory, *affected.aliases}
            same = [one for one in found if not names.isdisjoint((one.advisory, *one.aliases))]
            found = [one for one in found if one not in same]
            fixed = fixed_in(version, affected, order)
            found.append(_joined(Finding(affected.advisory, package, version, affected.severity, fixed), names, same))
    return found


def is_affected(version: str, affected: Affected, order: Order) -> bool:
    """Whether an advisory affects a version of the package."""
    at = order(version)
    if version in affected.versions or any(at is not None and order(one) == at for one in affected.versions):
        return True
    return at is not None and any(_in_range(at, events, order) for events in affected.ranges)


def fixed_in(version: str, affected: Affected, order: Order) -> str:
    """The first version after this one that an advisory calls fixed; empty if it names none."""
    at = order(version)
    fixes = [
        (sorts, named)
        for events in affected.ranges
        for kind, named in events
        if kind == "fixed" and (sorts := order(named)) is not None and at is not None and sorts > at
    ]
    return min(fixes)[1] if fixes else ""


def _in_range(at: Any, events: Sequence[RangeEvent], order: Order) -> bool:
    limits = [named for kind, named in events if kind == "limit"]
    if limits and not any(_before(at, named, order) for named in limits):
        return False
    inside = _FROM_THE_FIRST in events
    for kind, sorts in _sorted(events, order):
        if kind == "introduced" and at >= sorts:
            inside = True
        elif (kind == "fixed" and at >= sorts) or (kind == "last_affected" and at > sorts):
            inside = False
    return inside


def _before(at: Any, limit: str, order: Order) -> bool:
    sorts = order(limit)
    return limit == _BEYOND_ALL or (sorts is not None and at < sorts)


def _sorted(events: Iterable[RangeEvent], order: Order) -> list[tuple[str, Any]]:
    """The events by what their versions sort as, without those at what is no version."""
    ordered = [
        (kind, sorts)
        for kind, named in events
        if (kind, named) != _FROM_THE_FIRST and (sorts := order(named)) is not None
    ]
    return sorted(ordered, key=lambda event: (event[1], _TURNS[event[0]]))


def _joined(finding: Finding, names: set[str], same: Sequence[Finding]) -> Finding:
    """One finding of several advisories on one vulnerability: the one that rates it, under all names."""
    every = names.union(*({one.advisory, *one.aliases} for one in same))
    # Whoever rates it says more than who does not; of two, the worse counts.
    best = max([finding, *same], key=lambda one: (one.rated, one.severity.rank, one.fixed != "", one.advisory))
    return replace(best, aliases=tuple(sorted(every - {best.advisory})))
