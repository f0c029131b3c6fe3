"""Cards as README.md with front matter: nothing is lost in either direction."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moorage import CardContent, InvalidRequestError, card_document, front_matter

from chalicelib.domain.cards import card

TEMPLATE = """\
---
# For programs
language:
- en
- no
license: apache-2.0
license_name: a name
tags: [tabular, risk]
base_model: org/base
model-index:
- name: fraud
  results:
  - task: {type: tabular-classification}
    metrics:
    - {type: auc, value: 0.93, verified: false}
released: 2024-01-31
widget: ~
---
# Model Card for fraud

Scores card payments.

## Model Details

### Model Description

A boosted ensemble.

## Uses

### Direct Use

Ranking alerts for analysts.

### Out-of-Scope Use

Declining payments without a person.

## Bias, Risks, and Limitations

Weak on merchants younger than a month.

## How to Get Started with the Model

```python
load("fraud")
```

## Training Details

Payments of 2023.

## Evaluation

AUC 0.93 on 2024.

## Environmental Impact

Two CPU hours.
"""


def test_a_card_of_the_usual_template_becomes_sections_and_fields() -> None:
    card = card_document.parse(TEMPLATE)
    assert list(card.sections) == [
        "model_details",
        "intended_use",
        "training_data",
        "quantitative_analyses",
        "caveats_and_recommendations",
    ]
    assert card.sections["intended_use"].startswith("### Direct Use\n\nRanking")
    assert "## Environmental Impact\n\nTwo CPU hours." in card.sections["quantitative_analyses"]
    assert "## How to Get Started with the Model" in card.sections["caveats_and_recommendations"]
    assert card.fields["introduction"] == "# Model Card for fraud\n\nScores card payments."
    assert card.fields["language"] == ["en", "no"], "Norwegian is no boolean"
    assert card.fields["base_model"] == ["org/base"]
    assert card.fields["license"] == "apache-2.0"
    extra = card.fields["extra"]
    assert extra["released"] == "2024-01-31" and extra["widget"] is None
    assert extra["model-index"][0]["results"][0]["metrics"] == [{"type": "auc", "value": 0.93, "verified": False}]


def test_importing_what_was_exported_changes_nothing_more() -> None:
    card = card_document.parse(TEMPLATE)
    exported = card_document.write(card)
    assert card_document.parse(exported) == card
    assert card_document.write(card_document.parse(exported)) == exported


def test_no_line_of_the_text_is_lost_but_headings_that_have_our_names() -> None:
    exported = card_document.write(card_document.parse(TEMPLATE)).split("\n")
    renamed = {"## Uses", "## Bias, Risks, and Limitations", "## Training Details", "## Evaluation"}
    body = TEMPLATE.split("---\n", 2)[2]
    assert {line for line in body.split("\n") if line not in renamed} <= set(exported)


def test_a_document_without_front_matter_is_all_text() -> None:
    assert card_document.parse("just words") == CardContent({}, {"introduction": "just words"})
    assert card_document.write(CardContent({}, {"introduction": "just words"})) == "just words\n"


@pytest.mark.parametrize(
    "head",
    [
        "a: !!python/object/apply:os.system [ls]",
        "a: !!binary aGk=",
        "a: !!set {b}",
        "a: &x [1]\nb: *x",
        "a: 1\na: 2",
        "? [a]\n: b",
        "a: 1e999",
        "a: " + "[" * 100 + "]" * 100,
        "- a",
        "a: [",
        "a: " + "9" * 5000,
    ],
)
def test_front_matter_that_is_no_plain_json_is_refused(head: str) -> None:
    with pytest.raises(InvalidRequestError, match="front matter"):
        card_document.parse(f"---\n{head}\n---\n")


def test_front_matter_without_an_end_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="closing"):
        card_document.parse("---\nlicense: mit\n")


def test_the_client_the_registry_and_the_page_agree() -> None:
    assert dict(card_document.HEADINGS) == dict(card.SECTIONS)
    assert set(card.TEXT_FIELDS) | set(card.LIST_FIELDS) == FIELDS
    for name in FIELDS:
        for value in ("a", ["a"], ["a", "b"], [], "", 7, None, [1], "x" * 1001, ["x" * 1001], ["a"] * 1001, {"a": "b"}):
            read = card_document.parse(front_matter.join({name: value}, "")).fields
            fitting = card.field_value(name, value)
            assert read == ({"extra": {name: value}} if fitting is None else {name: fitting})
    page = (Path(__file__).parents[2] / "docs" / "model-cards.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \| [A-Z]", page, re.M)) == set(card.SECTIONS)
    for headings, section in re.findall(r"^\| ([^|`]+) \| `(\w+)` \|", page, re.M):
        separator = ";" if ";" in headings else ","
        for heading in headings.split(separator):
            assert card_document.parse(f"## {heading.strip()}\n\nx").sections == {section: "x"}, heading


LINES = st.one_of(
    st.text(alphabet=st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(
        [
            *(f"## {heading}" for heading in card_document.HEADINGS.values()),
            "## Uses",
            "## uses ##",
            "## Metrics <!-- kept -->",
            "##  Metrics <!-- kept --> <!-- kept -->",
            "---",
            "```",
            "",
            "   ",
            "## Citation",
        ]
    ),
)
TEXTS = st.lists(LINES, max_size=6).map("\n".join)
KEPT_TEXTS = TEXTS.map(lambda text: text.strip("\n")).filter(lambda text: text.strip())
SHORT = st.one_of(
    st.sampled_from(["no", "1e3", "0x1F", "~", "1:30", "2024-01-01", "---", "a: b", "- a", "=", "<<", "1_000", ".5"]),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | SHORT
    | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SHORT, inner, max_size=3),
    max_leaves=6,
)
FIELDS = {"license", "pipeline_tag", "library_name", "language", "tags", "datasets", "base_model", "metrics"}


@st.composite
def cards(draw: Any) -> CardContent:
    sections = draw(st.dictionaries(st.sampled_from(sorted(card_document.HEADINGS)), KEPT_TEXTS))
    fields: dict[str, Any] = {}
    for name in sorted(FIELDS):
        value = (
            SHORT if name in ("license", "pipeline_tag", "library_name") else st.lists(SHORT, min_size=1, max_size=3)
        )
        if draw(st.booleans()):
            fields[name] = draw(value)
    extra = draw(st.dictionaries(SHORT.filter(lambda name: name not in FIELDS), JSON, max_size=3))
    # A value that the field cannot hold stays in extra, under the field's name.
    extra |= {name: 7 for name in FIELDS - fields.keys() if draw(st.booleans())}
    introduction = draw(st.none() | KEPT_TEXTS)
    fields |= {"extra": extra} if extra else {}
    fields |= {"introduction": introduction} if introduction else {}
    return CardContent(sections, fields)


@given(cards())
def test_a_card_survives_export_and_import_exactly(card: CardContent) -> None:
    assert card_document.parse(card_document.write(card)) == card


@given(TEXTS, st.dictionaries(SHORT, JSON, max_size=4))
def test_any_document_comes_to_rest_after_one_round(body: str, values: dict[str, Any]) -> None:
    card = card_document.parse(front_matter.join(values, body))
    exported = card_document.write(card)
    assert card_document.parse(exported) == card
    assert card_document.write(card_document.parse(exported)) == exported
    kept = card.fields.get("extra", {}) | {name: value for name, value in card.fields.items() if name in FIELDS}
    lists = FIELDS - {"license", "pipeline_tag", "library_name"}
    for name, value in values.items():
        assert kept[name] == ([value] if name in lists and isinstance(value, str) and value else value)


@given(st.dictionaries(SHORT, JSON, max_size=5), TEXTS)
def test_front_matter_keeps_every_value_and_its_type(values: dict[str, Any], body: str) -> None:
    read, rest = front_matter.split(front_matter.join(values, body))
    assert (repr(read), rest) == (repr(values), body)
