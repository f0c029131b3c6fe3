"""Scanning one file: its content says how it is read, its name only what it should have been."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from chalicelib.domain.scanning.containers.member import Member, Opened
from chalicelib.domain.scanning.containers.packages import (
    Package,
    is_storage,
    is_weights,
    name_that_counts,
    package_reasons,
    packages_of,
)
from chalicelib.domain.scanning.containers.streams import unpack
from chalicelib.domain.scanning.containers.tars import open_tar
from chalicelib.domain.scanning.containers.zips import open_zip
from chalicelib.domain.scanning.detection import Kind, kinds, promised
from chalicelib.domain.scanning.file_scan import FileScan, Reason
from chalicelib.domain.scanning.formats.unknown import EMPTY, known_as_numbers
from chalicelib.domain.scanning.hidden import hidden_pickle
from chalicelib.domain.scanning.paths import suffix_of
from chalicelib.domain.scanning.pickles.npy import objects_in
from chalicelib.domain.scanning.ranges import Allowance, Metered, Section
from chalicelib.domain.scanning.readers import BY_CONTENT, BY_NAME, NEEDED, Reader, reader_of_member
from chalicelib.domain.scanning.reasons import MalformedError, joined, review, shown
from chalicelib.domain.scanning.source import Bytes, Source, TooMuchReadError

# Bytes that the scan of one file may read, and that it may unpack.
MAX_READ: Final = 256 * 1024 * 1024
MAX_UNPACKED: Final = 256 * 1024 * 1024
# How deep archives may be in each other: an archive in an archive is two.
MAX_DEPTH: Final = 2
# What a module may raise for bytes that it did not expect, besides MalformedError. A scan must end all the same.
_BROKEN: Final = (ValueError, LookupError, ArithmeticError, EOFError, RecursionError, TypeError)
# Bytes of a file that is fetched at once, instead of part by part.
_SMALL: Final = 64 * 1024
_STREAMS: Final = frozenset({Kind.GZIP, Kind.ZLIB, Kind.BZIP2, Kind.XZ, Kind.LZMA})
_PACKED: Final = frozenset({".gz", ".gzip", ".bz2", ".xz", ".lzma", ".z", ".zlib"})


def scan_file(path: str, source: Source) -> FileScan:
    """What loading the file would do, as far as its bytes tell.

    ``path`` is the name of the file in its version. Whatever is in the file, nothing is raised: a file that breaks its
    format, or of which too much would have to be read, is for review. Only what the source itself raises comes through.
    """
    return _Scanner().scan(path, Metered(source, Allowance(MAX_READ)))


def scan_pickles(path: str, source: Source, read: Reader) -> FileScan:
    """What another reader finds in the pickles of a file, those in archives and compressed streams too.

    ``read`` is given each pickle, and is to raise nothing but TooMuchReadError and what the source raises. Besides its
    reasons there are those for which a part of the file was not opened, as ``scan_file`` has them.
    """
    return _PickleScanner(read).scan(path, Metered(source, Allowance(MAX_READ)))


class _Scanner:
    """The scan of one file and of everything in it, with what is left of its allowance.

    ``depth`` counts the archives around the content, and ``packed`` says that it was just unpacked from a stream.
    """

    def __init__(self) -> None:
        self._unpacking = Allowance(MAX_UNPACKED)

    def scan(self, path: str, source: Source, depth: int = 0, *, packed: bool = False) -> FileScan:
        return _guarded("", lambda: self._scan(path, source, depth, packed))

    def _scan(self, path: str, source: Source, depth: int, packed: bool) -> FileScan:
        if source.size <= _SMALL:
            source = Bytes(source.read(0, source.size))
        found = kinds(path, source)
        scans = [self._read_as(kind, path, source, depth, packed) for kind in found]
        disagreements = FileScan("", tuple(_disagreements(path, found, scans[0].format or found[0].value)))
        hidden = None if Kind.PICKLE in found else self._hidden(path, source)
        if hidden is not None:
            scans.insert(0, hidden)
        return joined(scans[0].format, [*scans, disagreements])

    def _read_as(self, kind: Kind, path: str, source: Source, depth: int, packed: bool) -> FileScan:
        return _guarded(kind.value, lambda: self._read(kind, path, source, depth, packed))

    def _read(self, kind: Kind, path: str, source: Source, depth: int, packed: bool) -> FileScan:
        if kind in _STREAMS:
            return self._stream(kind, path, source, depth, packed)
        if kind is Kind.ZIP:
            return self._archive(path, depth, lambda: open_zip(source, self._unpacking))
        if kind is Kind.TAR:
            return self._archive(path, depth, lambda: open_tar(source))
        return self._content(kind, path, source)

    def _content(self, kind: Kind, path: str, source: Source) -> FileScan:
        """What is in no archive, nor compressed."""
        if kind in BY_NAME:
            return BY_NAME[kind](path, source)
        return BY_CONTENT[kind](source)

    def _hidden(self, path: str, source: Source) -> FileScan | None:
        return hidden_pickle(path, source)

    def _stream(self, kind: Kind, path: str, source: Source, depth: int, packed: bool) -> FileScan:
        if packed:
            return FileScan(kind.value, (review("nested", "It is compressed more than once."),))
        name = path[: -len(suffix_of(path))] if suffix_of(path) in _PACKED else path
        unpacked = unpack(kind.value, source, self._unpacking)
        inner = self.scan(name, Bytes(unpacked.content), depth, packed=True)
        return joined(inner.format or kind.value, [FileScan("", unpacked.reasons), inner])

    def _archive(self, path: str, depth: int, opening: Callable[[], Opened]) -> FileScan:
        if depth >= MAX_DEPTH:
            return FileScan("archive", (review("nested", f"Archives are nested more than {MAX_DEPTH} deep."),))
        opened = opening()
        names = [member.name for member in opened.members]
        packages = packages_of(path, opened.format, names)
        reasons = [*opened.reasons, *package_reasons(packages)]
        missing = (NEEDED[package] for package in packages if package in NEEDED and NEEDED[package] not in names)
        reasons += [review("malformed", f"The archive has no {needed}.") for needed in missing]
        inner = (
            _within(member.name, scan) for member in opened.members for scan in self._member(packages, member, depth)
        )
        return joined(packages[0].value, [FileScan("", tuple(reasons)), *inner])

    def _member(self, packages: tuple[Package, ...], member: Member, depth: int) -> Iterator[FileScan]:
        """The member as the loaders of each package would take it."""
        loading = [package for package in packages if not is_storage(package, member.name)]
        for reader in dict.fromkeys(reader_of_member(package, member.name) for package in loading):
            if reader is None:
                scan = self.scan(name_that_counts(packages, member.name), member.open(), depth + 1)
                yield known_as_numbers(scan) if is_weights(packages, member.name) else scan
            else:
                yield _guarded(packages[0].value, partial(reader, member.open()))


class _PickleScanner(_Scanner):
    """The scan of the pickles in one file by another reader. Everything but pickles is passed over."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read_pickle = read

    def _content(self, kind: Kind, path: str, source: Source) -> FileScan:
        if kind is Kind.PICKLE:
            return self._read_pickle(source)
        start = objects_in(source) if kind is Kind.NPY else None
        return FileScan("") if start is None else self._read_pickle(Section(source, start, source.size))

    def _hidden(self, path: str, source: Source) -> FileScan | None:
        return None if super()._hidden(path, source) is None else self._read_pickle(source)


def _guarded(file_format: str, scan: Callable[[], FileScan]) -> FileScan:
    """The scan; for review if the file breaks its format or is too large."""
    try:
        return scan()
    except TooMuchReadError:
        reason = review("too_large", "More of it would have to be read than a scan may.")
    except MalformedError as error:
        reason = review("malformed", error.text, error.where)
    except _BROKEN:
        reason = review("malformed", "It breaks its format.")
    return FileScan(file_format, (reason,))


def _within(name: str, scan: FileScan) -> FileScan:
    """The scan of a member, as a part of the archive's."""
    member = shown(name)
    reasons = (
        Reason(one.verdict, one.code, one.text, f"{member}: {one.where}" if one.where else member)
        for one in scan.reasons
    )
    return FileScan(scan.format, tuple(reasons), scan.imports)


def _disagreements(path: str, found: list[Kind], told: str) -> Iterator[Reason]:
    """Where content and name, or two readers of the content, disagree. ``told`` is the format of the content."""
    if len(found) > 1:
        others = " and as ".join(kind.value for kind in found[1:])
        yield review("polyglot", f"It reads as {told} from its start, and to other readers as {others}.")
    expected = promised(path)
    if expected and found[0] not in expected and told != EMPTY:
        yield review("disguised", f"Its name ends in {suffix_of(path)}, and its content is {told}.")
