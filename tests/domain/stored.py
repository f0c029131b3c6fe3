"""Records as they come back from storage."""

from typing import TypeVar

from chalicelib.aws.model_records import MODEL_RECORDS
from chalicelib.aws.registry_records import REGISTRY_RECORDS
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.ledger.record import Record
from chalicelib.domain.models.model import Model

T = TypeVar("T", bound=Record)


def read_back(record: T, model: str | None = None) -> T:
    """The record after it was written to an item and read from it: a model's, or a registry-wide one."""
    codec = (REGISTRY_RECORDS if model is None else MODEL_RECORDS).codec(type(record))
    return codec.read(codec.written(RegistryState() if model is None else Model(model), record))
