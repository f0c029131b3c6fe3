"""The model card: nine sections of markdown and some machine-readable fields, kept in revisions.

The sections are those of Mitchell et al., Model Cards for Model Reporting, 2019 (https://arxiv.org/abs/1810.03993).
The fields are those of Hugging Face's front matter that programs read. ``extra`` keeps the rest of a front matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self, TypeAlias

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.documents import free_json
from chalicelib.domain.errors import BodyTooLargeError, InvalidInputError, Problem
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.facts import digest_of
from chalicelib.domain.ledger.record import EACH, Identity, Record

# A card is one DynamoDB item. Even with four bytes a character, it fits into 400 KB together with its keys.
MAX_CARD: Final = 100_000
MAX_SECTION: Final = 50_000
MAX_FIELD: Final = 1_000
MAX_FIELD_ENTRIES: Final = 1_000
# An event holds the digest of a longer value. An event has up to eighteen values before and after, and must stay under
# the bus's 256 KB.
MAX_IN_EVENT: Final = 4_096

# Section name to the heading that people read.
SECTIONS: Final[Mapping[str, str]] = {
    "model_details": "Model Details",
    "intended_use": "Intended Use",
    "factors": "Factors",
    "metrics": "Metrics",
    "evaluation_data": "Evaluation Data",
    "training_data": "Training Data",
    "quantitative_analyses": "Quantitative Analyses",
    "ethical_considerations": "Ethical Considerations",
    "caveats_and_recommendations": "Caveats and Recommendations",
}
TEXT_FIELDS: Final = ("license", "pipeline_tag", "library_name")
LIST_FIELDS: Final = ("language", "tags", "datasets", "base_model", "metrics")
INTRODUCTION: Final = "introduction"
EXTRA: Final = "extra"
FIELDS: Final = (INTRODUCTION, *TEXT_FIELDS, *LIST_FIELDS, EXTRA)

Fields: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Card(Record, kind="card"):
    """What is known of a model, for people. Every model has one: revision 0 is empty and nobody's.

    ``sections`` and ``fields`` have what is filled in. ``changed`` names what this revision changed, such as
    ``sections/factors``. ``writers`` are the persons who last wrote each section. Of one that was last written before
    they were recorded, there is none.
    """

    revision: int = 0
    sections: Mapping[str, str] = field(default_factory=dict, metadata=EACH)
    fields: Fields = field(default_factory=dict, metadata=EACH)
    updated_at: Instant | None = None
    updated_by: str | None = None
    changed: tuple[str, ...] = ()
    writers: Mapping[str, str] = field(default_factory=dict, metadata=EACH)

    @property
    def identity(self) -> Identity:
        return (Card,)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        """Whoever changes a section is its writer."""
        former = Card() if before is None else before
        fresh = {name for name, text in self.sections.items() if former.sections.get(name) != text}
        kept = {name: who for name, who in former.writers.items() if name in self.sections and name not in fresh}
        return replace(self, writers={**kept, **dict.fromkeys(sorted(fresh), stamp.person or stamp.actor)})

    def document(self) -> dict[str, Any]:
        """Sections and fields as JSON."""
        return {"sections": dict(self.sections), "fields": dict(self.fields)}

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of sections and fields, in hexadecimal."""
        return sha256_hex(canonical_json(self.document()))

    def cleared(self, at: Instant, by: str) -> "Card":
        """The next revision, with nothing in it."""
        changed = (*(f"sections/{name}" for name in self.sections), *(f"fields/{name}" for name in self.fields))
        return Card(revision=self.revision + 1, updated_at=at, updated_by=by, changed=changed)


def checked_sections(given: Mapping[str, str | None]) -> dict[str, str]:
    """The filled-in sections, normalised by ``markdown``. Raises InvalidInputError.

    A section has at most 50,000 characters. A blank text or None clears one.
    """
    for name, text in given.items():
        if name not in SECTIONS:
            raise _invalid(f"/sections/{name}", f"is no section; the sections are {', '.join(SECTIONS)}")
        if text is not None and len(text) > MAX_SECTION:
            raise _invalid(f"/sections/{name}", f"has more than {MAX_SECTION} characters")
    plain = {name: markdown(text or "") for name, text in given.items()}
    return {name: text for name, text in plain.items() if text}


def checked_fields(given: Fields) -> dict[str, Any]:
    """The filled-in fields, normalised. Raises InvalidInputError.

    ``extra`` may have the name of another field only with a value that this field cannot have. So each front matter
    makes one card, and each card one front matter.
    """
    checked: dict[str, Any] = {}
    for name, value in given.items():
        if name not in FIELDS:
            raise _invalid(f"/fields/{name}", f"is no field; put it into {EXTRA}. The fields are {', '.join(FIELDS)}")
        fitting = None if value in (None, "", [], {}) else _checked_field(name, value)
        if fitting:
            checked[name] = fitting
    for name, value in checked.get(EXTRA, {}).items():
        if name in (*TEXT_FIELDS, *LIST_FIELDS) and name in checked:
            raise _invalid(f"/fields/{EXTRA}/{name}", f"is also given in /fields/{name}")
        if field_value(name, value) is not None:
            raise _invalid(f"/fields/{EXTRA}/{name}", f"belongs in /fields/{name}")
    return checked


def _checked_field(name: str, value: Any) -> Any:
    if name == EXTRA:
        return free_json(value, f"/fields/{EXTRA}")
    if name == INTRODUCTION:
        if len(value) > MAX_SECTION:
            raise _invalid(f"/fields/{INTRODUCTION}", f"has more than {MAX_SECTION} characters")
        return markdown(value)
    fitting = field_value(name, value)
    if fitting is None:
        raise _invalid(f"/fields/{name}", f"must be {_form(name)}")
    return fitting


def check_card(card: Card) -> Card:
    """The card. Raises BodyTooLargeError if it has more than 100,000 characters as canonical JSON."""
    size = len(canonical_json(card.document()))
    if size > MAX_CARD:
        raise BodyTooLargeError(
            f"The card has {size} characters as canonical JSON; the registry keeps at most {MAX_CARD}. "
            "Put long reports among a version's files."
        )
    return card


def field_value(name: str, value: object) -> str | list[str] | None:
    """The value of the field ``name``: a text, or for list fields a list of texts. A single text becomes a list of one.

    None if there is no such field, or it cannot have the value.
    """
    if name in TEXT_FIELDS:
        return value if isinstance(value, str) and _fits(value) else None
    if name in LIST_FIELDS:
        entries = value if isinstance(value, list) else [value]
        texts = [entry for entry in entries if isinstance(entry, str) and _fits(entry)]
        if 1 <= len(texts) == len(entries) <= MAX_FIELD_ENTRIES:
            return texts
    return None


def markdown(text: str) -> str:
    """Markdown as it is stored: lines end with ``\\n``, without empty lines around. Blank text becomes empty."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return plain if plain.strip() else ""


def in_event(value: object) -> object:
    """A value as an event has it: itself, or ``$sha256`` and ``$characters`` if its JSON has more than 4,096 bytes."""
    text = canonical_json(value)
    if len(text.encode()) <= MAX_IN_EVENT:
        return value
    # Of a text the digest is over the text itself, so that a revision can be checked without canonical JSON.
    return digest_of(value)


def _fits(text: str) -> bool:
    return 1 <= len(text) <= MAX_FIELD


def _form(name: str) -> str:
    text = f"a text of 1 to {MAX_FIELD} characters"
    return text if name in TEXT_FIELDS else f"a list of at most {MAX_FIELD_ENTRIES} entries, each {text}"


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
