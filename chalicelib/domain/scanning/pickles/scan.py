"""Scans of files made of pickles: one or several, with joblib's arrays between their opcodes."""

from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.pickles.findings import Findings
from chalicelib.domain.scanning.pickles.reading import read_all
from chalicelib.domain.scanning.pickles.stream import Stream
from chalicelib.domain.scanning.source import Source


def scan_pickle(source: Source, start: int = 0, length: int | None = None, where: str = "") -> FileScan:
    """What loading the pickles in a part of a source would do.

    The part begins at ``start`` and is ``length`` bytes long, or goes to the end. ``where`` is written into each
    reason. The format is ``pickle``, or ``joblib`` or ``torch`` if the pickles are of those. Never raises for what the
    bytes are: what cannot be followed to its end is for review.
    """
    findings = Findings(where)
    return findings.scan(read_all(Stream(source, start, length), findings))
