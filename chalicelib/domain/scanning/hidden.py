"""Pickles that look like something else: an unpickler takes any file, and runs it as far as it can."""

import re
from typing import Final

from chalicelib.domain.scanning.detection import HEAD, Kind, is_text, promised
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.pickles.findings import CUT, Findings
from chalicelib.domain.scanning.pickles.reading import read_all
from chalicelib.domain.scanning.pickles.stream import Stream
from chalicelib.domain.scanning.source import Source

# What keeps a scan of pickles from knowing all imports, though an unpickler may go on: it stopped, or knows no name.
_TOO_MUCH: Final = "too_much"
_UNRESOLVED: Final = "unresolved_import"
# What may begin as a pickle does. Unpicklers stop at the first bytes of other formats.
_MAY_BE_BOTH: Final = frozenset({Kind.DATA, Kind.TAR, Kind.TEXT})
# Sentences also read as imports, if they begin with the right letter, but not as imports of what can exist.
_IMPORTABLE: Final = re.compile(r"[A-Za-z_][\w.]*")
_IMPORT: Final = re.compile(rb"[ci][A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n")


def hidden_pickle(path: str, source: Source) -> FileScan | None:
    """The scan as a pickle of a file that looks like something else; None if unpickling it can import nothing.

    Without imports, a pickle can do nothing. Lists of words read as imports, so under the name of a text it must also
    do something with one: another file may say that it is unpickled, as ``MLmodel`` does. Raises TooMuchReadError.
    """
    expected = promised(path)
    if expected and expected.isdisjoint(_MAY_BE_BOTH):
        return None
    findings = Findings()
    scan = findings.scan(read_all(Stream(source), findings))
    codes = {reason.code for reason in scan.reasons}
    # No text makes sense as a pickle for so long by chance.
    if _TOO_MUCH in codes:
        return scan
    if expected:
        return scan if findings.acts and _imports(scan) else None
    if _imports(scan):
        return scan
    if _UNRESOLVED not in codes:
        return None
    head = source.read(0, HEAD)
    return scan if not is_text(head) or _IMPORT.search(head) else None


def _imports(scan: FileScan) -> bool:
    return any(_IMPORTABLE.fullmatch(name.removesuffix(CUT)) for name in scan.imports)
