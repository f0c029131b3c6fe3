"""An imported bill of materials fills what the card lacks, and never contradicts the files or what people wrote."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.bom.considerations import CONSIDERATIONS, considerations_in, sections_from
from chalicelib.domain.bom.decisions import BomMismatchError, ImportedBom, import_bom
from chalicelib.domain.bom.document import bill_of_materials
from chalicelib.domain.bom.reading import read_bom
from chalicelib.domain.cards.card import Card
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.ledger.decision import NoChange
from chalicelib.domain.models.model import Model
from tests.domain.bom.build import FILES, material, of_a_generator, whole
from tests.domain.build import changed, ready, stamp

ENERGY = "/components/0/modelCard/considerations/environmentalConsiderations"


def outcome_of(document: dict[str, Any], card: Card | None = None) -> Any:
    model, version = ready(Model("fraud"))
    return import_bom(model, version, FILES, card or Card(), read_bom(document), stamp())


def taken_by(card: Card | None, document: dict[str, Any]) -> ImportedBom:
    decision = changed(outcome_of(document, card))
    imported: ImportedBom = decision.present(decision.basis)
    return imported


def model_card(card: Card) -> dict[str, Any]:
    found: dict[str, Any] = bill_of_materials(material(card))["metadata"]["component"]["modelCard"]
    return found


def test_an_imported_model_card_comes_out_as_it_went_in() -> None:
    document = of_a_generator()
    given = copy.deepcopy(document["components"][0]["modelCard"])
    out = model_card(taken_by(None, document).card)
    metrics = out["quantitativeAnalysis"]["performanceMetrics"]
    assert metrics[-1] == given["quantitativeAnalysis"]["performanceMetrics"][0]
    assert out["considerations"] == given["considerations"]
    assert out["properties"] == given["properties"]
    captions = {"type": "dataset", "name": "Captions"}
    given["modelParameters"]["datasets"][1] = captions
    assert out["modelParameters"] == given["modelParameters"]


def test_an_export_can_be_imported_again() -> None:
    first = taken_by(None, of_a_generator()).card
    again = taken_by(None, bill_of_materials(material(first))).card
    assert again.sections == first.sections
    assert model_card(again) == model_card(first)


def test_fields_of_the_card_are_filled() -> None:
    card = taken_by(None, of_a_generator()).card
    assert {name: value for name, value in card.fields.items() if name != "extra"} == {
        "introduction": "Paints what it is told.",
        "license": "LicenseRef-Painter-Licence-2 AND (MIT OR Zlib)",
        "tags": ["images"],
        "pipeline_tag": "text-to-image",
        "datasets": ["Pictures", "Captions"],
        "base_model": ["acme/brush"],
    }
    assert card.sections["ethical_considerations"] == (
        "### Ethical considerations\n\n- Likeness\n  - Mitigation strategy: A filter\n\n"
        "### Fairness assessments\n\n- People in pictures\n  - Benefits: None\n  - Harms: Their likeness is used\n"
        "  - Mitigation strategy: A way out"
    )


def test_what_people_wrote_stays_and_is_named() -> None:
    card = Card(sections={"intended_use": "Mine."}, fields={"license": "mit", "extra": {"mine": 1}})
    imported = taken_by(card, of_a_generator())
    assert imported.card.sections["intended_use"] == "Mine."
    assert imported.card.fields["license"] == "mit"
    assert imported.card.fields["extra"]["mine"] == 1
    assert imported.kept == ("sections/intended_use", "fields/license")
    assert "fields/extra/cyclonedx" in imported.taken


def test_what_a_card_has_no_room_for_is_named() -> None:
    assert taken_by(None, of_a_generator()).left == (
        "the graphics of the quantitative analysis",
        "1 of the type library: what a version needs is fixed when it is registered",
    )


def test_importing_again_changes_nothing() -> None:
    first = taken_by(None, of_a_generator())
    outcome = outcome_of(of_a_generator(), first.card)
    assert isinstance(outcome, NoChange)
    assert (outcome.result.taken, outcome.result.kept) == (first.taken, ())


def with_files(*files: tuple[str, str], hashes: str = "") -> dict[str, Any]:
    document = of_a_generator()
    document["components"][0]["components"] = [
        {"type": "file", "name": path, "hashes": [{"alg": "SHA-256", "content": sha256}]} for path, sha256 in files
    ]
    if hashes:
        document["components"][0]["hashes"] = [{"alg": "SHA-256", "content": hashes}]
    return document


@pytest.mark.parametrize(
    "document",
    [
        with_files(("model.safetensors", "A" * 64)),
        with_files(("named/otherwise.bin", "a" * 64)),
        with_files(hashes="b" * 64),
        bill_of_materials(whole()),
    ],
)
def test_a_document_about_the_same_bytes_is_taken(document: dict[str, Any]) -> None:
    taken_by(None, document)


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (with_files(("model.safetensors", "f" * 64)), "/components/0/components/0"),
        (with_files(("other.bin", "f" * 64)), "/components/0/components/0"),
        (with_files(hashes="f" * 64), "/components/0/hashes"),
    ],
)
def test_a_document_about_other_bytes_is_refused(document: dict[str, Any], pointer: str) -> None:
    with pytest.raises(BomMismatchError) as refused:
        outcome_of(document)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def _second_model(document: dict[str, Any]) -> None:
    document["components"].append({"type": "machine-learning-model", "name": "other"})


def _no_type(document: dict[str, Any]) -> None:
    document["components"].append({"name": "x"})


def _numbers(document: dict[str, Any]) -> None:
    metrics = document["components"][0]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"]
    metrics[0]["value"] = 12.5


def _wrong_ref(document: dict[str, Any]) -> None:
    document["components"][0]["modelCard"]["modelParameters"]["datasets"] = [{"ref": ["a"]}]


def _wrong_card(document: dict[str, Any]) -> None:
    document["components"][0]["modelCard"] = []


def _wrong_unit(document: dict[str, Any]) -> None:
    energy = document["components"][0]["modelCard"]["considerations"]["environmentalConsiderations"]
    energy["energyConsumptions"][0]["activityEnergyCost"]["unit"] = "J"


@pytest.mark.parametrize(
    ("spoil", "pointer"),
    [
        (_second_model, "/components"),
        (_no_type, "/components/3/type"),
        (_numbers, "/components/0/modelCard/quantitativeAnalysis/performanceMetrics/0/value"),
        (_wrong_ref, "/components/0/modelCard/modelParameters/datasets/0/ref"),
        (_wrong_card, "/components/0/modelCard"),
        (_wrong_unit, f"{ENERGY}/energyConsumptions/0/activityEnergyCost/unit"),
    ],
)
def test_a_document_that_is_not_valid_is_refused_at_its_place(
    spoil: Callable[[dict[str, Any]], None], pointer: str
) -> None:
    document = of_a_generator()
    spoil(document)
    with pytest.raises(InvalidInputError) as refused:
        read_bom(document)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


_WORDS = (
    st.text(alphabet="abc äß.,:#*é", min_size=1, max_size=12).map(str.strip).filter(lambda text: text[:1].isalpha())
)
_LINES = st.lists(_WORDS, min_size=1, max_size=3).map("\n".join)


@st.composite
def _considerations(draw: st.DrawFn) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in draw(st.lists(st.sampled_from(CONSIDERATIONS), unique_by=lambda one: one.name)):
        entry: st.SearchStrategy[Any] = _LINES
        if one.text:
            more = dict.fromkeys(one.labels, _LINES)
            entry = st.fixed_dictionaries({one.text: _LINES}, optional=more)
        found[one.name] = draw(st.lists(entry, min_size=1, max_size=3))
    return found


@given(_considerations())
def test_considerations_are_read_back_from_the_sections_that_they_fill(considerations: dict[str, list[Any]]) -> None:
    assert considerations_in(sections_from(considerations)) == considerations


@given(st.dictionaries(st.sampled_from([one.section for one in CONSIDERATIONS]), st.text(max_size=200)))
def test_any_section_has_some_considerations(sections: dict[str, str]) -> None:
    for name, entries in considerations_in(sections).items():
        assert all(entries), name
