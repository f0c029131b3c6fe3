"""Bills of materials: what versions are made of, as CycloneDX documents, and such documents read into model cards."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from moorage import paths
from moorage.connection import Connection
from moorage.decoding import decode
from moorage.digests import digest_file
from moorage.evidence_files import EvidenceFiles
from moorage.paths import VersionKey

# How many digits of a document's SHA-256 its name among the evidence files has.
_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class ImportedBom:
    """What became of an imported bill of materials.

    ``taken`` names the sections and fields of the model's card that now say what the document says, ``kept`` those that
    say something else and stayed. ``left`` is what the card has no room for.
    """

    card_revision: int
    taken: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class BillsOfMaterials:
    """The bills of materials of versions, in the format CycloneDX 1.7."""

    def __init__(self, connection: Connection, evidence_files: EvidenceFiles) -> None:
        self._connection = connection
        self._evidence_files = evidence_files

    def export(self, model: str, version: VersionKey) -> dict[str, Any]:
        """What a version is made of: files with hashes, libraries, datasets, base models, its card and metrics."""
        document: dict[str, Any] = self._connection.read(_path(model, version))
        return document

    def import_file(
        self, model: str, version: VersionKey, file: str | os.PathLike[str], *, attach: bool = True
    ) -> ImportedBom:
        """Fill what the model's card lacks from a CycloneDX document about a version, of at most 1 MiB.

        With ``attach``, the document is then kept among the version's evidence files, under a name with its digest. It
        can be repeated. Raises ConflictError if the document lists other bytes than the version has, and ValueError for
        a file that is not JSON.
        """
        local = Path(file)
        document = json.loads(local.read_text(encoding="utf-8"))
        imported = decode(ImportedBom, self._connection.write("PUT", _path(model, version), document))
        if attach:
            self._attach(model, version, local)
        return imported

    def _attach(self, model: str, version: VersionKey, file: Path) -> None:
        digest = digest_file(file)
        if any(one.sha256 == digest.sha256 for one in self._evidence_files.list(model, version)):
            return
        name = f"bom-{digest.sha256[:_DIGITS]}.cdx.json"
        self._evidence_files.attach(model, version, file, name=name, description="An imported bill of materials")


def _path(model: str, version: VersionKey) -> str:
    return f"{paths.version(model, version)}/bom"
