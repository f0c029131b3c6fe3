"""The result of a scan as the scanner writes it down, for the registry to judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from chalicelib.domain.instants import Instant
from chalicelib.domain.scanning.findings import Scanned


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan of the version that ``uid`` names has come to.

    ``requested_at`` is the time of the event that asked for it: ``version.ready`` or ``scan.requested``. ``scanned`` is
    None if the scan failed; then ``failure`` says why, in a sentence. ``cut_off``: the scanner began it as often as it
    may, and each time died or ran out of time. Any other failure says nothing of the files. ``scanner`` names whose
    second opinion it is, and is empty for the registry's own scan.
    """

    uid: str
    requested_at: Instant
    ruleset: int
    scanned: Scanned | None
    failure: str = ""
    cut_off: bool = False
    scanner: str = ""

    def document(self) -> dict[str, Any]:
        return {
            "uid": self.uid,
            "requested_at": self.requested_at,
            "ruleset": self.ruleset,
            "scanned": None if self.scanned is None else self.scanned.document(),
            "failure": self.failure,
            "cut_off": self.cut_off,
            "scanner": self.scanner,
        }

    @classmethod
    def from_document(cls, stored: Mapping[str, Any]) -> Self:
        scanned = stored["scanned"]
        return cls(**{**stored, "scanned": None if scanned is None else Scanned.from_document(scanned)})
