"""Requirements: the packages that a version says it needs, a line of ``requirements.txt`` each (PEP 508)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_NAMED: Final = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)
_SEPARATORS: Final = re.compile(r"[-_.]+")
# What follows the wanted versions: a marker, an option such as --hash, a comment.
_REST: Final = re.compile(r";|\s--|\s#")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A package that is needed, by its normalised name, and the one version that is; None if others would do."""

    name: str
    version: str | None


def normalised(name: str) -> str:
    """The name of a package as all its spellings have it.

    https://peps.python.org/pep-0503/#normalized-names
    """
    return _SEPARATORS.sub("-", name).lower()


def requirement(line: str) -> Requirement | None:
    """What a line requires; None if it names no package, as an option or an address does.

    Only ``==`` and ``===`` without ``.*`` name one version. A marker says only where the package is needed.
    """
    found = _NAMED.fullmatch(_REST.split(line, maxsplit=1)[0])
    if found is None or ":" in found[2].partition("@")[0]:
        return None
    clauses = [clause.strip() for clause in found[2].strip("() \t").split(",")]
    exact = {clause.lstrip("=").strip() for clause in clauses if clause.startswith("==") and not clause.endswith("*")}
    return Requirement(normalised(found[1]), exact.pop() if len(exact) == 1 else None)


def names_one(line: str) -> bool:
    """Whether a requirement names one version, or the address of one file."""
    found = requirement(line)
    return found is not None and (found.version is not None or " @ " in line.partition(";")[0])


def requirement_lines(provenance: Mapping[str, Any]) -> Sequence[str]:
    """The requirements that a version's provenance records."""
    lines: Sequence[str] = (provenance.get("runtime") or {}).get("requirements") or ()
    return lines
