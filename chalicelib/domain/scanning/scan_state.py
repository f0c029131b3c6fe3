"""Where the scan of a version stands, and whether the version's bytes may be given out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from chalicelib.domain.instants import Instant
from chalicelib.domain.scanning.verdict import Verdict


class ScanState(StrEnum):
    """PENDING while a scan is asked for, DONE once there is a verdict, FAILED if there is none after all."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Release:
    """Broken glass: somebody gives the bytes out until ``expires_at``, whatever the scan says."""

    at: Instant
    by: str
    reason: str
    expires_at: Instant

    def document(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Clearance:
    """As much of a scan as decides whether bytes are given out, and says why not.

    ``allowed`` says whether the scheme's policy let the version through when it was judged last. ``summary`` is the
    worst that was found, in a sentence. ``released_until`` is when a release ends, if there was one.
    """

    state: ScanState
    verdict: Verdict | None
    allowed: bool
    summary: str = ""
    released_until: Instant | None = None

    def open(self, now: Instant) -> bool:
        """Whether the bytes may be given out. Without a release, those of a failed scan never are."""
        return (self.allowed and self.state is not ScanState.FAILED) or self.released(now)

    def released(self, now: Instant) -> bool:
        """Whether a release holds. It ends by time alone: nothing is written when it does."""
        return self.released_until is not None and now < self.released_until

    def document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_document(cls, stored: Mapping[str, Any]) -> Self:
        verdict = stored["verdict"]
        return cls(
            state=ScanState(stored["state"]),
            verdict=None if verdict is None else Verdict(verdict),
            allowed=stored["allowed"],
            summary=stored["summary"],
            released_until=stored["released_until"],
        )


@dataclass(frozen=True, slots=True)
class Scan:
    """The scan of a version that the registry scans.

    ``requested_at`` is the time of the event that asked for the scan last, ``finished_at`` when the verdict came, and
    ``ruleset`` that of the verdict. A rescan keeps ``verdict`` and ``allowed`` until there is a new verdict. A version
    that was registered without scanning, and is scanned later, is ``allowed`` until its first verdict. ``cut_off`` is
    how many scans by a later ruleset the scanner has not come through since the verdict.
    """

    state: ScanState
    requested_at: Instant
    allowed: bool = False
    verdict: Verdict | None = None
    ruleset: int = 0
    finished_at: Instant | None = None
    summary: str = ""
    release: Release | None = None
    cut_off: int = 0

    @property
    def unanswered(self) -> bool:
        """Whether the last request came to no verdict, so that what was known before still holds."""
        answered = self.finished_at is not None and self.requested_at <= self.finished_at
        return self.state is ScanState.DONE and not answered

    @property
    def clearance(self) -> Clearance:
        until = None if self.release is None else self.release.expires_at
        return Clearance(self.state, self.verdict, self.allowed, self.summary, until)

    def open(self, now: Instant) -> bool:
        """Whether the version's bytes may be given out, and the version enter a stage that asks for it."""
        return self.clearance.open(now)

    def document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_document(cls, stored: Mapping[str, Any] | None) -> "Scan | None":
        if stored is None:
            return None
        verdict, release = stored["verdict"], stored["release"]
        return cls(
            **{
                **stored,
                "state": ScanState(stored["state"]),
                "verdict": None if verdict is None else Verdict(verdict),
                "release": None if release is None else Release(**release),
            }
        )
