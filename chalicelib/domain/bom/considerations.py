"""What a model card says for people, as the considerations of a bill of materials, and back.

A card's sections are markdown. An imported consideration becomes a list under a heading of its own in the section where
it belongs, from which it can be read back. What people wrote without such headings is one consideration by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.domain.cards.card import markdown

_HEADING: Final = "### "
_ITEM: Final = "- "
_INDENT: Final = "  "


@dataclass(frozen=True, slots=True)
class Consideration:
    """A list of CycloneDX's ``considerations``, and the heading and section of a card where it stands.

    An entry is a text; or an object whose field ``text`` is the text, and whose other fields have ``labels``. ``rest``:
    what the section says under no heading belongs here.
    """

    name: str
    section: str
    heading: str
    text: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    rest: bool = False


_MITIGATION: Final = {"mitigationStrategy": "Mitigation strategy"}
CONSIDERATIONS: Final = (
    Consideration("users", "intended_use", "Users"),
    Consideration("useCases", "intended_use", "Use cases", rest=True),
    Consideration("technicalLimitations", "caveats_and_recommendations", "Technical limitations", rest=True),
    Consideration("performanceTradeoffs", "caveats_and_recommendations", "Performance tradeoffs"),
    Consideration(
        "ethicalConsiderations",
        "ethical_considerations",
        "Ethical considerations",
        text="name",
        labels=_MITIGATION,
        rest=True,
    ),
    Consideration(
        "fairnessAssessments",
        "ethical_considerations",
        "Fairness assessments",
        text="groupAtRisk",
        labels={"benefits": "Benefits", "harms": "Harms", **_MITIGATION},
    ),
)


def sections_from(given: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """The sections of a card that say these considerations, as markdown."""
    sections: dict[str, list[str]] = {}
    for one in CONSIDERATIONS:
        items = [text for text in (_item(one, entry) for entry in given.get(one.name, ())) if text]
        if items:
            sections.setdefault(one.section, []).append("\n".join([f"{_HEADING}{one.heading}", "", *items]))
    return {section: "\n\n".join(parts) for section, parts in sections.items()}


def considerations_in(sections: Mapping[str, str]) -> dict[str, list[Any]]:
    """The considerations that the sections of a card say."""
    found: dict[str, list[Any]] = {}
    for one in CONSIDERATIONS:
        parts = _parts(one.section, sections.get(one.section, ""))
        entries = [entry for entry in _entries(one, parts.get(one.heading, "")) if entry]
        rest = parts.get("", "").strip() if one.rest else ""
        entries += [_entry(one, {one.text: rest})] if rest else []
        if entries:
            found[one.name] = entries
    return found


def _parts(section: str, text: str) -> dict[str, str]:
    """The text under each known heading of a section; under an empty one, whatever stands elsewhere."""
    headings = {f"{_HEADING}{one.heading}": one.heading for one in CONSIDERATIONS if one.section == section}
    parts: dict[str, list[str]] = {"": []}
    at = ""
    for line in text.split("\n"):
        if line.rstrip() in headings:
            at = headings[line.rstrip()]
            parts.setdefault(at, [])
        else:
            parts[at].append(line)
    return {heading: "\n".join(lines) for heading, lines in parts.items()}


def _item(one: Consideration, entry: Any) -> str:
    """An entry as an item of a markdown list; empty if it says nothing."""
    said = entry if isinstance(entry, Mapping) else {one.text: entry}
    text = markdown(str(said.get(one.text, ""))).strip()
    labelled = [(label, markdown(str(said[name])).strip()) for name, label in one.labels.items() if said.get(name)]
    if not text and not labelled:
        return ""
    below = [_indented(f"{_ITEM}{label}: {value}", _INDENT) for label, value in labelled]
    return "\n".join([_indented(f"{_ITEM}{text}", ""), *below])


def _indented(text: str, indent: str) -> str:
    """The lines of an item, each after the first one step further in."""
    first, *others = text.split("\n")
    return "\n".join([indent + first, *(f"{indent}{_INDENT}{line}" if line.strip() else "" for line in others)])


def _entries(one: Consideration, text: str) -> Iterator[Any]:
    """The entries of a list; of a text that is no list, one."""
    items = _items(text.split("\n"))
    if items is None:
        yield _entry(one, {one.text: text.strip()})
        return
    for item in items:
        fields: dict[str, list[str]] = {one.text: []}
        at = one.text
        for line in item:
            label = next((name for name, label in one.labels.items() if line.startswith(f"{_ITEM}{label}: ")), None)
            if label is None:
                fields[at].append(line if at == one.text else line.removeprefix(_INDENT))
            else:
                at = label
                fields[at] = [line.partition(": ")[2]]
        yield _entry(one, {name: "\n".join(lines).strip() for name, lines in fields.items()})


def _entry(one: Consideration, said: Mapping[str, str]) -> Any:
    """An entry as CycloneDX has it; something empty if it says nothing."""
    return {name: text for name, text in said.items() if text} if one.text else said[""]


def _items(lines: Sequence[str]) -> list[list[str]] | None:
    """The lines of each item of a markdown list, without their indent. None if it is not only a list."""
    items: list[list[str]] = []
    for line in lines:
        if line.startswith(_ITEM):
            items.append([line.removeprefix(_ITEM)])
        elif items and (line.startswith(_INDENT) or not line.strip()):
            items[-1].append(line.removeprefix(_INDENT))
        elif line.strip():
            return None
    return items
