"""Files that no rule knows."""

from dataclasses import replace
from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.source import Source
from chalicelib.domain.scanning.verdict import Verdict

# The format of a file without bytes.
EMPTY: Final = "empty"


def scan_unknown(source: Source) -> FileScan:
    """Not scanned; for an empty file there is nothing to scan."""
    if not source.size:
        return FileScan(EMPTY)
    return FileScan("", (Reason(Verdict.UNSCANNED, "unknown_format", "No rule knows what this file is."),))


def known_as_numbers(scan: FileScan) -> FileScan:
    """The scan of bytes at a place for numbers: that no rule knows them is no reason."""
    return replace(scan, reasons=tuple(one for one in scan.reasons if one.verdict is not Verdict.UNSCANNED))
