"""What a scan says of one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from chalicelib.domain.scanning.verdict import Verdict, worst


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a scan noticed in a file.

    ``verdict`` is what it makes of the file: CLEAN for what is only worth knowing. ``code`` is stable and for programs,
    ``text`` is a sentence for people. ``where`` says where in the file, if that helps: a member of an archive, a line.
    """

    verdict: Verdict
    code: str
    text: str
    where: str = ""

    def document(self) -> dict[str, Any]:
        return {"verdict": self.verdict.value, "code": self.code, "text": self.text, "where": self.where}

    @classmethod
    def from_document(cls, stored: Mapping[str, Any]) -> Self:
        return cls(Verdict(stored["verdict"]), stored["code"], stored["text"], stored["where"])


@dataclass(frozen=True, slots=True)
class FileScan:
    """What was found in one file. It depends on the file's bytes and the ruleset alone.

    ``format`` is what the content shows, such as ``pickle`` or ``safetensors``; empty if it is unknown. ``imports`` are
    what loading it would import, as ``module name`` pairs joined by a dot, sorted, each once.
    """

    format: str
    reasons: tuple[Reason, ...] = ()
    imports: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst that any reason says; a file without reasons is CLEAN."""
        return worst(reason.verdict for reason in self.reasons)

    def document(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "verdict": self.verdict.value,
            "reasons": [reason.document() for reason in self.reasons],
            "imports": list(self.imports),
        }

    @classmethod
    def from_document(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            format=stored["format"],
            reasons=tuple(Reason.from_document(reason) for reason in stored["reasons"]),
            imports=tuple(stored["imports"]),
        )
