"""Text: configuration, code, documentation and data in lines. It is clean unless a rule says otherwise."""

from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.findings import note
from chalicelib.domain.scanning.formats.secrets import MAX_SEARCHED, secrets_in
from chalicelib.domain.scanning.source import Source

FORMAT: Final = "text"


def scan_text(path: str, source: Source) -> FileScan:
    """Reads up to MAX_SEARCHED bytes. Raises TooMuchReadError, MalformedError."""
    reasons: list[Reason] = []
    if source.size <= MAX_SEARCHED:
        reasons += secrets_in(source.read(0, source.size).decode(errors="replace"))
    if path.lower().endswith(".py"):
        reasons.append(note("python_code", "It is Python code, which runs if somebody imports it."))
    return FileScan(FORMAT, tuple(reasons))
