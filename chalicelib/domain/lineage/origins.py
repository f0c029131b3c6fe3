"""What versions come from, read off what is recorded of them. No change declares a link by hand.

A version keeps its links when it is deleted, and when its bytes are gone: what came of it still descends from what it
was made of. Only a version that was never READY loses them, because nothing can have come of it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.deployments.place import Place
from chalicelib.domain.evidence.evaluation import Evaluations
from chalicelib.domain.lineage.link import Link, LinkType, Source, Statement, distinct
from chalicelib.domain.lineage.node import Kind, Node, dataset_node, place_node, version_node
from chalicelib.domain.names import MAX_MODEL_NAME
from chalicelib.domain.search.entries import first_metrics
from chalicelib.domain.versions.version import Version

# A version is found from the first so many of its origins. Each of them takes a write of the transaction that registers
# it, as each tag and each metric does, and they share the room. All origins are found from the version.
MAX_LISTED: Final = 40
_ROOM: Final = 88
_COPIED: Final = "models:/"
_NUMBER: Final = re.compile(r"0*[1-9][0-9]{0,8}", re.ASCII)


def registered(version: Version) -> Statement:
    """What a version says of its making."""
    if version.burial is not None and version.ready_at is None:
        return Statement(version_node(version.model, version.number), Source.REGISTERED, ())
    links = [
        Link(link_type, origin, version.created_at, relation)
        for link_type, origin, relation in (*_made_of(version), *_hub_base_models(version.description.metadata))
    ]
    room = _ROOM - len(version.description.tags) - len(first_metrics(version))
    listed = max(0, min(MAX_LISTED, room))
    return Statement(version_node(version.model, version.number), Source.REGISTERED, distinct(links), listed)


def say_the_same(before: Version | None, after: Version | None) -> bool:
    """Whether both surely say the same of their making. Most changes of a version leave alone what it is read off."""
    if before is None or after is None:
        return before is after
    return before.description == after.description and (before.burial is None) == (after.burial is None)


def evaluated(model: str, evaluations: Evaluations) -> Statement:
    """What a version's latest evaluations were measured on."""
    links = [
        Link(LinkType.EVALUATED_ON, _dataset(one.dataset), one.reported_at)
        for _, one in sorted(evaluations.by_name.items())
        if one.dataset is not None
    ]
    return Statement(version_node(model, evaluations.version), Source.EVALUATED, distinct(links))


def served(model: str, place: Place) -> Statement:
    """What a target serves of a model, as it was reported."""
    serving = place.serving
    links: tuple[Link, ...] = ()
    if serving is not None and serving.version is not None:
        links = (Link(LinkType.SERVES, version_node(model, serving.version), serving.since),)
    return Statement(place_node(model, place.target), Source.SERVED, links)


def requirements_digest(requirements: list[str], python: str | None) -> str:
    """The SHA-256 of an environment: of its Python and its requirements, in whatever order they are given."""
    return sha256_hex(canonical_json([python, sorted(set(requirements))]))


def _made_of(version: Version) -> Iterator[tuple[LinkType, Node, str]]:
    provenance = version.description.provenance
    parent = _copied((provenance.get("artifact_source") or {}).get("uri") or "")
    if parent is not None:
        yield LinkType.COPY_OF, parent, ""
    for base in provenance.get("base_models") or ():
        yield LinkType.BASED_ON, _base_model(base), base.get("relation") or ""
    run = provenance.get("run") or {}
    if run.get("id"):
        yield LinkType.MADE_BY, Node(Kind.RUN, run["id"]), ""
    source = provenance.get("source")
    if source:
        yield LinkType.BUILT_FROM, Node(Kind.COMMIT, source["repository"], source["commit"]), ""
    runtime = provenance.get("runtime") or {}
    if runtime.get("image"):
        yield LinkType.RUNS_IN, image_node(runtime["image"]), ""
    if runtime.get("requirements"):
        digest = requirements_digest(runtime["requirements"], runtime.get("python"))
        yield LinkType.NEEDS, Node(Kind.ENVIRONMENT, digest), ""
    for dataset in provenance.get("datasets") or ():
        yield LinkType.TRAINED_ON, _dataset(dataset), ""


def _hub_base_models(metadata: Mapping[str, Any]) -> Iterator[tuple[LinkType, Node, str]]:
    """The base models of a model card's metadata, as the Hugging Face Hub names them.

    https://huggingface.co/docs/hub/model-cards#specifying-a-base-model
    """
    named, relation = metadata.get("base_model"), metadata.get("base_model_relation")
    for name in [named] if isinstance(named, str) else named if isinstance(named, list) else []:
        if isinstance(name, str) and name:
            yield LinkType.BASED_ON, Node(Kind.BASE_MODEL, name), relation if isinstance(relation, str) else ""


def image_node(reference: str) -> Node:
    """An image by its digest, whatever it is tagged and wherever it is kept; else by its reference."""
    _, at, digest = reference.rpartition("@")
    return Node(Kind.IMAGE, digest if at else reference)


def _base_model(base: Mapping[str, Any]) -> Node:
    if base.get("model"):
        return version_node(base["model"], base["version"])
    return Node(Kind.BASE_MODEL, base["name"], base.get("revision") or "")


def _dataset(dataset: Mapping[str, Any]) -> Node:
    return dataset_node(dataset["name"], dataset.get("digest"), dataset.get("version"))


def _copied(uri: str) -> Node | None:
    """The version that a ``models:/name/3`` names; None for any other address."""
    name, _, number = uri.removeprefix(_COPIED).rpartition("/")
    # What no version can be named is no version either: its key would be too long to be looked for.
    if uri.startswith(_COPIED) and 1 <= len(name) <= MAX_MODEL_NAME and _NUMBER.fullmatch(number):
        return version_node(name, int(number))
    return None
