"""Bills of materials over HTTP."""

from typing import Any

from chalicelib import registry
from chalicelib.api.bom.schemas import BomView, ImportBom, ImportedBomView
from chalicelib.api.call import Answer, Call, changed
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action
from chalicelib.domain.bom.decisions import ImportedBom

routes = Routes("bom")


@routes.get("/v1/models/{model}/versions/{version}/bom", Action.READ, answers={200: BomView})
def get_bom(call: Call, model: str, version: str) -> Answer:
    """Show what a version is made of as a CycloneDX 1.7 bill of materials."""
    return Answer(registry.bom.exporting.get_bom(call.services, model, version, call.principal))


@routes.put("/v1/models/{model}/versions/{version}/bom", Action.ANNOTATE, answers={200: ImportedBomView})
def import_bom(call: Call, model: str, version: str, body: ImportBom) -> Answer:
    """Fill what the model's card lacks from a CycloneDX document about the version."""
    imported = registry.bom.importing.import_bom(call.services, call.change(), model, version, body.document())
    return changed(imported, _document)


def _document(imported: ImportedBom) -> dict[str, Any]:
    return {
        "card_revision": imported.card.revision,
        "taken": list(imported.taken),
        "kept": list(imported.kept),
        "left": list(imported.left),
    }
