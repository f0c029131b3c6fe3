"""Scans as frozen dataclasses: where one stands, what it found, and broken glass."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class QuarantineRelease:
    """Broken glass: the version's bytes are given out until ``expires_at``, whatever its scan says."""

    at: datetime
    by: str
    reason: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Scan:
    """Where the scan of a version stands: ``state`` is ``pending``, ``done`` or ``failed``.

    ``verdict`` is ``clean``, ``unscanned``, ``review`` or ``unsafe``, and None before the first. While another scan is
    pending, the last verdict holds. ``allowed`` says whether the model's scheme let the version out of quarantine when
    it was judged last. ``summary`` is the worst that was found. ``cut_off`` is how many scans by a later ruleset the
    scanner has not come through since; the third closes the version.
    """

    state: str
    requested_at: datetime
    allowed: bool
    verdict: str | None = None
    ruleset: int = 0
    finished_at: datetime | None = None
    summary: str = ""
    release: QuarantineRelease | None = None
    cut_off: int = 0


@dataclass(frozen=True, slots=True)
class ScanReason:
    """One thing that a scan noticed, and what it makes of the file. ``where`` is the place within the file."""

    verdict: str
    code: str
    text: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class FileFindings:
    """What a scan found in a file. ``imports`` are what loading it would import."""

    path: str
    verdict: str
    format: str = ""
    reasons: tuple[ScanReason, ...] = ()
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What a second scanner sees in the pickles of a version, which can only make the verdict worse.

    ``files`` are those of which it has something to say. ``failure`` says why there is no opinion; else it is empty.
    """

    scanner: str
    verdict: str
    failure: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    files: tuple[FileFindings, ...] = ()
    cut: int = 0


@dataclass(frozen=True, slots=True)
class ScanFindings:
    """What the last finished scan found: the worst files first. ``cut`` files more are left out.

    ``counts`` is how many files have each verdict. ``second_opinion`` is None where the registry asks for none.
    """

    ruleset: int
    finished_at: datetime
    counts: dict[str, int] = field(default_factory=dict)
    files: tuple[FileFindings, ...] = ()
    cut: int = 0
    second_opinion: SecondOpinion | None = None


@dataclass(frozen=True, slots=True)
class ScanReport:
    """The scan of a version. ``open`` says whether its bytes are given out now.

    ``scan`` is None if the version was registered without scanning; such a version is open.
    """

    model: str
    version: int
    open: bool
    scan: Scan | None = None
    findings: ScanFindings | None = None
