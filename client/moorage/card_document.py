"""Model cards as Markdown with YAML front matter: the README.md format of Hugging Face.

``parse(write(card))`` returns the same card. ``write(parse(text))`` returns the same text except for the changes
that docs/model-cards.md lists: sections get our headings and our order, and the YAML is formatted anew. No word of the
text is lost.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

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
# Other common names of the sections, beginning with those of Hugging Face's template. Any other heading is plain text.
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
# Marks a heading that belongs to a section's text although it has the name of a section.
_TEXT_MARK: Final = " <!-- kept -->"

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
    """The content of a card. ``sections`` maps section names to Markdown; ``fields`` are for programs."""

    sections: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)


def parse(text: str) -> CardContent:
    """Parse a README.md into a card. Raises InvalidRequestError if the front matter is not plain YAML."""
    # Imported late, because only these two functions need a YAML parser.
    from moorage import front_matter

    values, body = front_matter.split(text)
    fields = _fields(values)
    introduction: list[str] = []
    sections: dict[str, list[str]] = {}
    current = introduction
    for line in body.split("\n"):
        name = _section_of(line)
        if line.endswith(_TEXT_MARK) and _section_of(_unmarked(line)) is not None:
            current.append(line.removesuffix(_TEXT_MARK))
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
    """Write a card as a README.md."""
    values = {name: card.fields[name] for name in _FIELD_ORDER if card.fields.get(name)}
    values |= card.fields.get("extra") or {}
    parts = [_marked(card.fields.get("introduction") or "")]
    parts += [
        f"## {heading}\n\n{_marked(card.sections[name])}"
        for name, heading in HEADINGS.items()
        if card.sections.get(name)
    ]
    body = "\n\n".join(part for part in parts if part)
    from moorage import front_matter

    return front_matter.join(values, body and f"{body}\n")


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: fitting for name, value in values.items() if (fitting := _field_value(name, value)) is not None}
    extra = {name: value for name, value in values.items() if name not in fields}
    return fields | ({"extra": extra} if extra else {})


def _field_value(name: str, value: object) -> str | list[str] | None:
    """The value in the form that the field takes. None if the field cannot hold it: it is then kept in ``extra``."""
    entries = value if isinstance(value, list) and name in _LIST_FIELDS else [value]
    texts = [entry for entry in entries if isinstance(entry, str) and 1 <= len(entry) <= _MAX_FIELD]
    if len(texts) != len(entries) or not 1 <= len(texts) <= _MAX_ENTRIES:
        return None
    if name in _TEXT_FIELDS:
        return texts[0]
    return texts if name in _LIST_FIELDS else None


def _section_of(line: str) -> str | None:
    heading = _HEADING.fullmatch(line) if len(line) <= _MAX_HEADING else None
    return None if heading is None else _SECTION_OF.get(" ".join(heading[1].lower().split()).rstrip(":"))


def _unmarked(line: str) -> str:
    while line.endswith(_TEXT_MARK):
        line = line.removesuffix(_TEXT_MARK)
    return line


def _marked(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(line + _TEXT_MARK if _section_of(_unmarked(line)) is not None else line for line in lines)


def _text(lines: list[str]) -> str:
    text = "\n".join(lines).strip("\n")
    return text if text.strip() else ""
