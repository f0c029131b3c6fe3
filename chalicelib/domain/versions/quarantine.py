"""Refusing what a version in quarantine must not be used for."""

from typing import Final

from chalicelib.domain.errors import QuarantinedError, ScanPendingError, VersionQuarantinedError
from chalicelib.domain.instants import Instant
from chalicelib.domain.scanning.scan_state import Clearance, ScanState
from chalicelib.domain.versions.version import Version

_ADVICE: Final = "See what was found with the version's scan; whoever may override gates can release it for a time."


def check_bytes(model: str, number: int, clearance: Clearance | None, now: Instant) -> None:
    """Raise if the version's bytes may not be given out: ScanPendingError or QuarantinedError."""
    why = obstacle(number, clearance, now)
    if clearance is None or why is None:
        return
    if clearance.state is ScanState.PENDING:
        raise ScanPendingError(f"No files of {model!r} are given out yet: {why}. Try again in a moment.")
    raise QuarantinedError(f"No files of {model!r} are given out: {why}. {_ADVICE}")


def check_leaves_quarantine(version: Version, what: str, now: Instant) -> None:
    """Raise if the version is in quarantine, so that ``what`` is refused: ScanPendingError, VersionQuarantinedError."""
    clearance = version.clearance
    why = obstacle(version.number, clearance, now)
    if clearance is None or why is None:
        return
    if clearance.state is ScanState.PENDING:
        raise ScanPendingError(f"{what} of {version.model!r} is refused: {why}. Try again in a moment.")
    raise VersionQuarantinedError(f"{what} of {version.model!r} is refused: {why}. {_ADVICE}")


def obstacle(number: int, clearance: Clearance | None, now: Instant) -> str | None:
    """Why the version is in quarantine, for a person; None if it is not."""
    if clearance is None or clearance.open(now):
        return None
    if clearance.state is ScanState.PENDING:
        return f"version {number} is being scanned"
    if clearance.verdict is None:
        return f"version {number} is in quarantine because its scan failed"
    found = f" ({clearance.summary.rstrip('.')})" if clearance.summary else ""
    return f"version {number} is in quarantine because its scan found it {clearance.verdict}{found}"
