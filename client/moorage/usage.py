"""Usage: who resolved and downloaded which versions."""

from dataclasses import dataclass
from datetime import datetime

from moorage import paths
from moorage.connection import Connection
from moorage.listing import Listing
from moorage.paths import VersionKey


@dataclass(frozen=True, slots=True)
class VersionUsage:
    """How often a principal resolved or downloaded a version. ``last_alias`` is the alias that it used last."""

    model: str
    version: int
    principal: str
    count: int
    first_at: datetime
    last_at: datetime
    last_alias: str | None = None


class Usage:
    """The usage of each version."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, model: str, version: VersionKey | None = None, *, limit: int | None = None) -> Listing[VersionUsage]:
        """The usage of a version, by principal. ``version=None`` means all versions of the model, deleted ones too."""
        of = paths.model(model) if version is None else paths.version(model, version)
        return self._connection.items(VersionUsage, f"{of}/usage", limit)
