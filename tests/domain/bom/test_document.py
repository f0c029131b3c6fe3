"""The bill of materials of a version says what the registry knows of it, in the places where CycloneDX has it."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.bom.document import bill_of_materials
from chalicelib.domain.cards.card import Card
from chalicelib.domain.scanning.scan_state import Scan, ScanState
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.bom.build import material, whole
from tests.domain.build import NOW


def model_of(document: dict[str, Any]) -> dict[str, Any]:
    return dict(document["metadata"]["component"])


def by_ref(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["bom-ref"]: one for one in document["components"]}


def test_files_are_nested_with_their_hashes() -> None:
    files = model_of(bill_of_materials(whole()))["components"]
    assert [(one["type"], one["name"], one["hashes"]) for one in files] == [
        ("file", "model.safetensors", [{"alg": "SHA-256", "content": "a" * 64}]),
        ("file", "tokenizer/vocab.json", [{"alg": "SHA-256", "content": "b" * 64}]),
    ]
    assert files[1]["externalReferences"] == [{"type": "distribution", "url": "s3://elsewhere/vocab.json"}]


def test_requirements_are_libraries_with_package_urls() -> None:
    libraries = [one for one in bill_of_materials(whole())["components"] if one["type"] == "library"]
    assert [(one["name"], one.get("version"), one["purl"]) for one in libraries] == [
        ("torch", "2.9.0", "pkg:pypi/torch@2.9.0"),
        ("scikit-learn", None, "pkg:pypi/scikit-learn"),
        ("numpy", "2.1.0", "pkg:pypi/numpy@2.1.0"),
    ]


def test_what_it_was_made_with_is_listed_and_depended_on() -> None:
    document = bill_of_materials(whole())
    found = by_ref(document)
    assert (found["framework"]["name"], found["framework"]["version"]) == ("sklearn", "1.5")
    assert (found["python"]["type"], found["python"]["version"]) == ("platform", "3.12.4")
    assert found["image"]["hashes"] == [{"alg": "SHA-256", "content": "e" * 64}]
    assert document["dependencies"] == [{"ref": "model", "dependsOn": list(found)}]


def test_datasets_are_data_and_named_by_the_model_card() -> None:
    document = bill_of_materials(whole())
    clicks, labels = by_ref(document)["dataset:1"], by_ref(document)["dataset:2"]
    assert (clicks["type"], clicks["version"], clicks["hashes"][0]["content"]) == ("data", "5", "d" * 64)
    assert clicks["data"] == [{"type": "dataset", "name": "s3://lake/clicks", "contents": {"url": "s3://lake/clicks"}}]
    assert labels["properties"] == [{"name": "moorage:digest", "value": "v1-abc"}]
    assert model_of(document)["modelCard"]["modelParameters"]["datasets"] == [
        {"ref": "dataset:1"},
        {"ref": "dataset:2"},
        {"type": "dataset", "name": "more"},
    ]


def test_base_models_are_ancestors_with_the_licences_that_the_reader_may_see() -> None:
    base, elsewhere = model_of(bill_of_materials(whole()))["pedigree"]["ancestors"]
    assert (base["name"], base["version"], base["licenses"]) == ("base", "3", [{"license": {"id": "AGPL-3.0"}}])
    assert (elsewhere["name"], elsewhere["version"]) == ("acme/large", "main")
    assert "licenses" not in elsewhere


def test_metrics_have_their_slices_and_intervals() -> None:
    analysis = model_of(bill_of_materials(whole()))["modelCard"]["quantitativeAnalysis"]
    assert analysis["performanceMetrics"] == [
        {"type": "f1", "value": "0.8"},
        {
            "type": "auc",
            "value": "0.91",
            "slice": "holdout",
            "confidenceInterval": {"lowerBound": "0.89", "upperBound": "0.93"},
        },
        {"type": "auc", "value": "0.9", "slice": "holdout: age=30, sex=f"},
    ]


def test_the_card_says_parameters_and_considerations() -> None:
    card = model_of(bill_of_materials(whole()))["modelCard"]
    assert card["modelParameters"]["task"] == "tabular-classification"
    assert card["modelParameters"]["inputs"] == [{"format": "double"}]
    assert card["considerations"] == {
        "useCases": ["Card payments only."],
        "ethicalConsiderations": [{"name": "Tell people."}],
    }


def test_properties_say_what_only_the_registry_knows() -> None:
    given = whole()
    properties = {one["name"]: one["value"] for one in model_of(bill_of_materials(given))["properties"]}
    assert properties == {
        "moorage:digest": given.version.digest,
        "moorage:label": "1.2.0",
        "moorage:status": "READY",
        "moorage:stage": "development",
        "moorage:tier": "low",
        "moorage:tag:team": "risk",
    }


def test_properties_say_what_the_scan_found() -> None:
    given = whole()
    scan = Scan(ScanState.DONE, NOW, True, Verdict.CLEAN, ruleset=7)
    document = bill_of_materials(replace(given, version=replace(given.version, scan=scan)))
    properties = {one["name"]: one["value"] for one in model_of(document)["properties"]}
    assert [properties[f"moorage:{name}"] for name in ("scan", "verdict", "ruleset")] == ["done", "clean", "7"]


def test_the_same_state_gives_the_same_document() -> None:
    assert bill_of_materials(whole()) == bill_of_materials(whole())
    one, other = (bill_of_materials(material(description=text))["serialNumber"] for text in ("a", "b"))
    assert one == other


def test_what_a_card_keeps_by_hand_is_left_out_where_it_does_not_fit() -> None:
    extra = {"cyclonedx": {"approach": "loud", "datasets": "x", "modelArchitecture": "tree", "properties": [{}]}}
    card = model_of(bill_of_materials(material(Card(fields={"extra": extra}))))["modelCard"]
    assert card["modelParameters"] == {"modelArchitecture": "tree"}
    assert "properties" not in card
