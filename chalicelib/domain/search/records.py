"""The values that a filter is evaluated on, read from a version or model."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Generic, TypeVar

from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.search.evaluation import Record
from chalicelib.domain.search.fields import MODEL_FIELDS, VERSION_FIELDS, SearchField
from chalicelib.domain.versions.version import Version

T = TypeVar("T")


class _Values(Mapping[str, Any], Generic[T]):
    """An entity's value of every searchable field. Each is read when it is asked for, since a search names few."""

    __slots__ = ("_entity", "_fields")

    def __init__(self, entity: T, fields: Mapping[str, SearchField[T]]) -> None:
        self._entity = entity
        self._fields = fields

    def __getitem__(self, name: str) -> Any:
        return self._fields[name].read(self._entity)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


_OF_VERSIONS: Final = {field.name: field for field in VERSION_FIELDS}
_OF_MODELS: Final = {field.name: field for field in MODEL_FIELDS}


def version_record(version: Version) -> Record:
    """A version's value of every searchable field."""
    return _Values(version, _OF_VERSIONS)


def model_record(state: ModelState) -> Record:
    """A model's value of every searchable field."""
    return _Values(state, _OF_MODELS)
