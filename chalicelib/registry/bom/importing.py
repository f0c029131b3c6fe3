"""Reading a bill of materials into the card of a version's model."""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.bom import decisions
from chalicelib.domain.bom.decisions import ImportedBom
from chalicelib.domain.bom.reading import read_bom
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.versions.manifest import File
from chalicelib.registry.cards.cards import get_card
from chalicelib.registry.cards.loaded import loaded_card
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model_on, loaded_model, model_keys
from chalicelib.registry.versions.files import reading_files
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve


def import_bom(
    services: Services, request: Request, model: str, ref: str, document: Mapping[str, Any]
) -> Changed[ImportedBom]:
    """Fill what the model's card lacks from a CycloneDX document about one of its versions.

    Raises InvalidInputError for what is not CycloneDX, BomMismatchError, VersionNotFoundError, BodyTooLargeError.
    """
    number = resolve(services, model, ref)
    read = read_bom(document)

    def decide(loaded: tuple[Snapshot, tuple[File, ...]], stamp: Stamp) -> Outcome[ImportedBom]:
        snapshot, files = loaded
        head, version = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
        return decisions.import_bom(head, version, files, loaded_card(snapshot), read, stamp)

    def recall(_: str) -> ImportedBom:
        return decisions.imported(get_card(services, model), read)

    asked = [*model_keys(model, versions=[number], manifests=[number]), keys.card(model)]
    return change_model_on(services, request, model, reading_files(services, model, number), decide, recall, asked)
