"""Reading a bill of materials that somebody brings: what it says of one model, as far as a card has room for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.bom.considerations import sections_from
from chalicelib.domain.bom.material import KEPT
from chalicelib.domain.bom.shapes import (
    KEPT_SHAPES,
    LISTED_CONSIDERATIONS,
    Fields,
    ListOf,
    MisfitError,
    Text,
    fitted,
)
from chalicelib.domain.cards.card import markdown
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.licenses.stated import own_license

MODEL_TYPE: Final = "machine-learning-model"
_HASHES: Final = ListOf(Fields({"alg": Text(), "content": Text()}, ("alg", "content")))
_LICENSES: Final = ListOf(
    Fields({"license": Fields({"id": Text(), "name": Text()}), "expression": Text(), "bom-ref": Text()})
)
_COMPONENTS: Final = ListOf(Fields({"type": Text(), "name": Text()}, ("type", "name")))
_SHA256: Final = "SHA-256"


@dataclass(frozen=True, slots=True)
class HashedFile:
    """A file that the document lists, with its SHA-256. ``pointer`` is its place in the document."""

    pointer: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ReadBom:
    """What a document says of its model: sections and fields of a card, and files. ``left`` are parts with no room.

    ``hashes`` are the SHA-256s that the model's component itself has, and ``pointer`` its place.
    """

    pointer: str
    sections: Mapping[str, str]
    fields: Mapping[str, Any]
    files: tuple[HashedFile, ...]
    hashes: tuple[str, ...]
    left: tuple[str, ...]


def read_bom(document: Mapping[str, Any]) -> ReadBom:
    """What a CycloneDX document says of the one model in it. Raises InvalidInputError."""
    try:
        return _read(document)
    except MisfitError as error:
        raise InvalidInputError(
            f"The bill of materials is not valid: {error.pointer} {error.message}.",
            [Problem(error.pointer, error.message)],
        ) from error


def _read(document: Mapping[str, Any]) -> ReadBom:
    pointer, model = _model(document)
    card = _object(model, "modelCard", pointer)
    at = f"{pointer}/modelCard"
    parameters, analysis, considerations = (
        _object(card, name, at) for name in ("modelParameters", "quantitativeAnalysis", "considerations")
    )
    listed = {
        name: fitted(shape, considerations[name], f"{at}/considerations/{name}")
        for name, shape in LISTED_CONSIDERATIONS.items()
        if name in considerations
    }
    datasets = _datasets(document, parameters, f"{at}/modelParameters/datasets")
    kept = {"datasets": datasets} if datasets else {}
    for of, place in (
        (parameters, f"{at}/modelParameters"),
        (analysis, f"{at}/quantitativeAnalysis"),
        (considerations, f"{at}/considerations"),
        (card, at),
    ):
        kept |= {
            name: fitted(shape, of[name], f"{place}/{name}")
            for name, shape in KEPT_SHAPES.items()
            if of.get(name) and name != "datasets"
        }
    fields = {
        "introduction": markdown(_text(model, "description", pointer)),
        "license": _license(model, pointer),
        "tags": fitted(ListOf(Text()), model.get("tags", []), f"{pointer}/tags"),
        "pipeline_tag": _text(parameters, "task", f"{at}/modelParameters"),
        "datasets": list(dict.fromkeys(one["name"] for one in datasets)),
        "base_model": list(dict.fromkeys(_base_models(model, pointer))),
        "extra": {KEPT: kept} if kept else {},
    }
    return ReadBom(
        pointer,
        {section: markdown(text) for section, text in sections_from(listed).items()},
        {name: value for name, value in fields.items() if value},
        tuple(_files(document, model, pointer)),
        tuple(_sha256s(model, pointer)),
        tuple(_left(document, analysis)),
    )


def _model(document: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The component that is the model, with its place: what the document is about, else its only one."""
    described = _object(_object(document, "metadata", ""), "component", "/metadata")
    if described.get("type") == MODEL_TYPE:
        return "/metadata/component", described
    found = [(at, one) for at, one in _components(document, "") if one["type"] == MODEL_TYPE]
    if len(found) != 1:
        raise MisfitError(
            "/components",
            f"must hold one {MODEL_TYPE}, unless metadata.component is one; there are {len(found)}",
        )
    return found[0]


def _components(of: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The components right below a document or a component, each with its place."""
    below = of.get("components", [])
    fitted(_COMPONENTS, below, f"{pointer}/components")
    for index, one in enumerate(below):
        yield f"{pointer}/components/{index}", one


def _datasets(document: Mapping[str, Any], parameters: Mapping[str, Any], pointer: str) -> list[dict[str, Any]]:
    """The datasets that the model names, those by reference by the names of their components."""
    refs = ((one.get("bom-ref"), one["name"]) for _, one in _components(document, ""))
    by_ref = {ref: name for ref, name in refs if isinstance(ref, str)}
    given = parameters.get("datasets", [])
    if not isinstance(given, list):
        raise MisfitError(pointer, "must be a list")
    found = []
    for index, one in enumerate(given):
        ref = one.get("ref") if isinstance(one, dict) else None
        if ref is None:
            found.append(one)
        elif isinstance(ref, str) and ref in by_ref:
            found.append({"type": "dataset", "name": by_ref[ref]})
        else:
            raise MisfitError(f"{pointer}/{index}/ref", "names no component of the document")
    return list(fitted(KEPT_SHAPES["datasets"], found, pointer))


def _files(document: Mapping[str, Any], model: Mapping[str, Any], pointer: str) -> Iterator[HashedFile]:
    """The files below the model, and those right below the document."""
    waiting = [*_components(model, pointer), *_components(document, "")]
    seen: set[str] = set()
    while waiting:
        at, one = waiting.pop()
        if one["type"] != "file" or at in seen:
            continue
        seen.add(at)
        for sha256 in _sha256s(one, at):
            yield HashedFile(at, one["name"], sha256)
        waiting += _components(one, at)


def _sha256s(component: Mapping[str, Any], pointer: str) -> list[str]:
    hashes = fitted(_HASHES, component.get("hashes", []), f"{pointer}/hashes")
    return [one["content"].lower() for one in hashes if one["alg"] == _SHA256]


def _license(model: Mapping[str, Any], pointer: str) -> str:
    """The licences of a component as one expression: all of them apply."""
    given = fitted(_LICENSES, model.get("licenses", []), f"{pointer}/licenses")
    named = [
        one.get("expression") or one.get("license", {}).get("id") or own_license(one.get("license", {}).get("name", ""))
        for one in given
    ]
    parts = [one for one in named if one]
    return parts[0] if len(parts) == 1 else " AND ".join(f"({one})" if " " in one else one for one in parts)


def _base_models(model: Mapping[str, Any], pointer: str) -> Iterator[str]:
    pedigree = _object(model, "pedigree", pointer)
    ancestors = fitted(
        ListOf(Fields({"group": Text(), "name": Text()}, ("name",))),
        pedigree.get("ancestors", []),
        f"{pointer}/pedigree/ancestors",
    )
    for one in ancestors:
        yield f"{one['group']}/{one['name']}" if one.get("group") else one["name"]


def _left(document: Mapping[str, Any], analysis: Mapping[str, Any]) -> Iterator[str]:
    """What only the document itself says, in words."""
    if analysis.get("graphics"):
        yield "the graphics of the quantitative analysis"
    kinds = [one["type"] for _, one in _components(document, "") if one["type"] not in (MODEL_TYPE, "file", "data")]
    for kind in dict.fromkeys(kinds):
        yield f"{kinds.count(kind)} of the type {kind}: what a version needs is fixed when it is registered"
    for name in ("vulnerabilities", "services", "compositions", "formulation", "declarations", "annotations"):
        if document.get(name):
            yield name


def _object(of: Mapping[str, Any], name: str, pointer: str) -> Mapping[str, Any]:
    found = of.get(name, {})
    if not isinstance(found, dict):
        raise MisfitError(f"{pointer}/{name}", "must be an object")
    return found


def _text(of: Mapping[str, Any], name: str, pointer: str) -> str:
    text: str = fitted(Text(), of.get(name, ""), f"{pointer}/{name}")
    return text
