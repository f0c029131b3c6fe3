"""Bills of materials by the schema that cyclonedx-python-lib brings, and the specification's own examples.

The examples are those of https://github.com/CycloneDX/specification, of which ``CYCLONEDX_SPEC`` names a checkout.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.bom.decisions import import_bom
from chalicelib.domain.bom.document import bill_of_materials
from chalicelib.domain.bom.reading import read_bom
from chalicelib.domain.cards.card import SECTIONS, Card
from chalicelib.domain.models.model import Model
from tests.domain.bom.build import FILES, material, of_a_generator, whole
from tests.domain.bom.test_vulnerabilities import found, stated
from tests.domain.build import changed, ready, stamp

VALIDATOR = JsonStrictValidator(SchemaVersion.V1_7)
EXAMPLES = ("valid-machine-learning-1.7.json", "valid-machine-learning-considerations-env-1.7.json")
needs_specification = pytest.mark.skipif(
    "CYCLONEDX_SPEC" not in os.environ, reason="CYCLONEDX_SPEC names no checkout of CycloneDX/specification"
)

_TEXT = st.text(max_size=30)
_NAMED = st.text(min_size=1, max_size=30)
_DATASET = st.fixed_dictionaries({"name": _NAMED}, optional={"version": _NAMED, "digest": _NAMED})
_BASE = st.fixed_dictionaries({"name": _NAMED}, optional={"revision": _NAMED})
_PROVENANCE = st.fixed_dictionaries(
    {},
    optional={
        "author": _NAMED,
        "run": st.fixed_dictionaries({}, optional={"id": _NAMED, "url": _NAMED}),
        "source": st.fixed_dictionaries({"repository": _NAMED, "commit": _NAMED}),
        "datasets": st.lists(_DATASET, max_size=3),
        "runtime": st.fixed_dictionaries(
            {}, optional={"python": _NAMED, "image": _NAMED, "requirements": st.lists(_NAMED, max_size=3)}
        ),
        "base_models": st.lists(_BASE, max_size=2),
    },
)
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)
_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "license": _NAMED,
        "introduction": _NAMED,
        "pipeline_tag": _NAMED,
        "tags": st.lists(_NAMED, min_size=1, max_size=2),
        "datasets": st.lists(_NAMED, min_size=1, max_size=2),
        "extra": st.fixed_dictionaries({"cyclonedx": _JSON}),
    },
)


def faults(document: dict[str, Any]) -> object:
    return VALIDATOR.validate_str(json.dumps(document))


def imported(document: dict[str, Any]) -> Card:
    model, version = ready(Model("fraud"))
    decision = changed(import_bom(model, version, FILES, Card(), read_bom(document), stamp()))
    card: Card = decision.present(decision.basis).card
    return card


def test_a_version_of_which_everything_is_known_is_valid() -> None:
    assert faults(bill_of_materials(whole())) is None


def test_a_version_of_which_nothing_is_known_is_valid() -> None:
    assert faults(bill_of_materials(material(files=()))) is None


def test_what_was_imported_is_valid_again() -> None:
    assert faults(of_a_generator()) is None
    assert faults(bill_of_materials(material(imported(of_a_generator())))) is None


def test_vulnerabilities_with_and_without_statements_are_valid() -> None:
    for given_version in (found(), found(("CVE-2026-1", stated(1)))):
        document = bill_of_materials(given_version)
        assert document["vulnerabilities"]
        assert faults(document) is None


def test_the_validator_refuses_what_is_not_valid() -> None:
    document = bill_of_materials(whole())
    document["metadata"]["component"]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"][0]["value"] = 0.8
    assert faults(document) is not None


@given(_PROVENANCE, _FIELDS, st.dictionaries(st.sampled_from(list(SECTIONS)), _NAMED), _JSON)
def test_whatever_is_known_the_document_is_valid(
    provenance: dict[str, Any], fields: dict[str, Any], sections: dict[str, str], signature: Any
) -> None:
    given_version = material(
        Card(sections=sections, fields=fields),
        description="x",
        provenance=provenance,
        signature={"inputs": signature},
        metrics={"auc": 1e-7},
    )
    assert faults(bill_of_materials(given_version)) is None


@needs_specification
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_the_specification_comes_out_as_it_went_in(name: str) -> None:
    folder = Path(os.environ["CYCLONEDX_SPEC"]) / "tools/src/test/resources/1.7"
    document = json.loads((folder / name).read_text(encoding="utf-8"))
    (model,) = document["components"]
    given_card = model["modelCard"]
    exported = bill_of_materials(material(imported(document)))
    assert faults(exported) is None
    card = exported["metadata"]["component"]["modelCard"]
    for part in ("modelParameters", "considerations", "properties"):
        assert card.get(part) == given_card.get(part), part
    stated = given_card.get("quantitativeAnalysis", {}).get("performanceMetrics", [])
    measured = card["quantitativeAnalysis"]["performanceMetrics"]
    assert [one for one in measured if one in stated] == stated
    assert exported["metadata"]["component"].get("description") or not model.get("description")
