"""What became of each field of a model and its versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moorage import paths
from moorage.connection import Connection


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that one event changed; ``version`` is None for a field of the model itself."""

    sequence: int
    time: datetime
    field: str
    type: str
    version: int | None = None
    before: Any = None
    after: Any = None
    actor: str | None = None
    event_id: str | None = None
    trigger: str | None = None
    reason: str | None = None


class Changes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, model: str, *, version: int | None = None, field: str | None = None, limit: int | None = None
    ) -> Iterator[FieldChange]:
        """Newest first; of one ``version``, of one ``field`` and what is in it (``owner``, ``tags``, ``tags/team``)."""
        return self._connection.items(FieldChange, f"{paths.model(model)}/changes", limit, version=version, field=field)
