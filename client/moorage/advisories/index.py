"""Makes an advisory index: gzipped JSON with the ranges of all advisories, the same bytes for the same advisories."""

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from moorage.advisories import sources
from moorage.advisories.osv import ECOSYSTEM, Advisory, advisory
from moorage.errors import MoorageError

_FORMAT: Final = 1
# What the registry takes.
MAX_BYTES: Final = 24 * 1024**2
MAX_COMPRESSED: Final = 4 * 1024**2


@dataclass(frozen=True, slots=True)
class MadeIndex:
    """An index with the counts of what it has. ``published_at`` is of when its data is; ``source`` where it is from."""

    content: bytes
    source: str
    published_at: datetime
    advisories: int
    packages: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def index_of(source: str) -> MadeIndex:
    """The index of the OSV documents at a path, or in a zip at a URL.

    Of a URL, the data is of when the zip was last modified; of a path, of when its newest document was. Raises
    MoorageError if there is no advisory on a package of PyPI, or what is there cannot be read.
    """
    if sources.is_url(source):
        with sources.downloaded(source) as (path, modified):
            return _made(sources.documents(path), sources.without_secrets(source), modified)
    place = Path(source).expanduser()
    return _made(sources.documents(place), place.name or str(place), None)


def _made(documents: Iterable[object], source: str, published_at: datetime | None) -> MadeIndex:
    advisories = {one.id: one for document in documents if (one := advisory(document)) is not None}
    if not advisories:
        raise MoorageError(f"{source} has no advisory on a package of {ECOSYSTEM}")
    if published_at is None:
        published_at = max((one.modified for one in advisories.values() if one.modified is not None), default=None)
    if published_at is None:
        raise MoorageError(f"{source} does not say when any of its advisories was modified")
    document = _document([advisories[name] for name in sorted(advisories)])
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    compressed = gzip.compress(content, compresslevel=9, mtime=0)
    if len(content) > MAX_BYTES or len(compressed) > MAX_COMPRESSED:
        raise MoorageError(f"{source} makes an index of {len(content)} bytes; the registry takes {MAX_BYTES}")
    # Clocks differ: data is never of a time that lies ahead.
    published_at = min(published_at, datetime.now(UTC))
    return MadeIndex(compressed, source, published_at, len(advisories), len(document["packages"]))


def _document(advisories: Iterable[Advisory]) -> dict[str, Any]:
    about: dict[str, Any] = {}
    packages: dict[str, list[Any]] = {}
    for one in advisories:
        about[one.id] = {"severity": one.severity, "aliases": list(one.aliases)}
        for affected in one.affected:
            entry = {"id": one.id, "ranges": affected.ranges, "versions": affected.versions}
            packages.setdefault(affected.package, []).append(entry)
    return {"format": _FORMAT, "ecosystem": ECOSYSTEM, "advisories": about, "packages": packages}
