"""The values that a filter is evaluated on, read from a version or model."""

from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.search.evaluation import Record
from chalicelib.domain.search.fields import MODEL_FIELDS, VERSION_FIELDS
from chalicelib.domain.versions.version import Version


def version_record(version: Version) -> Record:
    """A version's value of every searchable field."""
    return {field.name: field.read(version) for field in VERSION_FIELDS}


def model_record(state: ModelState) -> Record:
    """A model's value of every searchable field."""
    return {field.name: field.read(state) for field in MODEL_FIELDS}
