"""Bills of materials over HTTP."""

from typing import Any

from chalicelib.aws.services import Services
from tests.api import journey
from tests.api.gateway import Caller, granted
from tests.domain.bom.build import of_a_generator

BOM = "/v1/models/fraud/versions/1/bom"
CARD = "/v1/models/fraud/card"


def component(caller: Caller) -> dict[str, Any]:
    shown = caller.get(BOM)
    assert shown.status == 200, shown.text
    found: dict[str, Any] = shown.document["metadata"]["component"]
    return found


def test_a_version_is_exported_with_what_the_registry_knows(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry, metrics={"auc": 0.9}, provenance={"runtime": {"requirements": ["torch==2.9.0"]}})
    admin.put("/v1/models/fraud/aliases/champion", {"version": 1})
    admin.put(CARD, {"sections": {}, "fields": {"license": "apache-2.0"}})
    shown = admin.get(BOM).document
    assert [one["purl"] for one in shown["components"]] == ["pkg:pypi/torch@2.9.0"]
    model = component(admin)
    assert [(one["name"], one["hashes"][0]["content"]) for one in model["components"]] == [
        ("model.bin", journey.SHA256)
    ]
    assert model["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert admin.get("/v1/models/fraud/versions/@champion/bom").document == shown


def test_the_licence_of_a_base_model_is_for_its_readers(admin: Caller, registry: Services) -> None:
    journey.model(admin, "base")
    admin.put("/v1/models/base/card", {"sections": {}, "fields": {"license": "mit"}})
    journey.model(admin)
    journey.ready(admin, registry, provenance={"base_models": [{"model": "base", "version": 1}]})
    (ancestor,) = component(admin)["pedigree"]["ancestors"]
    assert ancestor["licenses"] == [{"license": {"id": "MIT"}}]
    outsider = granted(admin, "viewer", "fraud")
    (ancestor,) = component(outsider)["pedigree"]["ancestors"]
    assert "licenses" not in ancestor


def test_where_a_reference_leads_is_for_who_may_download(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    uri = "https://data.example/weights?key=1"
    references = [{"path": "weights.bin", "size": 7, "sha256": "c" * 64, "uri": uri}]
    assert admin.post("/v1/models/fraud/versions", {"files": [], "references": references}).status == 201
    (shown,) = component(granted(admin, "consumer", "fraud", "consumer"))["components"]
    assert shown["externalReferences"] == [{"type": "distribution", "url": uri}]
    (shown,) = component(granted(admin, "viewer", "fraud", "viewer"))["components"]
    assert "externalReferences" not in shown


def test_an_import_fills_the_card_and_names_what_it_left(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)
    admin.put(CARD, {"sections": {"intended_use": "Mine."}})
    imported = admin.put(BOM, of_a_generator())
    assert imported.status == 200, imported.text
    assert imported.document["kept"] == ["sections/intended_use"]
    assert "fields/license" in imported.document["taken"]
    assert imported.document["left"][0] == "the graphics of the quantitative analysis"
    card = admin.get(CARD).document
    assert card["revision"] == imported.document["card_revision"] == 2
    assert card["sections"]["intended_use"] == "Mine."
    assert card["fields"]["pipeline_tag"] == "text-to-image"
    assert admin.put(BOM, of_a_generator()).document == imported.document
    assert admin.get(CARD).document["revision"] == 2


def test_a_document_about_other_bytes_is_refused_and_changes_nothing(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)
    document = of_a_generator()
    hashed = {"type": "file", "name": "model.bin", "hashes": [{"alg": "SHA-256", "content": "f" * 64}]}
    document["components"][0]["components"] = [hashed]
    refused = admin.put(BOM, document)
    assert (refused.status, refused.code) == (409, "bom_mismatch")
    assert refused.document["errors"][0]["pointer"] == "/components/0/components/0"
    assert admin.get(CARD).document["revision"] == 0


def test_what_is_not_a_bill_of_materials_is_refused(admin: Caller, registry: Services) -> None:
    journey.model(admin)
    journey.ready(admin, registry)
    for changes, pointer in [
        ({"bomFormat": "SPDX"}, "/bomFormat"),
        ({"specVersion": "1.4"}, "/specVersion"),
        ({"components": []}, "/components"),
    ]:
        refused = admin.put(BOM, {**of_a_generator(), **changes})
        assert (refused.status, refused.document["errors"][0]["pointer"]) == (400, pointer)
    assert admin.put("/v1/models/fraud/versions/9/bom", of_a_generator()).code == "version_not_found"
