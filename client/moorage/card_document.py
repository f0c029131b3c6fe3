"""A model card as one Markdown document with YAML front matter, as Hugging Face keeps it in README.md, and back.

``parse(write(card))`` is the card exactly. ``write(parse(text))`` is the text but for what docs/model-cards.md lists:
sections get our headings and our order, YAML is written afresh. No word of it is lost.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from moorage import front_matter

HEADINGS: Final[Mapping[str, str]] = {
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
# What others call the sections; the first are those of Hugging Face's template. Any other heading is text.
_OTHER_NAMES: Final[Mapping[str, str]] = {
    "uses": "intended_use",
    "training details": "training_data",
    "evaluation": "quantitative_analyses",
    "bias, risks, and limitations": "caveats_and_recommendations",
    "model description": "model_details",
    "intended uses": "intended_use",
    "intended uses & limitations": "intended_use",
    "relevant factors": "factors",
    "evaluation metrics": "metrics",
    "performance metrics": "metrics",
    "training procedure": "training_data",
    "evaluation results": "quantitative_analyses",
    "results": "quantitative_analyses",
    "ethics": "ethical_considerations",
    "bias": "ethical_considerations",
    "limitations": "caveats_and_recommendations",
    "limitations and bias": "caveats_and_recommendations",
    "risks and limitations": "caveats_and_recommendations",
    "recommendations": "caveats_and_recommendations",
}
_SECTION_OF: Final = {heading.lower(): name for name, heading in HEADINGS.items()} | dict(_OTHER_NAMES)
_HEADING: Final = re.compile(r"##[ \t]+(.*?)[ \t]*#*[ \t]*")
_MAX_HEADING: Final = 200
# Follows a heading that is part of a section's text although it is a section's name.
_KEPT: Final = " <!-- kept -->"

_TEXT_FIELDS: Final = ("license", "pipeline_tag", "library_name")
_LIST_FIELDS: Final = ("language", "tags", "datasets", "base_model", "metrics")
_FIELD_ORDER: Final = (
    "license",
    "language",
    "library_name",
    "pipeline_tag",
    "tags",
    "datasets",
    "base_model",
    "metrics",
)
_MAX_FIELD: Final = 1_000
_MAX_ENTRIES: Final = 1_000


@dataclass(frozen=True, slots=True)
class CardContent:
    """What a card says: markdown by section, and the fields that programs read."""

    sections: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)


def parse(text: str) -> CardContent:
    """Read a card. Raises InvalidRequestError for front matter that is not plain YAML."""
    values, body = front_matter.split(text)
    fields = _fields(values)
    introduction: list[str] = []
    sections: dict[str, list[str]] = {}
    current = introduction
    for line in body.split("\n"):
        name = _section_of(line)
        if line.endswith(_KEPT) and _section_of(_bare(line)) is not None:
            current.append(line.removesuffix(_KEPT))
        elif name is not None and name not in sections:
            current = sections[name] = []
        else:
            current.append(line)
    texts = {name: _text(lines) for name, lines in sections.items()}
    opening = _text(introduction)
    return CardContent(
        {name: texts[name] for name in HEADINGS if texts.get(name)},
        ({"introduction": opening} if opening else {}) | fields,
    )


def write(card: CardContent) -> str:
    """The card as a document."""
    values = {name: card.fields[name] for name in _FIELD_ORDER if card.fields.get(name)}
    values |= card.fields.get("extra") or {}
    parts = [_marked(card.fields.get("introduction") or "")]
    parts += [
        f"## {heading}\n\n{_marked(card.sections[name])}"
        for name, heading in HEADINGS.items()
        if card.sections.get(name)
    ]
    body = "\n\n".join(part for part in parts if part)
    return front_matter.join(values, body and f"{body}\n")


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: fitting for name, value in values.items() if (fitting := _fitting(name, value)) is not None}
    extra = {name: value for name, value in values.items() if name not in fields}
    return fields | ({"extra": extra} if extra else {})


def _fitting(name: str, value: object) -> str | list[str] | None:
    """The value as the field holds it; None if it must go to ``extra``, where it stays as it is."""
    entries = value if isinstance(value, list) and name in _LIST_FIELDS else [value]
    texts = [entry for entry in entries if isinstance(entry, str) and 1 <= len(entry) <= _MAX_FIELD]
    if len(texts) != len(entries) or not 1 <= len(texts) <= _MAX_ENTRIES:
        return None
    if name in _TEXT_FIELDS:
        return texts[0]
    return texts if name in _LIST_FIELDS else None


def _section_of(line: str) -> str | None:
    found = _HEADING.fullmatch(line) if len(line) <= _MAX_HEADING else None
    return None if found is None else _SECTION_OF.get(" ".join(found[1].lower().split()).rstrip(":"))


def _bare(line: str) -> str:
    while line.endswith(_KEPT):
        line = line.removesuffix(_KEPT)
    return line


def _marked(text: str) -> str:
    return "\n".join(line + _KEPT if _section_of(_bare(line)) is not None else line for line in text.split("\n"))


def _text(lines: list[str]) -> str:
    text = "\n".join(lines).strip("\n")
    return text if text.strip() else ""
