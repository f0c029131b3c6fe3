"""Promotion statements: what each move of a version was, signed by the registry."""

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from moorage import paths
from moorage.connection import Connection
from moorage.listing import Listing
from moorage.paths import VersionKey


@dataclass(frozen=True, slots=True)
class Statement:
    """What the registry stated of a move of a version.

    ``sequence`` and ``event`` are the number and the id of the move's event. The stages are None if only aliases moved.
    ``key_id`` is the SHA-256 of ``public_key``. Lists leave out ``statement``, which is what was signed, and
    ``envelope``, which carries the signature.
    """

    sequence: int
    event: str
    from_stage: str | None
    to_stage: str | None
    aliases: tuple[str, ...]
    digest: str
    key_id: str
    public_key: str
    signed_at: datetime
    statement: dict[str, Any] = field(default_factory=dict)
    envelope: dict[str, Any] = field(default_factory=dict)

    def save(self, file: str | os.PathLike[str]) -> Path:
        """Write the envelope to ``file``, for example ``promotion.json``. Returns the path."""
        path = Path(file)
        path.write_text(json.dumps(self.envelope), encoding="utf-8")
        return path


class Statements:
    """The statements about each version."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str, version: VersionKey, *, limit: int | None = None) -> Listing[Statement]:
        """What was stated of a version, newest first, without what was signed."""
        return self._connection.items(Statement, _path(model, version), limit)

    def get(self, model: str, version: VersionKey, sequence: int) -> Statement:
        """The statement about the move whose event has this number, with its envelope."""
        return self._connection.get(Statement, f"{_path(model, version)}/{sequence}")


def _path(model: str, version: VersionKey) -> str:
    return f"{paths.version(model, version)}/statements"
