"""What became of each field of a model and its versions."""

from collections.abc import Iterator

from moorage import paths
from moorage.connection import Connection
from moorage.results import FieldChange


class Changes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, model: str, *, version: int | None = None, field: str | None = None, limit: int | None = None
    ) -> Iterator[FieldChange]:
        """Newest first; of one ``version``, of one ``field`` and what is in it (``owner``, ``tags``, ``tags/team``)."""
        return self._connection.items(FieldChange, f"{paths.model(model)}/changes", limit, version=version, field=field)
