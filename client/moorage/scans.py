"""Scans of versions, and the quarantine of those in which one found what their scheme does not allow."""

from datetime import datetime
from typing import Final

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode, encode
from moorage.listing import Listing
from moorage.paths import VersionKey
from moorage.results import Version
from moorage.scan_results import Scan, ScanReport

_IN_QUARANTINE: Final = "scan.quarantine IN ('kept', 'released')"


class Scans:
    """The scans of versions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, model: str, version: VersionKey) -> ScanReport:
        """The scan of a version, with what was found in its files."""
        return self._connection.get(ScanReport, _path(model, version))

    def quarantined(self, *, limit: int | None = None) -> Listing[Version]:
        """The versions, by the models' names, whose schemes do not allow what a scan found.

        Those whose quarantine was lifted are among them: ``version.scan.release`` says until when. A version whose
        first scan is still running is not; find it with the filter ``scan.state = 'pending'``. This is a search, so it
        may miss what was judged a moment ago.
        """
        query = {"filter": _IN_QUARANTINE, "order_by": "name, version"}
        return self._connection.items(Version, "search/versions", limit, **query)

    def again(self, model: str, version: VersionKey) -> Scan:
        """Scan a READY version, for the first time or again. Until the new verdict, the last one holds."""
        return self._connection.post(Scan, _path(model, version))

    def release(self, model: str, version: VersionKey, reason: str, expires_at: datetime) -> Scan:
        """Break the glass: have the bytes of a version in quarantine given out until ``expires_at``.

        That is at most 90 days from now. Raises ConflictError (``not_quarantined``) if the version is not in
        quarantine.
        """
        body = {"reason": reason, "expires_at": encode(expires_at)}
        return decode(Scan, self._connection.write("PUT", f"{_path(model, version)}/release", body))

    def restore(self, model: str, version: VersionKey) -> None:
        """End a release before its time."""
        self._connection.write("DELETE", f"{_path(model, version)}/release")


def _path(model: str, version: VersionKey) -> str:
    return f"{paths.version(model, version)}/scan"
