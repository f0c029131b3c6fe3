"""The second opinion on pickles, by picklescan. It reads pickles and loads nothing.

Finding the pickles in a file, and the bounds of that, are those of the registry's own scan. What differs is the reader.
"""

import io
import logging
from importlib.metadata import version
from typing import Final

from chalicelib.aws.names import OPINION_PREFIX, PICKLESCAN
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.second_reader import SeenImport, failed, only_second, second_reading, unread
from chalicelib.domain.scanning.source import Source, TooMuchReadError
from chalicelib.registry.scanning.engine import Engine

SCANNER: Final = f"{PICKLESCAN} {version(PICKLESCAN)}"
# Of one pickle. picklescan keeps what it has read, so more would take more memory than the function has.
_MOST_BYTES: Final = 64 * 1024 * 1024
# An opcode takes up to three reads, and the registry's own scan follows two million. Each takes 100 bytes of memory.
_MOST_READS: Final = 6_000_000
# It stands for what picklescan could not tell.
_UNKNOWN: Final = "unknown"


class _TooManyReadsError(Exception):
    """A pickle has more opcodes than are looked at."""


class _Counted(io.BytesIO):
    """Bytes of which a bounded number of parts is read, since the opcodes of a pickle may be as many as its bytes.

    ``ended``: somebody has read on until nothing was left.
    """

    _left = _MOST_READS
    ended = False

    # The size may be None or missing, as of any file.
    def read(self, size: int | None = -1, /) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise _TooManyReadsError
        content = super().read(size)
        self.ended = self.ended or not content
        return content


def read_pickle(source: Source) -> FileScan:
    """What picklescan sees in the pickles that a source begins with. Raises only what the source does."""
    from picklescan.scanner import SafetyLevel, scan_pickle_bytes

    # It would log the names that hostile files have.
    logging.getLogger(PICKLESCAN).disabled = True
    try:
        content = source.read(0, min(source.size, _MOST_BYTES))
    except TooMuchReadError:
        return unread(SCANNER)
    stream = _Counted(content)
    try:
        # Not strict: then its own lists can be told from what is on neither. second_reader.py counts both.
        found = scan_pickle_bytes(stream, "", strict=False)
    except _TooManyReadsError:
        return unread(SCANNER)
    except Exception as error:  # noqa: BLE001 - whatever a hostile file makes it raise is for review
        return failed(SCANNER, type(error).__name__)
    seen = [
        SeenImport(
            one.module, one.name, one.safety is SafetyLevel.Dangerous and _UNKNOWN not in f"{one.module} {one.name}"
        )
        for one in found.globals
        if one.safety is not SafetyLevel.Innocuous
    ]
    # It tells of an error only if it saw imports before. Without an error, it reads on until nothing is left.
    whole = not found.scan_err and stream.ended and len(content) == source.size
    return second_reading(SCANNER, seen, whole=whole)


def _scan(path: str, source: Source) -> FileScan:
    # Late: it imports every format.
    from chalicelib.domain.scanning.scan import scan_pickles

    return only_second(scan_pickles(path, source, read_pickle))


SECOND: Final = Engine(
    name=SCANNER,
    prefix=OPINION_PREFIX,
    # What is allowed does not count in an opinion, so it depends on the registry's rules too.
    rules=f"{RULESET}#{SCANNER}",
    # Each file may take half a gigabyte of memory.
    workers=1,
    without_bytes=FileScan(""),
    hashes=False,
    scan=_scan,
)
