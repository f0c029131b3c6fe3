"""The bill of materials of a version: a CycloneDX 1.7 document.

Everything in it is derived from what is stored, so the same state gives the same document. Its serial number is made
from the version, and its number is the model's revision.
"""

from typing import Any, Final

from chalicelib.domain.bom.components import (
    ancestors,
    file_components,
    libraries,
    package_url,
    platform,
    references,
    training_data,
)
from chalicelib.domain.bom.license_choice import license_choice
from chalicelib.domain.bom.material import Material, Table, filled, properties
from chalicelib.domain.bom.model_card import model_card
from chalicelib.domain.bom.vulnerabilities import vulnerabilities
from chalicelib.domain.canonical import canonical_json, sha256_hex

SPEC_VERSION: Final = "1.7"
MODEL: Final = "model"


def bill_of_materials(material: Material) -> dict[str, Any]:
    """The document."""
    return filled(_DOCUMENT, material)


def _serial_number(material: Material) -> str:
    """A UUID of the version: digits of a hash, marked as a UUID of version 8, which RFC 9562 leaves to applications."""
    version = material.version
    digits = sha256_hex(canonical_json([version.model, version.number, version.digest, version.created_at]))
    parts = (digits[:8], digits[8:12], f"8{digits[13:16]}", f"8{digits[17:20]}", digits[20:32])
    return "urn:uuid:" + "-".join(parts)


def _metadata(material: Material) -> dict[str, Any]:
    return {
        "timestamp": material.model.updated_at,
        "tools": {"components": [{"type": "application", "name": "moorage"}]},
        "component": filled(_MODEL, material),
    }


def _components(material: Material) -> list[dict[str, Any]]:
    return [*platform(material), *libraries(material), *training_data(material)]


def _dependencies(material: Material) -> list[dict[str, Any]]:
    needed = [one["bom-ref"] for one in _components(material)]
    return [{"ref": MODEL, "dependsOn": needed}] if needed else []


def _version_text(material: Material) -> str:
    return str(material.version.number)


def _description(material: Material) -> str:
    introduction: str = material.card.fields.get("introduction", "")
    return material.version.description.description or material.profile.description or introduction


def _authors(material: Material) -> list[dict[str, str]]:
    author = material.provenance.get("author")
    return [{"name": author}] if author else []


def _pedigree(material: Material) -> dict[str, Any]:
    source = material.provenance.get("source") or {}
    commits = [{"uid": source["commit"]}] if source else []
    return filled({"ancestors": lambda given: list(ancestors(given)), "commits": lambda _: commits}, material)


def _references(material: Material) -> list[dict[str, str]]:
    source, run = material.provenance.get("source") or {}, material.provenance.get("run") or {}
    return references(vcs=source.get("repository"), build_meta=run.get("url"))


def _properties(material: Material) -> list[dict[str, str]]:
    version = material.version
    scan, said = version.scan, material.model.classification
    return properties(
        {
            "digest": version.digest,
            "label": version.description.label,
            "status": version.status.value,
            "stage": version.stage,
            "tier": material.model.tier.value,
            "classification": None if said is None else said.level.value,
            "personal_data": "true" if said is not None and said.personal_data else None,
            "verdict": None if scan is None or scan.verdict is None else scan.verdict.value,
            "scan": None if scan is None else scan.state.value,
            "ruleset": None if scan is None else scan.ruleset,
            **{f"tag:{name}": value for name, value in sorted(version.description.tags.items())},
        }
    )


_MODEL: Final[Table[Material]] = {
    "type": lambda _: "machine-learning-model",
    "bom-ref": lambda _: MODEL,
    "name": lambda material: material.model.name,
    "version": _version_text,
    "description": _description,
    "publisher": lambda material: material.profile.owner,
    "authors": _authors,
    "licenses": lambda material: license_choice(material.license),
    "purl": lambda material: package_url("mlflow", material.model.name, _version_text(material)),
    "pedigree": _pedigree,
    "externalReferences": _references,
    "components": file_components,
    "modelCard": model_card,
    "properties": _properties,
    "tags": lambda material: material.card.fields.get("tags"),
}
_DOCUMENT: Final[Table[Material]] = {
    "$schema": lambda _: "http://cyclonedx.org/schema/bom-1.7.schema.json",
    "bomFormat": lambda _: "CycloneDX",
    "specVersion": lambda _: SPEC_VERSION,
    "serialNumber": _serial_number,
    "version": lambda material: material.model.head.revision,
    "metadata": _metadata,
    "components": _components,
    "dependencies": _dependencies,
    "vulnerabilities": vulnerabilities,
}
