"""How scans say what they found, and that a file cannot be read."""

from collections.abc import Iterable
from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.verdict import Verdict

# Of one file. A hostile file must not fill a record with reasons.
MAX_REASONS: Final = 200
MAX_IMPORTS: Final = 1_000
# Of a name that comes from the file.
_LONGEST_NAME: Final = 200


class MalformedError(Exception):
    """A file breaks its format, so that what loading it does is not known. ``where`` says at which part of it."""

    def __init__(self, text: str, where: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.where = where


def note(code: str, text: str, where: str = "") -> Reason:
    """Something that is only worth knowing."""
    return Reason(Verdict.CLEAN, code, text, where)


def review(code: str, text: str, where: str = "") -> Reason:
    return Reason(Verdict.REVIEW, code, text, where)


def unsafe(code: str, text: str, where: str = "") -> Reason:
    return Reason(Verdict.UNSAFE, code, text, where)


def shown(name: str) -> str:
    """A name from a file as it may be shown: printable, and at most 200 characters."""
    printable = "".join(character if character.isprintable() else "\ufffd" for character in name[: _LONGEST_NAME + 1])
    return printable if len(printable) <= _LONGEST_NAME else f"{printable[:_LONGEST_NAME]}…"


def joined(file_format: str, parts: Iterable[FileScan]) -> FileScan:
    """One scan of several of the same file, with at most MAX_REASONS reasons: the worst ones, each once."""
    reasons: dict[Reason, None] = {}
    imports: set[str] = set()
    for part in parts:
        reasons.update(dict.fromkeys(part.reasons))
        imports.update(part.imports)
    return bounded(FileScan(file_format, tuple(reasons), tuple(imports)))


def bounded(scan: FileScan) -> FileScan:
    """The scan with the worst of its reasons and the first of its imports, if they are more than a file may have."""
    order = tuple(Verdict)
    reasons = sorted(scan.reasons, key=lambda reason: -order.index(reason.verdict))
    left_out = len(reasons) - MAX_REASONS
    if left_out > 0:
        reasons = [*reasons[:MAX_REASONS], note("more", f"{left_out} more findings are left out.")]
    return FileScan(scan.format, tuple(reasons), tuple(sorted(scan.imports)[:MAX_IMPORTS]))
