"""What of an OSV document goes into an index: https://ossf.github.io/osv-schema/."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from moorage.advisories.cvss import base_score, rating

ECOSYSTEM: Final = "PyPI"
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:\-]{0,127}", re.ASCII)
_SEPARATORS: Final = re.compile(r"[-_.]+")
_NUMERIC: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*", re.ASCII)
_WORDS: Final = {"LOW": "low", "MODERATE": "medium", "MEDIUM": "medium", "HIGH": "high", "CRITICAL": "critical"}
# Of packages that were published to do harm: https://github.com/ossf/malicious-packages
_MALICIOUS: Final = "MAL-"
_EVENTS: Final = ("introduced", "fixed", "last_affected", "limit")

Event = tuple[str, str]


@dataclass(frozen=True, slots=True)
class AffectedPackage:
    """The versions of one package that an advisory affects."""

    package: str
    ranges: tuple[tuple[Event, ...], ...]
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advisory:
    """An advisory: its severity in words, its other names, when it was last changed, and which packages it affects."""

    id: str
    severity: str
    aliases: tuple[str, ...]
    modified: datetime | None
    affected: tuple[AffectedPackage, ...]


def advisory(document: object) -> Advisory | None:
    """The advisory of an OSV document; None if it is none, was withdrawn, or is about no package of PyPI."""
    if not isinstance(document, Mapping) or document.get("withdrawn"):
        return None
    name = document.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        return None
    affected = tuple(_affected(document))
    if not affected:
        return None
    aliases = [one for one in _list(document, "aliases") if isinstance(one, str) and _ID.fullmatch(one)]
    return Advisory(name, _severity(name, document), tuple(sorted(set(aliases))), _modified(document), affected)


def _affected(document: Mapping[str, Any]) -> Iterator[AffectedPackage]:
    for one in _list(document, "affected"):
        package = one.get("package") if isinstance(one, Mapping) else None
        if not isinstance(package, Mapping) or not isinstance(package.get("name"), str):
            continue
        # An ecosystem may be followed by a colon and which part of it is meant.
        if str(package.get("ecosystem")).partition(":")[0] != ECOSYSTEM:
            continue
        ranges = tuple(
            events
            for given in _list(one, "ranges")
            if isinstance(given, Mapping) and given.get("type") in ("ECOSYSTEM", "SEMVER")
            if (events := tuple(_events(given)))
        )
        listed = [version for version in _list(one, "versions") if isinstance(version, str)]
        versions = tuple(sorted({version for version in listed if not _is_within(version, ranges)}))
        if ranges or versions:
            yield AffectedPackage(_SEPARATORS.sub("-", package["name"]).lower(), ranges, versions)


def _events(given: Mapping[str, Any]) -> Iterator[Event]:
    for event in _list(given, "events"):
        if isinstance(event, Mapping):
            yield from ((kind, event[kind]) for kind in _EVENTS if isinstance(event.get(kind), str))


def _is_within(version: str, ranges: Sequence[Sequence[Event]]) -> bool:
    """Whether a listed version is in a range anyway, as far as that is plain: numbers with dots, and no limits.

    Databases list every version beside the ranges. Without these, an index is a tenth as large and says the same.
    """
    return _NUMERIC.fullmatch(version) is not None and any(_holds(_numbers(version), events) for events in ranges)


def _holds(at: tuple[int, ...], events: Sequence[Event]) -> bool:
    if any(kind == "limit" or not _NUMERIC.fullmatch(named) for kind, named in events):
        return False
    inside = False
    turns = {"introduced": 0, "last_affected": 1, "fixed": 2}
    for kind, named in sorted(events, key=lambda event: (_numbers(event[1]), turns[event[0]])):
        bound = _numbers(named)
        if kind == "introduced" and at >= bound:
            inside = True
        elif (kind == "fixed" and at >= bound) or (kind == "last_affected" and at > bound):
            inside = False
    return inside


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a release without zeros at the end, which compare as PEP 440 has it."""
    numbers = [int(number) for number in version.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _severity(name: str, document: Mapping[str, Any]) -> str:
    """In the words of the database, else by the worst CVSS vector of version 3, else unknown."""
    if name.startswith(_MALICIOUS):
        return "critical"
    parts = [document, *(one for one in _list(document, "affected") if isinstance(one, Mapping))]
    for part in parts:
        specific = part.get("database_specific")
        word = specific.get("severity") if isinstance(specific, Mapping) else None
        if isinstance(word, str) and word.upper() in _WORDS:
            return _WORDS[word.upper()]
    vectors = [one.get("score") for part in parts for one in _list(part, "severity") if isinstance(one, Mapping)]
    scores = [score for vector in vectors if isinstance(vector, str) and (score := base_score(vector)) is not None]
    return rating(max(scores)) if scores else "unknown"


def _modified(document: Mapping[str, Any]) -> datetime | None:
    given = document.get("modified")
    # A YAML document may have the time as one already.
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError:
            return None
    if not isinstance(given, datetime):
        return None
    return given if given.tzinfo is not None else given.replace(tzinfo=UTC)


def _list(document: Mapping[str, Any], field: str) -> Sequence[Any]:
    found = document.get(field)
    return found if isinstance(found, list) else ()
