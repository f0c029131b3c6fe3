"""Saying in a ledger that what is stored differs from what its events tell."""

from collections.abc import Sequence
from typing import Any, Final

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.audit.state import Difference
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, decided
from chalicelib.domain.ledger.events import REGISTRY_LEDGER, EventDraft, Trigger
from chalicelib.domain.models.model import Model

# An event is sent to the bus, and a check names the rest.
_NAMED: Final = 20


def report_on_model(model: Model, differences: Sequence[Difference], through: int) -> Decision[None]:
    """Record the differences that a check of the model found through event ``through``."""
    return decided(None, model, EventDraft(event_types.MODEL_STATE_DIFFERS, None, None, **_found(differences, through)))


def report_on_registry(registry: RegistryState, differences: Sequence[Difference], through: int) -> Decision[None]:
    """Record the differences that a check of the registry's own ledger found."""
    found = _found(differences, through)
    draft = EventDraft(event_types.REGISTRY_STATE_DIFFERS, None, None, subject=REGISTRY_LEDGER, **found)
    return decided(None, registry, draft)


def _found(differences: Sequence[Difference], through: int) -> dict[str, Any]:
    named = [{"place": one.place, "field": one.field, "reason": one.reason} for one in differences[:_NAMED]]
    return {
        "trigger": Trigger.KEEPER,
        "reason": f"what is stored differs from the events in {len(differences)} places or fields",
        "details": {"through": through, "count": len(differences), "differences": named},
    }
