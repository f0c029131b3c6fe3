"""The searchable fields of versions and models. Each field is declared once, here.

The grammar, the planner and the records that filters are evaluated on read these declarations. A test compares the
table of fields in docs/search.md with them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

from chalicelib.domain.models.decisions import ModelState
from chalicelib.domain.search.entries import run_id, scan_facts, searchable_metrics
from chalicelib.domain.search.syntax import Comparator, Subject
from chalicelib.domain.versions.version import Version

T = TypeVar("T")


class Kind(StrEnum):
    """The kind of a field's values. The text is what an error message says that it expected."""

    TEXT = "a quoted text"
    PROSE = "a quoted text of words"
    NUMBER = "a number"
    INTEGER = "a whole number"
    TIME = "a quoted time such as '2026-11-23T09:30:00Z' or '2026-11-23'"
    VALUE = "a quoted text, a number, TRUE or FALSE"


@dataclass(frozen=True, slots=True)
class SearchField(Generic[T]):
    """A searchable field of a version or model.

    ``read`` returns one value, None if there is none, a tuple of values if ``several``, or a mapping if the field has
    keys. ``key`` is what docs/search.md calls the key after the dot; empty if the field takes none. ``required``: every
    entity has a value. ``meaning`` is the text in docs/search.md. ``synonyms`` are other names that a filter may use.
    ``choice``: there are few different values, from which people choose.
    """

    name: str
    kind: Kind
    read: Callable[[T], Any]
    meaning: str
    key: str = ""
    several: bool = False
    required: bool = False
    synonyms: tuple[str, ...] = ()
    choice: bool = False

    @property
    def keyed(self) -> bool:
        return self.key != ""


_ORDERED: Final = frozenset(
    {
        *(Comparator.EQUAL, Comparator.UNEQUAL, Comparator.LESS, Comparator.AT_MOST, Comparator.MORE),
        *(Comparator.AT_LEAST, Comparator.IN, Comparator.NOT_IN, Comparator.IS_NULL, Comparator.IS_NOT_NULL),
    }
)
_TEXTUAL: Final = _ORDERED | {Comparator.LIKE, Comparator.NOT_LIKE, Comparator.ILIKE, Comparator.NOT_ILIKE}
COMPARATORS: Final[Mapping[Kind, frozenset[Comparator]]] = {
    Kind.TEXT: _TEXTUAL,
    Kind.PROSE: _TEXTUAL | {Comparator.CONTAINS},
    Kind.NUMBER: _ORDERED,
    Kind.INTEGER: _ORDERED,
    Kind.TIME: _ORDERED,
    Kind.VALUE: _TEXTUAL,
}


def _inner(document: Mapping[str, Any] | None, name: str) -> Any:
    """The value of ``name`` in a document that may be missing."""
    return (document or {}).get(name)


VERSION_FIELDS: Final[tuple[SearchField[Version], ...]] = (
    SearchField("name", Kind.TEXT, lambda v: v.model, "the model's name", required=True),
    SearchField(
        "version", Kind.INTEGER, lambda v: v.number, "the version's number", required=True, synonyms=("version_number",)
    ),
    SearchField("label", Kind.TEXT, lambda v: v.description.label, "the semantic version"),
    SearchField(
        "description",
        Kind.PROSE,
        lambda v: v.description.description or None,
        "the description; `CONTAINS` looks for whole words in it",
    ),
    SearchField("stage", Kind.TEXT, lambda v: v.stage, "the version's stage", required=True, choice=True),
    SearchField("status", Kind.TEXT, lambda v: v.status.value, "`READY` or `PENDING`", required=True, choice=True),
    SearchField(
        "alias", Kind.TEXT, lambda v: v.aliases, "each alias of the version or model", several=True, choice=True
    ),
    SearchField(
        "author",
        Kind.TEXT,
        lambda v: v.description.provenance.get("author") or v.created_by,
        "`provenance.author`, or if that is not given, who registered the version",
    ),
    SearchField("created_by", Kind.TEXT, lambda v: v.created_by, "who registered or created it", required=True),
    SearchField(
        "created_at",
        Kind.TIME,
        lambda v: v.created_at,
        "when it was registered or created",
        required=True,
        synonyms=("creation_timestamp",),
    ),
    SearchField(
        "updated_at",
        Kind.TIME,
        lambda v: v.revised_at,
        "the field `revised_at`: when the version's description or stage last changed",
        required=True,
        synonyms=("last_updated_timestamp",),
    ),
    SearchField("run_id", Kind.TEXT, run_id, "`provenance.run.id`"),
    SearchField(
        "framework", Kind.TEXT, lambda v: _inner(v.description.framework, "name"), "the framework's name", choice=True
    ),
    SearchField("task", Kind.TEXT, lambda v: v.description.task, "what the model does", choice=True),
    SearchField(
        "source_commit",
        Kind.TEXT,
        lambda v: _inner(v.description.provenance.get("source"), "commit"),
        "`provenance.source.commit`",
    ),
    SearchField(
        "source",
        Kind.TEXT,
        lambda v: _inner(v.description.provenance.get("artifact_source"), "uri"),
        "`provenance.artifact_source.uri`",
        synonyms=("source_path",),
    ),
    SearchField(
        "scan",
        Kind.TEXT,
        scan_facts,
        "of READY versions that were scanned: `scan.state` is `pending`, `done` or `failed`, `scan.verdict` the last "
        "verdict, and `scan.quarantine` is `kept` or `released` if the scheme does not allow what the scan found",
        key="fact",
    ),
    SearchField("tags", Kind.TEXT, lambda v: v.description.tags, "the tag with this key", key="key", synonyms=("tag",)),
    SearchField(
        "metrics",
        Kind.NUMBER,
        searchable_metrics,
        "of READY versions, the first forty by name",
        key="name",
        synonyms=("metric",),
    ),
    SearchField(
        "parameters",
        Kind.VALUE,
        lambda v: v.description.parameters,
        "text, number or truth; also `params.<name>`",
        key="name",
        synonyms=("param", "params", "parameter"),
    ),
    SearchField(
        "metadata",
        Kind.VALUE,
        lambda v: v.description.metadata,
        "steps separated by `/`; of a list, each of its values",
        key="path",
        several=True,
    ),
)
MODEL_FIELDS: Final[tuple[SearchField[ModelState], ...]] = (
    SearchField("name", Kind.TEXT, lambda s: s.model.name, "the model's name", required=True),
    SearchField(
        "description",
        Kind.PROSE,
        lambda s: s.profile.description or None,
        "the description; `CONTAINS` looks for whole words in it",
    ),
    SearchField(
        "stage",
        Kind.TEXT,
        lambda s: tuple(s.model.standing),
        "each stage that a version of it is in",
        several=True,
        choice=True,
    ),
    SearchField(
        "alias",
        Kind.TEXT,
        lambda s: tuple(name for name, pointer in s.model.aliases.items() if pointer.version is not None),
        "each alias of the version or model",
        several=True,
        choice=True,
    ),
    SearchField("created_by", Kind.TEXT, lambda s: s.model.created_by, "who registered or created it", required=True),
    SearchField(
        "classification",
        Kind.TEXT,
        lambda s: None if s.model.classification is None else s.model.classification.level.value,
        "how far the model's data may be known: `public`, `internal`, `confidential` or `restricted`",
        choice=True,
    ),
    SearchField(
        "personal_data",
        Kind.VALUE,
        lambda s: s.model.classification is not None and s.model.classification.personal_data,
        "whether the model's data is classified as personal",
        required=True,
    ),
    SearchField("owner", Kind.TEXT, lambda s: s.profile.owner or None, "the model's owner", choice=True),
    SearchField(
        "created_at",
        Kind.TIME,
        lambda s: s.model.created_at,
        "when it was registered or created",
        required=True,
        synonyms=("creation_timestamp",),
    ),
    SearchField(
        "updated_at",
        Kind.TIME,
        lambda s: s.model.revised_at,
        "the field `revised_at`: when the model was described, or a version of it was registered, moved or deleted",
        required=True,
        synonyms=("last_updated_timestamp",),
    ),
    SearchField("tags", Kind.TEXT, lambda s: s.profile.tags, "the tag with this key", key="key", synonyms=("tag",)),
    SearchField(
        "metadata",
        Kind.VALUE,
        lambda s: s.profile.metadata,
        "steps separated by `/`; of a list, each of its values",
        key="path",
        several=True,
    ),
)
FIELDS: Final[Mapping[Subject, Mapping[str, SearchField[Any]]]] = {
    Subject.VERSIONS: {field.name: field for field in VERSION_FIELDS},
    Subject.MODELS: {field.name: field for field in MODEL_FIELDS},
}
# Other names of fields: singular ones, and those in filters that were written for other registries.
SYNONYMS: Final[Mapping[str, str]] = {
    synonym: field.name for fields in FIELDS.values() for field in fields.values() for synonym in field.synonyms
}
# May precede a field without a key, followed by a dot.
ATTRIBUTE_PREFIXES: Final = frozenset({"attribute", "attributes"})


def field_names(subject: Subject) -> str:
    """The names of a subject's fields, for an error message."""
    return ", ".join(f"{name}.<key>" if field.keyed else name for name, field in sorted(FIELDS[subject].items()))
