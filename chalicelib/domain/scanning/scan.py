"""Scanning one file: its content says how it is read, its name only what it should have been."""

from typing import Final

from chalicelib.domain.scanning.containers.member import Opened
from chalicelib.domain.scanning.containers.zips import open_zip
from chalicelib.domain.scanning.detection import HEAD, Kind, data_format, kinds, promised, suffix_of
from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.findings import MalformedError, joined, review, shown
from chalicelib.domain.scanning.formats.safetensors import scan_safetensors
from chalicelib.domain.scanning.formats.text import scan_text
from chalicelib.domain.scanning.ranges import Allowance, Metered
from chalicelib.domain.scanning.source import Source, TooMuchReadError
from chalicelib.domain.scanning.verdict import Verdict

# Bytes that the scan of one file may read, and that it may unpack.
MAX_READ: Final = 256 * 1024 * 1024
MAX_UNPACKED: Final = 256 * 1024 * 1024
# How deep archives may be in each other: an archive in an archive is two.
MAX_DEPTH: Final = 2
# What reading bytes that break their format may raise, whichever module reads them.
_BROKEN: Final = (ValueError, LookupError, ArithmeticError, EOFError, RecursionError, TypeError)


def scan_file(path: str, source: Source) -> FileScan:
    """What loading the file would do, as far as its bytes tell.

    ``path`` is the name of the file in its version. Whatever is in the file, nothing is raised: a file that breaks its
    format, or of which too much would have to be read, is for review. Only what the source itself raises comes through.
    """
    return _Scanner().scan(path, Metered(source, Allowance(MAX_READ)), depth=0)


class _Scanner:
    """The scan of one file and of everything in it, with what is left of its allowances."""

    def __init__(self) -> None:
        self._unpacking = Allowance(MAX_UNPACKED)

    def scan(self, path: str, source: Source, depth: int) -> FileScan:
        try:
            found = kinds(path, source)
            scans = [self._scan_as(kind, path, source, depth) for kind in found]
        except (TooMuchReadError, MalformedError, *_BROKEN) as error:
            return FileScan("", (_unreadable(error),))
        return joined(scans[0].format, [*scans, FileScan("", tuple(_disguises(path, found, source)))])

    def _scan_as(self, kind: Kind, path: str, source: Source, depth: int) -> FileScan:
        try:
            return self._read(kind, path, source, depth)
        except (TooMuchReadError, MalformedError, *_BROKEN) as error:
            return FileScan(kind.value, (_unreadable(error),))

    def _read(self, kind: Kind, path: str, source: Source, depth: int) -> FileScan:
        match kind:
            case Kind.ZIP:
                return self._members(open_zip(source, self._unpacking), depth)
            case Kind.SAFETENSORS:
                return scan_safetensors(source)
            case Kind.TEXT:
                return scan_text(path, source)
            case Kind.DATA:
                return FileScan(data_format(source.read(0, HEAD)))
            case Kind.UNKNOWN:
                text = "No rule knows what this file is."
                return FileScan("", (Reason(Verdict.UNSCANNED, "unknown_format", text),))
            case _:
                return FileScan(kind.value, (review("unread", "Files of this format are not read."),))

    def _members(self, opened: Opened, depth: int) -> FileScan:
        """The archive itself, and everything in it."""
        if depth >= MAX_DEPTH:
            return FileScan(opened.format, (review("nested", f"Archives are nested more than {MAX_DEPTH} deep."),))
        inner = [_within(member.name, self.scan(member.name, member.open(), depth + 1)) for member in opened.members]
        return joined(opened.format, [FileScan("", opened.reasons), *inner])


def _within(name: str, scan: FileScan) -> FileScan:
    """The scan of a member, as a part of the archive's."""
    member = shown(name)
    return FileScan(
        scan.format,
        tuple(
            Reason(one.verdict, one.code, one.text, f"{member}: {one.where}" if one.where else member)
            for one in scan.reasons
        ),
        scan.imports,
    )


def _unreadable(error: Exception) -> Reason:
    if isinstance(error, TooMuchReadError):
        return review("too_large", "More of it would have to be read than a scan may.")
    if isinstance(error, MalformedError):
        return review("malformed", error.text, error.where)
    return review("malformed", "It breaks its format.")


def _disguises(path: str, found: list[Kind], source: Source) -> list[Reason]:
    """Where content and name, or two readers of the content, disagree."""
    reasons = []
    if len(found) > 1:
        text = f"It reads as {found[0].value} from its start, and as {found[1].value} from its end."
        reasons.append(review("polyglot", text))
    expected = promised(path)
    if expected and found[0] not in expected and source.size:
        named, told = suffix_of(path), found[0].value
        reasons.append(review("disguised", f"Its name ends in {named}, and its content is {told}."))
    return reasons
