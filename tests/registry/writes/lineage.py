"""Writes of what versions and runs come from."""

from typing import Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.lineage.link import LinkType
from chalicelib.domain.lineage.node import Kind as NodeKind
from chalicelib.domain.lineage.node import Node, dataset_node, version_node
from chalicelib.domain.lineage.stated import Stated
from chalicelib.registry.lineage import stating
from tests.registry.arranged import a_version, nothing, registry_ledger
from tests.registry.build import request
from tests.registry.writes.write import Write

ORIGINS = ((LinkType.USED, dataset_node("clicks", "d1")),)

WRITES: Final = {
    "state what a version comes from": Write(
        event_types.LINEAGE_STATED,
        a_version,
        lambda s, r, m, _: stating.state(s, r, [Stated(version_node(m, 1), ORIGINS)]),
        keyed=False,
    ),
    "take back what was stated of a version": Write(
        event_types.LINEAGE_UNSTATED,
        lambda s, m: (a_version(s, m), stating.state(s, request(), [Stated(version_node(m, 1), ORIGINS)])),
        lambda s, r, m, _: stating.unstate(s, r, [Stated(version_node(m, 1), ORIGINS)]),
        keyed=False,
    ),
    "take back what was stated of a run": Write(
        event_types.REGISTRY_LINEAGE_UNSTATED,
        lambda s, m: stating.state(s, request(), [Stated(Node(NodeKind.RUN, m), ORIGINS)]),
        lambda s, r, m, _: stating.unstate(s, r, [Stated(Node(NodeKind.RUN, m), ORIGINS)]),
        ledger=registry_ledger,
        keyed=False,
    ),
    "state what a run comes from": Write(
        event_types.REGISTRY_LINEAGE_STATED,
        nothing,
        lambda s, r, m, _: stating.state(s, r, [Stated(Node(NodeKind.RUN, m), ORIGINS)]),
        ledger=registry_ledger,
        keyed=False,
    ),
}
