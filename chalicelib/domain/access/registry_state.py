"""The state of the registry's own ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.access.administrators import Administrator
from chalicelib.domain.ledger.events import Head
from chalicelib.domain.ledger.record import Identity, Record


@dataclass(frozen=True, slots=True)
class RegistryState(Record, kind="registry"):
    """What every change of a registry-wide record reads and writes.

    ``administrators`` are the records that let somebody administer. ``counts`` is the number of records of each bounded
    kind. With both in the head, no rule has to read all records.
    """

    head: Head = Head()
    administrators: tuple[Administrator, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def owner(self) -> str:
        """Registry-wide records belong to no model."""
        return ""

    @property
    def identity(self) -> Identity:
        return (RegistryState,)
