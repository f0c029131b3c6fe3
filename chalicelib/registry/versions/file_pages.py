"""The list of a version's files, page by page.

Each page reads one small item, and one part of the list if that is long. A part whose key can be known is read in
the same call: the first page by number, and every page that a cursor continues.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.aws import keys
from chalicelib.aws.aliases.items import Aliased
from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.aws.versions.manifests import Outline, files_from
from chalicelib.domain.versions.decisions import ready
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.models.model_ledger import snapshot_of
from chalicelib.registry.versions.aliased import aliased
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import parse_ref


@dataclass(frozen=True, slots=True)
class Found:
    """A version with the outline of its files, and what else was read in the same call."""

    served: Aliased
    read: Mapping[Key, Item] = field(default_factory=dict)


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
    path = "" if start is None else str(start["path"])
    found = (
        by_ref(services, model, ref, 0, only_ready)
        if start is None
        else _by_number(services, model, int(start["number"]), int(start.get("part", 0)), only_ready)
    )
    served = found.served
    index = served.outline.part_with(path) if start is None or "part" not in start else int(start["part"])
    files = files_in(services, found, index)
    first = bisect_right(files, path, key=lambda file: file.path)
    return FilePage(served, files[first : first + limit], _next_start(served, files, first + limit, index))


def by_ref(services: Services, model: str, ref: str, part: int | None, only_ready: bool) -> Found:
    """A version by number or ``@alias``, in one read. An alias points at READY versions only.

    ``part`` is the part of a long list of files to read in the same call, if any.
    """
    parsed = parse_ref(ref)
    if isinstance(parsed, int):
        return _by_number(services, model, parsed, part, only_ready)
    return Found(aliased(services, model, parsed))


def files_in(services: Services, found: Found, index: int) -> tuple[File, ...]:
    """The files of one part, or all if there are few. Raises RecordEditedError."""
    outline, model = found.served.outline, found.served.model
    if outline.text is not None:
        return files_from(outline.text)
    if index >= len(outline.parts):
        return ()
    key = outline.key_of(model, index)
    read = found.read if key in found.read else services.table.load([key])
    return outline.files_in(model, index, read)


def _by_number(services: Services, model: str, number: int, part: int | None, only_ready: bool) -> Found:
    asked = [keys.version(model, number), keys.manifest(model, number)]
    if part is not None:
        asked.append(keys.manifest_part(model, number, part))
    read = services.table.load(asked)
    snapshot = snapshot_of(model, asked, read)
    version = loaded_version(snapshot, model, number)
    if only_ready:
        ready(version)
    outline = snapshot.get(Outline, number) or Outline(number, "[]")
    return Found(Aliased(model, number, version.uid, version.digest, outline), read)


def _next_start(served: Aliased, files: Sequence[File], end: int, index: int) -> dict[str, str | int] | None:
    """Where the next page begins: in this part, or in the one after it; None at the end."""
    if end < len(files):
        return {"number": served.number, "path": files[end - 1].path, "part": index}
    if index + 1 < len(served.outline.parts):
        return {"number": served.number, "path": files[-1].path, "part": index + 1}
    return None
