"""What a version comes from as W3C PROV-JSON: https://www.w3.org/submissions/prov-json/.

Versions, datasets, base models, commits, images and environments are entities; runs and jobs are activities.
"""

from collections.abc import Callable
from typing import Any, Final

from chalicelib.api.document import View
from chalicelib.domain.lineage.node import Kind, Node
from chalicelib.domain.lineage.walk import Edge, WalkPage

_NAMESPACE: Final = "urn:moorage:lineage:"
_ACTIVITIES: Final = frozenset({Kind.RUN, Kind.JOB})


class ProvView(View):
    """A PROV-JSON document. ``moorage:truncated``: there are more origins than a document holds."""

    prefix: dict[str, str]
    entity: dict[str, dict[str, Any]]
    activity: dict[str, dict[str, Any]]
    used: dict[str, dict[str, str]]
    wasGeneratedBy: dict[str, dict[str, str]]  # noqa: N815 - PROV-JSON's own name
    wasDerivedFrom: dict[str, dict[str, str]]  # noqa: N815 - PROV-JSON's own name
    wasInformedBy: dict[str, dict[str, str]]  # noqa: N815 - PROV-JSON's own name


def prov_document(start: Node, page: WalkPage, sees: Callable[[Node], bool]) -> dict[str, Any]:
    """The document. Nodes that the caller does not see, and links to them, are left out."""
    document: dict[str, Any] = {
        "prefix": {"moorage": _NAMESPACE},
        "entity": {},
        "activity": {},
        "used": {},
        "wasGeneratedBy": {},
        "wasDerivedFrom": {},
        "wasInformedBy": {},
    }
    for node in filter(sees, (start, *(one.node for one in page.nodes))):
        kind = "activity" if node.kind in _ACTIVITIES else "entity"
        document[kind][_name(node)] = {f"moorage:{field}": value for field, value in node.document().items()}
    edges = [edge for edge in page.edges if sees(edge.node) and sees(edge.link.origin)]
    for number, edge in enumerate(edges, 1):
        relation, roles = _relation(edge)
        document[relation][f"_:link{number}"] = roles
    if page.truncated or page.waiting:
        document["entity"][_name(start)]["moorage:truncated"] = True
    return document


def _relation(edge: Edge) -> tuple[str, dict[str, str]]:
    """The name of the relation and its arguments. How a node comes from an entity is the relation's type."""
    node, origin = _name(edge.node), _name(edge.link.origin)
    of_activity, from_activity = edge.node.kind in _ACTIVITIES, edge.link.origin.kind in _ACTIVITIES
    if of_activity and from_activity:
        return "wasInformedBy", {"prov:informed": node, "prov:informant": origin}
    said = {"prov:type": f"moorage:{edge.link.type.value}"}
    if of_activity:
        return "used", {"prov:activity": node, "prov:entity": origin, **said}
    if from_activity:
        return "wasGeneratedBy", {"prov:entity": node, "prov:activity": origin, **said}
    return "wasDerivedFrom", {"prov:generatedEntity": node, "prov:usedEntity": origin, **said}


def _name(node: Node) -> str:
    return f"moorage:{node.id}"
