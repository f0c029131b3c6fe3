"""What scans files, and where it keeps what it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chalicelib.aws.names import SCANNED_PREFIX
from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.ruleset import RULESET
from chalicelib.domain.scanning.source import Source
from chalicelib.domain.scanning.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Engine:
    """The registry's own scan, or a second opinion.

    ``name`` is written into its results, and empty for the registry's own. Its items lie in partitions that begin with
    ``prefix``, and its function may write nowhere else. ``rules`` say by what it judges: verdicts on files by other
    rules are not taken over. ``workers`` is how many files it scans at once. ``without_bytes`` is what it says of a
    file whose bytes are not here. ``hashes`` says whether it also checks the SHA-256 that S3 could not prove.
    """

    name: str
    prefix: str
    rules: int | str
    workers: int
    without_bytes: FileScan
    hashes: bool
    scan: Callable[[str, Source], FileScan]


def _scan(path: str, source: Source) -> FileScan:
    # Late: it imports every format, and what was scanned before needs none.
    from chalicelib.domain.scanning.scan import scan_file

    return scan_file(path, source)


OWN: Final = Engine(
    name="",
    prefix=SCANNED_PREFIX,
    rules=RULESET,
    # They mostly wait for S3. A pickle that must be read whole takes up to 64 MiB of memory in each.
    workers=4,
    without_bytes=FileScan("", (Reason(Verdict.UNSCANNED, "reference", "Its bytes are not in the registry."),)),
    hashes=True,
    scan=_scan,
)
