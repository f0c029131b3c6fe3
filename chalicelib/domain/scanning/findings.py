"""Findings: what the last scan of a version found, kept as a record of the version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.verdict import Verdict, worst

# Of the JSON text of the files: an item stays far under DynamoDB's 400 KB, and an event tells its digest.
MAX_BYTES: Final = 64 * 1024
# A policy names at most as many suffixes, so one more than that is never allowed.
MAX_SUFFIXES: Final = 50
MAX_SUMMARY: Final = 240


@dataclass(frozen=True, slots=True)
class FileFindings:
    """What was found in the file under ``path``."""

    path: str
    scan: FileScan

    def document(self) -> dict[str, Any]:
        return {"path": self.path, **self.scan.document()}

    @classmethod
    def from_document(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored["path"], FileScan.from_document(stored))


@dataclass(frozen=True, slots=True)
class Scanned:
    """The outcome of scanning a version: what a policy judges, and what people are shown.

    ``counts`` says how many files have each verdict. ``files`` are the worst first, then by path; ``cut`` files more
    are left out. ``unscanned_suffixes`` are the endings of the files that are UNSCANNED, sorted, in lower case, ``""``
    for a name without one; no more than 51 of them.
    """

    counts: Mapping[Verdict, int]
    files: tuple[FileFindings, ...] = ()
    cut: int = 0
    unscanned_suffixes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return worst(self.counts)

    @property
    def summary(self) -> str:
        """The worst that was found, in a sentence; empty if nothing was."""
        first = self.files[0] if self.files else None
        if first is None or first.scan.verdict is Verdict.CLEAN:
            return ""
        reason = next(reason for reason in first.scan.reasons if reason.verdict is first.scan.verdict)
        return f"{first.path}: {reason.text}"[:MAX_SUMMARY]

    def document(self) -> dict[str, Any]:
        return {
            "counts": {verdict.value: count for verdict, count in self.counts.items()},
            "files": [file.document() for file in self.files],
            "cut": self.cut,
            "unscanned_suffixes": list(self.unscanned_suffixes),
        }

    @classmethod
    def from_document(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            counts={Verdict(verdict): count for verdict, count in stored["counts"].items()},
            files=tuple(FileFindings.from_document(file) for file in stored["files"]),
            cut=stored["cut"],
            unscanned_suffixes=tuple(stored["unscanned_suffixes"]),
        )


@dataclass(frozen=True, slots=True)
class Opinion:
    """What ``scanner`` says of a version, such as ``picklescan 1.0.5``.

    ``scanned`` is None if it gave no opinion; then ``failure`` says why. That is for review: whoever wants a second
    opinion has not got it.
    """

    scanner: str
    scanned: Scanned | None
    failure: str = ""

    @property
    def verdict(self) -> Verdict:
        return Verdict.REVIEW if self.scanned is None else self.scanned.verdict

    @property
    def summary(self) -> str:
        """The worst that it found, in a sentence; empty if nothing."""
        return f"There is no second opinion: {self.failure}" if self.scanned is None else self.scanned.summary

    def document(self) -> dict[str, Any]:
        return {
            "scanner": self.scanner,
            "scanned": None if self.scanned is None else self.scanned.document(),
            "failure": self.failure,
        }

    @classmethod
    def from_document(cls, stored: Mapping[str, Any]) -> Self:
        scanned = stored["scanned"]
        return cls(stored["scanner"], None if scanned is None else Scanned.from_document(scanned), stored["failure"])


@dataclass(frozen=True, slots=True)
class Findings(Record, kind="findings"):
    """What the last finished scan of a version found, by which ruleset, and when.

    ``opinion`` is that of a second scanner, None if the registry asks for none.
    """

    version: int
    ruleset: int
    finished_at: Instant
    scanned: Scanned = field(default_factory=lambda: Scanned({}))
    opinion: Opinion | None = None

    @property
    def identity(self) -> Identity:
        return (Findings, self.version)


def scanned(scans: Mapping[str, FileScan]) -> Scanned:
    """What the scans of all files, by path, come to. At most 64 KiB of it is kept, the worst first."""
    counts = {verdict: sum(scan.verdict is verdict for scan in scans.values()) for verdict in Verdict}
    ordered = sorted((FileFindings(path, scan) for path, scan in scans.items()), key=_worst_first)
    kept = _within(ordered, MAX_BYTES)
    suffixes = {suffix(path) for path, scan in scans.items() if scan.verdict is Verdict.UNSCANNED}
    return Scanned(
        counts={verdict: count for verdict, count in counts.items() if count},
        files=tuple(kept),
        cut=len(ordered) - len(kept),
        unscanned_suffixes=tuple(sorted(suffixes)[: MAX_SUFFIXES + 1]),
    )


def suffix(path: str) -> str:
    """How a file's name ends, from its last dot on, in lower case; empty if it has no dot but at its beginning."""
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return f"{dot}{ending}".lower() if stem else ""


def _worst_first(file: FileFindings) -> tuple[int, str]:
    return -list(Verdict).index(file.scan.verdict), file.path


def _within(files: Sequence[FileFindings], limit: int) -> list[FileFindings]:
    kept: list[FileFindings] = []
    size = 2
    for file in files:
        size += len(canonical_json(file.document()).encode()) + 1
        if size > limit:
            break
        kept.append(file)
    return kept
