"""The scheme that judges a model's moves, as the model keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.ledger.record import Identity, Record


@dataclass(frozen=True, slots=True)
class AssignedScheme(Record, kind="assigned-scheme"):
    """The document of the scheme that judges a model. ``follows``: the model is given later versions of it too."""

    document: Mapping[str, Any]
    follows: bool

    @property
    def identity(self) -> Identity:
        return (AssignedScheme,)
