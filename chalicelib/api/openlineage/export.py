"""What a version comes from as OpenLineage events: one for each run that made something.

Of a version that names no run, the event has a run whose id is made from the version. A commit is told by the job's
``sourceCodeLocation`` facet. Images and environments have no place in the standard, and are left out.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from pydantic import RootModel

from chalicelib.api.openlineage.translation import HUB, MODEL_TYPE, NAMESPACE
from chalicelib.domain.lineage.link import LinkType
from chalicelib.domain.lineage.node import Kind, Node
from chalicelib.domain.lineage.walk import Edge, WalkPage

PRODUCER: Final = "urn:moorage"
_SPECIFICATION: Final = "https://openlineage.io/spec"
_EVENT: Final = f"{_SPECIFICATION}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS: Final[Mapping[str, str]] = {
    "datasetType": f"{_SPECIFICATION}/facets/1-0-1/DatasetTypeDatasetFacet.json#/$defs/DatasetTypeDatasetFacet",
    "version": f"{_SPECIFICATION}/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet",
    "sourceCodeLocation": f"{_SPECIFICATION}/facets/1-1-0/SourceCodeLocationJobFacet.json"
    "#/$defs/SourceCodeLocationJobFacet",
}
_DATASETS: Final = frozenset({Kind.VERSION, Kind.DATASET, Kind.BASE_MODEL})
_MAKERS: Final = frozenset({Kind.RUN, Kind.JOB})


class ExportView(RootModel[list[dict[str, Any]]]):
    """OpenLineage RunEvents."""


def events_of(start: Node, page: WalkPage, sees: Callable[[Node], bool]) -> list[dict[str, Any]]:
    """The events, that of ``start`` first. Nodes that the caller does not see are left out."""
    by_node: dict[Node, list[Edge]] = {start: []}
    for edge in page.edges:
        if sees(edge.node) and sees(edge.link.origin):
            by_node.setdefault(edge.node, []).append(edge)
    made: dict[Node, list[Node]] = {}
    for node, edges in by_node.items():
        if node.kind in _DATASETS and (edges or node is start):
            makers = [edge.link.origin for edge in edges if edge.link.origin.kind in _MAKERS] or [node]
            made.setdefault(makers[0], []).append(node)
    return [_event(maker, outputs, by_node) for maker, outputs in made.items()]


def _event(maker: Node, outputs: Sequence[Node], by_node: Mapping[Node, Sequence[Edge]]) -> dict[str, Any]:
    edges = [edge for node in dict.fromkeys((maker, *outputs)) for edge in by_node.get(node, ())]
    inputs = dict.fromkeys(edge.link.origin for edge in edges if _is_input(edge))
    commits = [edge.link.origin for edge in edges if edge.link.origin.kind is Kind.COMMIT]
    return {
        "eventType": "COMPLETE",
        "eventTime": max((edge.link.since for edge in edges), default="1970-01-01T00:00:00.000Z"),
        "producer": PRODUCER,
        "schemaURL": _EVENT,
        "run": {"runId": _run_id(maker), "facets": {}},
        "job": {"namespace": NAMESPACE, "name": _job_name(maker, edges), "facets": _code(commits)},
        "inputs": [_dataset(node) for node in inputs],
        "outputs": [_dataset(node) for node in outputs],
    }


def _is_input(edge: Edge) -> bool:
    return edge.link.origin.kind in _DATASETS and edge.link.type is not LinkType.EVALUATED_ON


def _job_name(maker: Node, edges: Iterable[Edge]) -> str:
    job = next((edge.link.origin for edge in edges if edge.link.type is LinkType.PART_OF), maker)
    return f"{job.name}/{job.detail}" if job.detail else job.name


def _run_id(maker: Node) -> str:
    """The run's id if it is a UUID, which the standard demands; else one that is always the same for this run."""
    try:
        return str(uuid.UUID(maker.name))
    except ValueError:
        digest = hashlib.sha256(maker.id.encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=5))


def _code(commits: Sequence[Node]) -> dict[str, Any]:
    commit = next((one for one in commits if "://" in one.name), None)
    if commit is None:
        # The standard wants a URL, which "git@host:owner/name" is not.
        return {}
    return _facet("sourceCodeLocation", {"type": "git", "url": commit.name, "version": commit.detail})


def _dataset(node: Node) -> dict[str, Any]:
    if node.kind is Kind.DATASET:
        state = node.detail.removeprefix("version:")
        return {"namespace": NAMESPACE, "name": node.name, "facets": _facet_version(state)}
    namespace = NAMESPACE if node.kind is Kind.VERSION else HUB
    facets = _facet("datasetType", {"datasetType": MODEL_TYPE}) | _facet_version(node.detail)
    return {"namespace": namespace, "name": node.name, "facets": facets}


def _facet_version(text: str) -> dict[str, Any]:
    return _facet("version", {"datasetVersion": text}) if text else {}


def _facet(name: str, content: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"_producer": PRODUCER, "_schemaURL": _FACETS[name], **content}}
