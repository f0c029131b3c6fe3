"""Records as they come back from storage."""

from typing import TypeVar

from chalicelib.aws.records import RECORDS
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.ledger.record import Record
from chalicelib.domain.models.model import Model

T = TypeVar("T", bound=Record)


def read_back(record: T, state: Model | RegistryState | None = None) -> T:
    """The record after it was written to an item and read from it."""
    codec = RECORDS.codec(type(record))
    return codec.read(codec.written(state or RegistryState(), record))
