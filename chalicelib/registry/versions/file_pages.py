"""The list of a version's files, page by page.

Each page reads one small item, and one part of the list if that is long. A part whose key can be known is read in
the same call: the first page by number, and every page that a cursor continues.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from chalicelib.aws import keys
from chalicelib.aws.aliases.items import Aliased
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.versions.manifests import Outline, files_from
from chalicelib.domain.errors import RecordEditedError
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.models.model_ledger import snapshot_of
from chalicelib.registry.versions.aliased import aliased
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import parse_ref

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the files of a version, or all if there are few."""

    served: Aliased
    index: int
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class FileList:
    """All files of a version, by path."""

    served: Aliased
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class FilePage:
    """A page of a version's files, by path. ``next_start`` names the version, in case the alias moves.

    A page of a long list ends where a part of it does.
    """

    served: Aliased
    files: tuple[File, ...]
    next_start: dict[str, str | int] | None


def list_files(
    services: Services, model: str, ref: str, limit: int, start: dict[str, str | int] | None, only_ready: bool = False
) -> FilePage:
    """A page of the files of a version; with ``only_ready``, of one whose bytes are there and verified.

    Raises VersionNotFoundError, AliasNotFoundError, VersionNotReadyError, RecordEditedError.
    """
    if start is None:
        path = ""
        part = part_of(services, model, ref, path, 0, only_ready)
    else:
        path = str(start["path"])
        asked = int(start.get("part", 0))
        found = _by_number(services, model, int(start["number"]), asked, only_ready)
        # If the list was cut into parts since, the path tells the part.
        part = _part(services, found, max(asked, found.served.outline.part_with(path)))
    first = bisect_right(part.files, path, key=lambda file: file.path)
    return FilePage(part.served, part.files[first : first + limit], _next_start(part, first + limit))


def all_files(services: Services, model: str, ref: str) -> FileList:
    """All files of a READY version, by number or ``@alias``. A long list costs one read more.

    Raises VersionNotFoundError, AliasNotFoundError, VersionNotReadyError, RecordEditedError.
    """
    parsed = parse_ref(ref)
    if isinstance(parsed, int):
        return _all(services, _by_number(services, model, parsed, None, only_ready=True))
    return _by_alias(services, model, parsed, lambda found: _all(services, found))


def files_served(services: Services, served: Aliased) -> FileList:
    """All files of a version whose outline was read. A long list costs one read. Raises RecordEditedError."""
    return _all(services, _Found(served))


def part_of(services: Services, model: str, ref: str, path: str, first: int | None, only_ready: bool) -> Part:
    """The files of a version, by number or ``@alias``, among which ``path`` is if the version has it.

    An alias points at READY versions only.
    ``first`` is the part of a long list to read in the same call as a version by number, if any.
    """
    parsed = parse_ref(ref)
    if isinstance(parsed, int):
        return _with_path(services, _by_number(services, model, parsed, first, only_ready), path)
    return _by_alias(services, model, parsed, lambda found: _with_path(services, found, path))


@dataclass(frozen=True, slots=True)
class _Found:
    """A version with the outline of its files, and what else was read in the same call."""

    served: Aliased
    read: Mapping[Key, Item] = field(default_factory=dict)


def _by_alias(services: Services, model: str, alias: str, files: Callable[[_Found], T]) -> T:
    """What ``files`` gives of the version that an alias points at."""
    served = aliased(services, model, alias)
    try:
        return files(_Found(served))
    except RecordEditedError:
        # A long list may be cut into parts after its alias was read. Then the alias, read again, names the parts.
        again = aliased(services, model, alias)
        if again == served:
            raise
        return files(_Found(again))


def _all(services: Services, found: _Found) -> FileList:
    """Raises RecordEditedError."""
    served, outline = found.served, found.served.outline
    if outline.text is not None:
        return FileList(served, files_from(outline.text))
    indexes = range(len(outline.parts))
    missing = [key for key in (outline.key_of(served.model, index) for index in indexes) if key not in found.read]
    read = {**found.read, **services.table.load_all(missing)}
    return FileList(served, tuple(file for index in indexes for file in outline.files_in(served.model, index, read)))


def _with_path(services: Services, found: _Found, path: str) -> Part:
    return _part(services, found, found.served.outline.part_with(path))


def _part(services: Services, found: _Found, index: int) -> Part:
    """Raises RecordEditedError."""
    served, outline = found.served, found.served.outline
    if outline.text is not None:
        return Part(served, index, files_from(outline.text))
    if index >= len(outline.parts):
        return Part(served, index, ())
    key = outline.key_of(served.model, index)
    read = found.read if key in found.read else services.table.load([key])
    return Part(served, index, outline.files_in(served.model, index, read))


def _by_number(services: Services, model: str, number: int, part: int | None, only_ready: bool) -> _Found:
    asked = [keys.version(model, number), keys.manifest(model, number)]
    if part is not None:
        asked.append(keys.manifest_part(model, number, part))
    read = services.table.load(asked)
    snapshot = snapshot_of(model, asked, read)
    version = loaded_version(snapshot, model, number)
    if only_ready:
        ready(version)
    outline = snapshot.get(Outline, number) or Outline(number, "[]")
    return _Found(Aliased(model, number, version.uid, version.digest, outline, version.clearance), read)


def _next_start(part: Part, end: int) -> dict[str, str | int] | None:
    """Where the next page begins: in this part, or in the one after it; None at the end."""
    served, files, index = part.served, part.files, part.index
    if end < len(files):
        return {"number": served.number, "path": files[end - 1].path, "part": index}
    if index + 1 < len(served.outline.parts):
        return {"number": served.number, "path": files[-1].path, "part": index + 1}
    return None
