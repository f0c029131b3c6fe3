"""Which versions a recall is about: those that need a package, learned from a dataset, or have a digest."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.versions.requirement import normalised, requirement_lines
from chalicelib.domain.versions.version import Version

# A requirement's name begins it, as in ``scikit-learn==1.5.0`` (PEP 508).
_NAME: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._\-]*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recall:
    """What to look for in what versions say of themselves. A version is affected if one of them is there.

    ``requirement`` is the name of a package, or a whole requirement such as ``numpy==1.26.4``. ``dataset`` is the name
    of a dataset. ``digest`` is that of a version, or of a dataset.
    """

    requirement: str | None = None
    dataset: str | None = None
    digest: str | None = None

    def __post_init__(self) -> None:
        if not (self.requirement or self.dataset or self.digest):
            raise InvalidInputError("A recall asks for a requirement, a dataset or a digest.")

    def found_in(self, version: Version) -> tuple[str, ...]:
        """What of the version is looked for, each in words; nothing if the version is not affected."""
        return tuple(dict.fromkeys(self._found_in(version)))

    def _found_in(self, version: Version) -> Iterator[str]:
        provenance = version.description.provenance
        if self.requirement:
            wanted = _parsed(self.requirement)
            for text in requirement_lines(provenance):
                if _fits(_parsed(text), wanted):
                    yield f"requirement {text}"
        for dataset in provenance.get("datasets", ()):
            if self._names(dataset):
                yield f"dataset {dataset['name']}"
        if self.digest and version.digest == self.digest:
            yield f"digest {self.digest}"

    def _names(self, dataset: Mapping[str, Any]) -> bool:
        by_name = bool(self.dataset) and dataset["name"] == self.dataset
        return by_name or (bool(self.digest) and dataset.get("digest") == self.digest)


def _parsed(requirement: str) -> tuple[str, str]:
    """The normalised name of a requirement (PEP 503), and the rest without blanks."""
    matched = _NAME.fullmatch(requirement)
    name, rest = (requirement, "") if matched is None else matched.groups()
    return normalised(name), "".join(rest.split())


def _fits(given: tuple[str, str], wanted: tuple[str, str]) -> bool:
    return given == wanted or (not wanted[1] and given[0] == wanted[0])
