"""The built files: what ``vite build`` left, each with its type and its compressed variants."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

INDEX: Final = "index.html"
ASSETS: Final = "assets/"
# The encodings that a build writes beside a file, the smallest first, with the ending of each.
ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Served:
    """A file as it is sent. ``encoding`` is None if it is sent as it is."""

    content: bytes
    type: str
    encoding: str | None = None

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'

    @property
    def body(self) -> str:
        return base64.b64encode(self.content).decode()


class Files:
    """The files below a directory. Only names found when it is made are ever read, so no path leads outside."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names = frozenset(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

    def __contains__(self, name: str) -> bool:
        return name in self._names and Path(name).suffix in TYPES

    def file(self, name: str, accepted: Iterable[str]) -> Served:
        """The file ``name``, in the smallest of the ``accepted`` encodings. Raises KeyError if there is none."""
        if name not in self:
            raise KeyError(name)
        media_type = TYPES[Path(name).suffix]
        wanted = frozenset(accepted)
        for encoding, ending in ENCODINGS.items():
            if encoding in wanted and f"{name}{ending}" in self._names:
                return Served((self._root / f"{name}{ending}").read_bytes(), media_type, encoding)
        return Served((self._root / name).read_bytes(), media_type)

    def page(self, prefix: str, theme: str | None) -> Served:
        """The page that starts the interface, for a registry below the path ``prefix``.

        The build names its assets relative to the page. Every path below /ui is answered with this page, so the names
        must not depend on the path. ``theme`` is what the person chose, if anything.
        """
        text = (self._root / INDEX).read_text(encoding="utf-8").replace('"./', f'"{prefix}/ui/')
        if theme is not None:
            text = text.replace("<html ", f'<html data-theme="{theme}" ', 1)
        return Served(text.encode(), TYPES[".html"])
