"""A finding: a requirement of a version that an advisory affects."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.severity import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """``version`` of ``package`` has the vulnerability ``advisory``, which ``fixed`` no longer has, if that is known.

    ``aliases`` are other names of the vulnerability, such as its CVE.
    """

    advisory: str
    package: str
    version: str
    severity: Severity
    fixed: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def rated(self) -> bool:
        """Whether an advisory says how bad it is."""
        return self.severity is not Severity.UNKNOWN

    def is_named(self, name: str) -> bool:
        """Whether the vulnerability has this name."""
        return name == self.advisory or name in self.aliases

    def document(self) -> dict[str, Any]:
        return {
            "id": self.advisory,
            "package": self.package,
            "version": self.version,
            "severity": self.severity.value,
            "fixed": self.fixed or None,
            "aliases": list(self.aliases),
        }
