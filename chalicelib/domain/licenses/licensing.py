"""The licences that apply to a version: what its model states, and what it inherits from what it was made from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.domain.licenses.stated import StatedLicense, stated_license
from chalicelib.domain.lineage.link import LinkType
from chalicelib.domain.lineage.node import Kind, Node
from chalicelib.domain.lineage.walk import Neighbours, WalkPage

# Along these links, a version has something of another model in it.
_INHERITED: Final = frozenset({LinkType.BASED_ON, LinkType.COPY_OF})


@dataclass(frozen=True, slots=True)
class Inherited:
    """The licence of an ancestor. ``through`` is the base model that leads to it, which the version itself names."""

    through: str
    license: StatedLicense


@dataclass(frozen=True, slots=True)
class Licensing:
    """The licence of a version's model, and those of its ancestors. ``complete``: no ancestor was left out."""

    own: StatedLicense
    inherited: tuple[Inherited, ...] = ()
    complete: bool = True


def ancestry(neighbours: Neighbours) -> Neighbours:
    """Those neighbours from which a licence is inherited."""
    edges = tuple(edge for edge in neighbours.edges if edge.link.type in _INHERITED)
    return replace(neighbours, edges=edges)


def models_of(walk: WalkPage) -> frozenset[str]:
    """The models whose versions are among the ancestors."""
    return frozenset(one.node.name for one in walk.nodes if one.node.kind is Kind.VERSION)


def licensing(own: Mapping[str, Any], model: str, walk: WalkPage, fields: Mapping[str, Mapping[str, Any]]) -> Licensing:
    """The licences that apply to a version of ``model``.

    ``own`` are the fields of its model's card; ``fields`` those of the other models' cards, by model. ``walk``
    found the ancestors.
    """
    first = {one.node.id: one.node for one in walk.nodes if one.depth == 1}
    before = {one.node.id: one.found_at for one in walk.nodes}
    inherited = []
    for one in walk.nodes:
        if one.node.kind is Kind.VERSION and one.node.name == model:
            continue
        through = first[_first_step(one.node.id, before, first)]
        inherited.append(Inherited(_name(through), _license_of(one.node, fields)))
    complete = not (walk.truncated or walk.waiting)
    return Licensing(stated_license(own), tuple(dict.fromkeys(inherited)), complete)


def _license_of(node: Node, fields: Mapping[str, Mapping[str, Any]]) -> StatedLicense:
    if node.kind is not Kind.VERSION:
        return StatedLicense("", None, "it is no version of this registry")
    return stated_license(fields.get(node.name, {}))


def _first_step(node: str, before: Mapping[str, str], first: Collection[str]) -> str:
    while node not in first:
        node = before[node]
    return node


def _name(node: Node) -> str:
    return f"{node.name}/{node.detail}" if node.kind is Kind.VERSION else node.name
