"""Files that no rule knows."""

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.source import Source
from chalicelib.domain.scanning.verdict import Verdict


def scan_unknown(source: Source) -> FileScan:
    """Not scanned; for an empty file there is nothing to scan."""
    if not source.size:
        return FileScan("empty")
    return FileScan("", (Reason(Verdict.UNSCANNED, "unknown_format", "No rule knows what this file is."),))
