"""Usage: who resolved and downloaded which version."""

from collections.abc import Iterator

from moorage import paths
from moorage.connection import Connection
from moorage.paths import VersionKey
from moorage.results import VersionUsage


class Usage:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, model: str, version: VersionKey | None = None, *, limit: int | None = None
    ) -> Iterator[VersionUsage]:
        """By version and principal; ``version=None`` means all of the model's, deleted ones too."""
        of = paths.model(model) if version is None else paths.version(model, version)
        return self._connection.items(VersionUsage, f"{of}/usage", limit)
