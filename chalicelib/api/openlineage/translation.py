"""OpenLineage's events as statements of lineage, and back.

A dataset whose ``datasetType`` facet says MODEL is a model: a version of this registry if its namespace is ``moorage``
and its ``version`` facet has a number, otherwise a base model. Any other dataset has the name that the standard makes
of its namespace and its name: ``s3://bucket`` and ``path/to/data`` are ``s3://bucket/path/to/data``. A version that
begins with ``digest:`` is its digest, which the standard has no place for.
"""

import re
from typing import Final

from chalicelib.api.openlineage.schemas import DatasetReference, Event, JobReference
from chalicelib.domain import names
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.lineage.link import LinkType
from chalicelib.domain.lineage.node import Kind, Node, dataset_node, version_node
from chalicelib.domain.lineage.stated import Stated

NAMESPACE: Final = "moorage"
# The namespace of the models of the Hugging Face Hub.
HUB: Final = "huggingface"
MODEL_TYPE: Final = "MODEL"
_DIGEST: Final = "digest:"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_FAILED: Final = frozenset({"ABORT", "FAIL"})


def stated_by(event: Event) -> list[Stated]:
    """What an event states, unless its run has failed. A dataset by itself states nothing.

    A run or job used its inputs and made its outputs. A version among the outputs is also linked to the inputs, so that
    what was said of it is complete in its own model. Raises InvalidInputError, InvalidNameError.
    """
    if event.job is None:
        return []
    job = _job(event.job)
    maker = job if event.run is None else Node(Kind.RUN, event.run.runId)
    inputs = [node_of(one) for one in event.inputs or ()]
    outputs = [node_of(one) for one in event.outputs or ()]
    stated = [Stated(one, _origins(one, maker, inputs)) for one in dict.fromkeys(outputs)]
    part_of = () if event.run is None else ((LinkType.PART_OF, job),)
    if any(one.kind is not Kind.VERSION for one in outputs) or not outputs:
        stated.append(Stated(maker, (*part_of, *((LinkType.USED, one) for one in inputs))))
    return [one for one in stated if one.origins]


def has_failed(event: Event) -> bool:
    """Whether the event tells of a run that has failed: it made nothing, so nothing comes from it."""
    return event.eventType in _FAILED


def node_of(dataset: DatasetReference) -> Node:
    """The node that a dataset of OpenLineage is.

    Raises InvalidInputError for a version without a number, InvalidNameError for one of what cannot be a model.
    """
    version = dataset.fact("version", "datasetVersion")
    if dataset.fact("datasetType", "datasetType") != MODEL_TYPE:
        name = _joined(dataset.namespace, dataset.name)
        if version is not None and version.startswith(_DIGEST):
            return dataset_node(name, digest=version.removeprefix(_DIGEST))
        return dataset_node(name, version=version)
    if dataset.namespace != NAMESPACE:
        return Node(Kind.BASE_MODEL, _joined(dataset.namespace, dataset.name), version or "")
    if version is None or not _NUMBER.fullmatch(version):
        raise InvalidInputError(
            f"The model {dataset.name!r} of the namespace {NAMESPACE!r} needs a version facet whose datasetVersion is "
            "the number of a version, such as 3."
        )
    return version_node(names.model_name(dataset.name), int(version))


def _origins(output: Node, maker: Node, inputs: list[Node]) -> tuple[tuple[LinkType, Node], ...]:
    made_by = (LinkType.MADE_BY, maker)
    if output.kind is not Kind.VERSION:
        return (made_by,)
    return (made_by, *((_of_version(origin), origin) for origin in inputs))


def _of_version(origin: Node) -> LinkType:
    return LinkType.TRAINED_ON if origin.kind is Kind.DATASET else LinkType.BASED_ON


def _job(job: JobReference) -> Node:
    return Node(Kind.JOB, _joined(job.namespace, job.name))


def _joined(namespace: str, name: str) -> str:
    """The unique name that the standard's ``Naming.md`` makes of the two; that of a model here or on the Hub as is."""
    if namespace in (NAMESPACE, HUB):
        return name
    return f"{namespace.rstrip('/')}/{name.lstrip('/')}"
