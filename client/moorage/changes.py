"""Changes: the history of each field of a model and its versions."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moorage import paths
from moorage.connection import Connection
from moorage.listing import Listing
from moorage.metadata import TIMES


@dataclass(frozen=True, slots=True)
class FieldChange:
    """The change of one field by one event. ``version`` is None for a field of the model itself.

    Times in ``before`` and ``after`` of metadata are datetimes.
    """

    sequence: int
    time: datetime
    field: str
    type: str
    version: int | None = None
    before: Any = dataclasses.field(default=None, metadata=TIMES)
    after: Any = dataclasses.field(default=None, metadata=TIMES)
    actor: str | None = None
    event_id: str | None = None
    trigger: str | None = None
    reason: str | None = None


class Changes:
    """The field changes of each model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, model: str, *, version: int | None = None, field: str | None = None, limit: int | None = None
    ) -> Listing[FieldChange]:
        """The changes of a model, newest first.

        ``version`` limits them to one version, ``field`` to one field and everything in it, such as ``owner``,
        ``tags`` or ``tags/team``.
        """
        return self._connection.items(FieldChange, f"{paths.model(model)}/changes", limit, version=version, field=field)
