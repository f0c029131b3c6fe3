"""Every write of the registry: what must be there before, the call, and the event that it makes.

Tests that hold for all writes take them from this table, so that a new write joins them by being added to the module
of its capability.
"""

from typing import Final

from chalicelib.domain.ledger.events import model_ledger
from tests.registry.writes import (
    access,
    aliases,
    bom,
    cards,
    deployments,
    evidence,
    lifecycle,
    lineage,
    mlflow,
    models,
    monitoring,
    promotion,
    scanning,
    schedules,
    schemes,
    sessions,
    signing,
    versions,
    vulnerabilities,
    webhooks,
)
from tests.registry.writes.deployments import a_place
from tests.registry.writes.write import Act, Arrange, Write

__all__ = ["WRITES", "Act", "Arrange", "Write", "a_place", "model_ledger"]

CAPABILITIES: Final = (
    models,
    versions,
    evidence,
    promotion,
    schemes,
    aliases,
    lifecycle,
    scanning,
    cards,
    bom,
    vulnerabilities,
    signing,
    access,
    sessions,
    webhooks,
    mlflow,
    schedules,
    monitoring,
    deployments,
    lineage,
)
WRITES: Final = {name: write for capability in CAPABILITIES for name, write in capability.WRITES.items()}
if len(WRITES) != sum(len(capability.WRITES) for capability in CAPABILITIES):
    raise ValueError("two capabilities give a write the same name")
