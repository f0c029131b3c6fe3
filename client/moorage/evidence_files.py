"""Evidence files: plots and reports that are attached to a version after it is READY, never part of its files."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.digests import digest_file
from moorage.errors import ConflictError, IntegrityError
from moorage.listing import WholeList
from moorage.paths import VersionKey
from moorage.signers import SignedBatch
from moorage.storage import Piece, SignedRequest, Storage

_ONLY: Final = "file"


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A plot or report of a version; ``evaluation`` names the evaluation that it belongs to, if any."""

    name: str
    size: int
    sha256: str
    attached_at: datetime
    attached_by: str
    evaluation: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class _Upload:
    """Where to put a file, and the id that finishing takes."""

    id: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Downloadable:
    size: int
    sha256: str
    url: str


class EvidenceFiles:
    """The evidence files of each version."""

    def __init__(self, connection: Connection, storage: Storage) -> None:
        self._connection = connection
        self._storage = storage

    def list(self, model: str, version: VersionKey, *, evaluation: str | None = None) -> WholeList[EvidenceFile]:
        """The files of a version, or of one of its evaluations, sorted by name."""
        return self._connection.whole(EvidenceFile, _path(model, version), evaluation=evaluation)

    def attach(
        self,
        model: str,
        version: VersionKey,
        file: str | os.PathLike[str],
        *,
        name: str | None = None,
        evaluation: str | None = None,
        description: str | None = None,
    ) -> EvidenceFile:
        """Upload a file of at most 100 MiB and have the registry verify it. ``name`` defaults to the file's own.

        A name is 1 to 64 characters of ``a-z 0-9 _ . -``. Raises ConflictError if the version has a file of this name.
        """
        local = Path(file)
        digest = digest_file(local)
        described = {"evaluation": evaluation, "description": description}
        known = {part: text for part, text in described.items() if text is not None}
        declared: dict[str, Any] = {"size": digest.size, "sha256": digest.sha256, **known}
        where = f"{_path(model, version)}/{paths.segment(name or local.name)}"
        uploads: list[_Upload] = []

        def sign(_: str) -> Mapping[str, SignedRequest]:
            uploads.append(self._connection.post(_Upload, f"{where}/upload", declared))
            return {_ONLY: SignedRequest(uploads[-1].url, uploads[-1].headers)}

        signed: SignedBatch[str] = SignedBatch(sign)
        self._storage.put(Piece(local, 0, digest.size), signed.signer(_ONLY), _nothing)
        finished = self._connection.write("POST", f"{where}/finalise", {"id": uploads[-1].id})
        return decode(EvidenceFile, finished)

    def attach_document(
        self,
        model: str,
        version: VersionKey,
        document: object,
        name: str,
        *,
        evaluation: str | None = None,
        description: str | None = None,
    ) -> EvidenceFile:
        """Attach a document as JSON, such as the baseline of a monitor: ``training.document()``.

        If the version has the same bytes under this name, they stay, so a call that failed can be made again. Raises
        ConflictError for other bytes.
        """
        content = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        with TemporaryDirectory() as directory:
            file = Path(directory) / _ONLY
            file.write_bytes(content)
            try:
                return self.attach(model, version, file, name=name, evaluation=evaluation, description=description)
            except ConflictError as error:
                if error.code != "evidence_file_exists":
                    raise
                for present in self.list(model, version):
                    if present.name == name and present.sha256 == hashlib.sha256(content).hexdigest():
                        return present
                raise

    def download(self, model: str, version: VersionKey, name: str, file: str | os.PathLike[str]) -> Path:
        """Write the bytes of a file to ``file``, which must not exist, and verify their SHA-256. Returns the path.

        Raises IntegrityError for other bytes, and FileExistsError.
        """
        target = Path(file)
        where = f"{_path(model, version)}/{paths.segment(name)}"
        found = self._connection.get(_Downloadable, where)

        def sign(_: str) -> Mapping[str, SignedRequest]:
            return {_ONLY: SignedRequest(self._connection.get(_Downloadable, where).url, {})}

        signed: SignedBatch[str] = SignedBatch(sign)
        signed.add({_ONLY: SignedRequest(found.url, {})})
        content = bytearray(found.size)

        def write(offset: int, chunk: bytes) -> None:
            content[offset : offset + len(chunk)] = chunk

        self._storage.get(0, found.size, True, signed.signer(_ONLY), write)
        if hashlib.sha256(content).hexdigest() != found.sha256:
            raise IntegrityError(f"what storage sent for {name!r} is not the file that was attached")
        with target.open("xb") as written:
            written.write(content)
        return target

    def withdraw(self, model: str, version: VersionKey, name: str) -> None:
        """Withdraw a file. Its bytes are removed; the events keep its digest."""
        self._connection.write("DELETE", f"{_path(model, version)}/{paths.segment(name)}")


def _nothing(_size: int) -> None:
    """Nobody watches the progress of a small upload."""


def _path(model: str, version: VersionKey) -> str:
    return f"{paths.version(model, version)}/evidence-files"
