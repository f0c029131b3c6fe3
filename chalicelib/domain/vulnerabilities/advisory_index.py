"""The advisory index: which versions of which packages advisories affect, without the advisories' texts.

``moorage vulnerabilities update`` makes it of OSV documents (https://ossf.github.io/osv-schema/). It is JSON::

    {
        "format": 1,
        "ecosystem": "PyPI",
        "advisories": {"GHSA-…": {"severity": "high", "aliases": ["CVE-…"]}},
        "packages": {
            "torch": [{"id": "GHSA-…", "ranges": [[["introduced", "0"], ["fixed", "2.6.0"]]], "versions": []}]
        },
    }
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from chalicelib.domain.severity import Severity

# What a function of 512 MB can parse beside all else that it does.
MAX_COMPRESSED: Final = 4 * 1024**2
MAX_BYTES: Final = 24 * 1024**2
# Advisories and entries of packages, and all else that is listed. Made of these bytes, small ones would be millions.
MAX_OBJECTS: Final = 250_000
MAX_VALUES: Final = 2_000_000
# The only ecosystem whose order of versions the registry knows, as OSV names it.
PYPI: Final = "PyPI"

# What begins or ends at a version, and the version: ("fixed", "2.6.0").
RangeEvent: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Affected:
    """The versions of one package that an advisory affects: those in one of ``ranges``, and those of ``versions``.

    ``aliases`` are other names of the same vulnerability, such as its CVE.
    """

    advisory: str
    severity: Severity
    aliases: tuple[str, ...]
    ranges: tuple[tuple[RangeEvent, ...], ...]
    versions: tuple[str, ...]


class AdvisoryIndex:
    """An index by its document, whose form was checked when it was made current. Only what is asked for is read."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._advisories: Mapping[str, Any] = document["advisories"]
        self._packages: Mapping[str, Any] = document["packages"]

    @property
    def advisories(self) -> int:
        """How many advisories it has."""
        return len(self._advisories)

    @property
    def packages(self) -> int:
        """How many packages they are about."""
        return len(self._packages)

    def of_package(self, name: str) -> Iterator[Affected]:
        """What is known of a package, by its normalised name."""
        for entry in self._packages.get(name, ()):
            about = self._advisories[entry["id"]]
            yield Affected(
                entry["id"],
                Severity(about["severity"]),
                tuple(about["aliases"]),
                tuple(tuple((kind, at) for kind, at in events) for events in entry["ranges"]),
                tuple(entry["versions"]),
            )
