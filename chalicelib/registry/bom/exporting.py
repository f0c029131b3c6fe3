"""Making the bill of materials of a version of what is stored."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.cards.items import card_from
from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Action, Principal
from chalicelib.domain.bom.document import bill_of_materials
from chalicelib.domain.bom.material import Material
from chalicelib.domain.cards.card import Card
from chalicelib.domain.evidence.evaluation import Evaluations
from chalicelib.domain.versions.version import Version
from chalicelib.domain.vulnerabilities.assessment import Assessment
from chalicelib.registry.cards.loaded import loaded_card
from chalicelib.registry.models.model_ledger import load, loaded_model, loaded_profile, model_keys
from chalicelib.registry.versions.files import loaded_files
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve


def get_bom(services: Services, model: str, ref: str, principal: Principal) -> dict[str, Any]:
    """A version's bill of materials as a CycloneDX document. Raises VersionNotFoundError, AliasNotFoundError.

    It says the licences of those base models that the caller may read, and where references lead only to who may
    download. It takes one read; one more for a long list of
    files, and one for base models of this registry.
    """
    number = resolve(services, model, ref)
    asked = [
        *model_keys(model, versions=[number], manifests=[number], profile=True),
        keys.card(model),
        keys.evaluations(model, number),
        keys.vulnerabilities(model, number),
    ]
    snapshot = load(services, model, asked)
    head, version = loaded_model(snapshot, model), loaded_version(snapshot, model, number)
    evaluations = snapshot.get(Evaluations, number)
    files = loaded_files(services, snapshot, model, number)
    if not principal.may(Action.DOWNLOAD, model):
        files = tuple(replace(file, uri=None) for file in files)
    return bill_of_materials(
        Material(
            head,
            loaded_profile(snapshot),
            version,
            files,
            loaded_card(snapshot),
            {} if evaluations is None else evaluations.by_name,
            _base_cards(services, version, principal),
            snapshot.get(Assessment, number),
            services.clock(),
        )
    )


def _base_cards(services: Services, version: Version, principal: Principal) -> Mapping[str, Card]:
    bases = version.description.provenance.get("base_models") or ()
    named = sorted({base["model"] for base in bases if base.get("model")})
    named = [name for name in named if principal.may(Action.READ, name)]
    if not named:
        return {}
    found = services.table.load([keys.card(name) for name in named])
    return {name: card_from(found[keys.card(name)]) if keys.card(name) in found else Card() for name in named}
