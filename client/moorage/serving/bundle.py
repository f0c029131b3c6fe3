"""``package.json``, which ``moorage package`` writes: the version that an image serves, and its files' digests."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

from moorage.errors import IncompatibleModelError, IntegrityError
from moorage.serving.served import Permissions, Served, load_served

NAME: Final = "package.json"
# What this release writes and reads. A later release that changes the meaning of a field writes a higher number.
FORMAT_VERSION: Final = 1
_RECORD: Final = ".moorage-download"
_AT_ONCE: Final = 1 << 20


@dataclass(frozen=True, slots=True, order=True)
class BundledFile:
    """A file of the version: its path, its size in bytes and its SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Following:
    """The alias that an image follows, and the registry's address.

    ``python`` is the Python that the packaged version was logged with, such as ``3.12``. None if that is not known.
    """

    alias: str
    url: str
    python: str | None


@dataclass(frozen=True, slots=True)
class Bundle:
    """A packaged version. ``allow`` and ``trust`` are what whoever packaged it allows it, as in ``Client.load``.

    ``follow`` is None for an image that serves this version for good.
    """

    model: str
    version: int
    digest: str
    files: tuple[BundledFile, ...]
    signature: Mapping[str, Any] | None
    allow: tuple[str, ...]
    trust: tuple[str, ...]
    follow: Following | None = None

    def text(self) -> str:
        """The document, the same for the same version."""
        document = {
            "format_version": FORMAT_VERSION,
            "model": self.model,
            "version": self.version,
            "digest": self.digest,
            "files": [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in self.files],
            "signature": self.signature,
            "allow": list(self.allow),
            "trust": list(self.trust),
            "follow": None if self.follow is None else asdict(self.follow),
        }
        return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n"

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the document. Raises IncompatibleModelError if there is none, or one of another release's form."""
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise IncompatibleModelError(
                f"there is no {path}: run this in the directory that moorage package wrote, or name it with --package"
            ) from None
        if document.get("format_version") != FORMAT_VERSION:
            raise IncompatibleModelError(
                f"{path} has the format version {document.get('format_version')!r}, and this release of moorage reads "
                f"{FORMAT_VERSION}: package the version again"
            )
        return cls(
            model=document["model"],
            version=document["version"],
            digest=document["digest"],
            files=tuple(BundledFile(file["path"], file["size"], file["sha256"]) for file in document["files"]),
            signature=document["signature"],
            allow=tuple(document["allow"]),
            trust=tuple(document["trust"]),
            follow=None if document["follow"] is None else Following(**document["follow"]),
        )

    def verify(self, directory: Path) -> None:
        """Raise IntegrityError unless ``directory`` has every file with its registered bytes, and no others.

        Frameworks look for files by name, so one that nobody registered could change what the model is. Only the record
        that ``moorage download`` leaves is no such file.
        """
        listed = {file.path for file in self.files}
        present = {path.relative_to(directory).as_posix() for path in directory.rglob("*") if not path.is_dir()}
        added = sorted(path for path in present - listed if not path.startswith(_RECORD))
        if added:
            raise IntegrityError(
                f"{directory} has the file {added[0]}, which {self.model}/{self.version} does not have"
            )
        for file in self.files:
            path = directory / file.path
            if not path.is_file():
                raise IntegrityError(f"{self.model}/{self.version} lacks its file {file.path} in {directory}")
            if file_digest(path) != file.sha256:
                raise IntegrityError(
                    f"{file.path} does not have the bytes that were registered as {self.model}/{self.version}: it was "
                    "changed after it was packaged, and is not served"
                )

    def load(self, directory: Path) -> Served:
        """Verify the files in ``directory`` and load the model. Raises what ``verify`` and ``Client.load`` raise."""
        self.verify(directory)
        given = Permissions(self.allow, self.trust)
        return load_served(self.model, self.version, self.digest, directory, self.signature, given)


def file_digest(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_AT_ONCE):
            digest.update(part)
    return digest.hexdigest()
