"""The components that a version is made of: its files, what it requires, and the data that it was trained on."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from chalicelib.domain.bom.license_choice import license_choice
from chalicelib.domain.bom.material import Material, Table, filled, properties
from chalicelib.domain.licenses.stated import StatedLicense, stated_license
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.requirement import requirement, requirement_lines

_SHA256: Final = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`\x00-\x1f]+")


def sha256_hashes(digest: str) -> list[dict[str, str]]:
    """A digest as the hashes of a component, if it is a SHA-256."""
    found = _SHA256.fullmatch(digest)
    return [{"alg": "SHA-256", "content": found[1].lower()}] if found else []


def references(**addresses: str | None) -> list[dict[str, str]]:
    """External references by their type; what is no address is left out."""
    return [{"type": kind.replace("_", "-"), "url": url} for kind, url in addresses.items() if url and is_uri(url)]


def is_uri(text: str) -> bool:
    return _URI.fullmatch(text) is not None


_FILE: Final[Table[File]] = {
    "type": lambda _: "file",
    "bom-ref": lambda file: f"file:{file.path}",
    "name": lambda file: file.path,
    "hashes": lambda file: sha256_hashes(file.sha256),
    "externalReferences": lambda file: references(distribution=file.uri),
    "properties": lambda file: properties({"size": file.size, "verified": file.verified.value}),
}


def file_components(material: Material) -> list[dict[str, Any]]:
    """A component for each file, with its SHA-256."""
    return [filled(_FILE, file) for file in material.files]


def libraries(material: Material) -> Iterator[dict[str, Any]]:
    """A component for each requirement, with a package URL; without a version where any would do.

    Requirements that name no package, such as options, are left out.
    """
    for index, line in enumerate(requirement_lines(material.provenance), 1):
        needed = requirement(line)
        if needed is not None:
            yield {
                "type": "library",
                "bom-ref": f"requirement:{index}",
                "name": needed.name,
                **({} if needed.version is None else {"version": needed.version}),
                "purl": package_url("pypi", needed.name, needed.version),
                "properties": properties({"requirement": line}),
            }


def package_url(kind: str, name: str, version: str | None) -> str:
    """A package URL: https://github.com/package-url/purl-spec."""
    return f"pkg:{kind}/{quote(name)}" + (f"@{quote(version, safe='')}" if version else "")


def platform(material: Material) -> Iterator[dict[str, Any]]:
    """What the version was made with: its framework, its Python and its image."""
    framework = material.version.description.framework or {}
    if framework.get("name"):
        yield _named("framework", "framework", framework["name"], framework.get("version"))
    runtime = material.provenance.get("runtime") or {}
    if runtime.get("python"):
        yield _named("platform", "python", "python", runtime["python"])
    if runtime.get("image"):
        name, _, digest = runtime["image"].partition("@")
        yield {**_named("container", "image", name, digest or None), "hashes": sha256_hashes(digest)}


def training_data(material: Material) -> Iterator[dict[str, Any]]:
    """A component for each dataset of the version's provenance."""
    for index, dataset in enumerate(material.provenance.get("datasets") or (), 1):
        name, digest = dataset["name"], dataset.get("digest") or ""
        contents = {"contents": {"url": name}} if is_uri(name) else {}
        hashes = sha256_hashes(digest)
        yield {
            **_named("data", f"dataset:{index}", name, dataset.get("version")),
            **({"hashes": hashes} if hashes else {}),
            "data": [{"type": "dataset", "name": name, **contents}],
            **({} if hashes or not digest else {"properties": properties({"digest": digest})}),
        }


def ancestors(material: Material) -> Iterator[dict[str, Any]]:
    """The models that the version was made from, with their licences as far as the reader may see them."""
    for base in material.provenance.get("base_models") or ():
        name, version = base.get("model") or base["name"], base.get("version") or base.get("revision")
        yield {
            **_named("machine-learning-model", "", name, None if version is None else str(version)),
            **_licensed(_license_of_base(base, material)),
            **_related(base),
        }


def _license_of_base(base: Mapping[str, Any], material: Material) -> StatedLicense | None:
    card = material.base_cards.get(base.get("model") or "")
    return None if card is None else stated_license(card.fields)


def _licensed(stated: StatedLicense | None) -> dict[str, Any]:
    licenses = [] if stated is None else license_choice(stated)
    return {"licenses": licenses} if licenses else {}


def _related(base: Mapping[str, Any]) -> dict[str, Any]:
    relation = base.get("relation")
    return {"properties": properties({"relation": relation})} if relation else {}


def _named(kind: str, ref: str, name: str, version: str | None) -> dict[str, Any]:
    given = {"type": kind, "bom-ref": ref, "name": name, "version": version}
    return {field: value for field, value in given.items() if value}
