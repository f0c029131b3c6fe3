"""What events tell of the history of aliases and stages: each entry in full."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.ledger.facts import NEW, Facts, Saved, place, short
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.history import moves

KIND: Final = "history"


def tell_history(settlement: Settlement) -> Mapping[str, Saved]:
    """An entry for every alias and stage that points elsewhere."""
    stamp, draft = settlement.stamp, settlement.drafts[-1]
    return {
        place(KIND, move.pointer, stamp.revision): {
            NEW: entry_facts(
                {
                    "event_id": stamp.event_id,
                    "time": stamp.time,
                    "actor": stamp.actor,
                    "version": move.version,
                    "previous_version": move.previous_version,
                    "trigger": draft.trigger.value,
                    "reason": draft.reason,
                    "details": draft.details,
                }
            )
        }
        for move in moves(settlement.before, settlement.after)
    }


def entry_facts(entry: Mapping[str, Any]) -> Facts:
    """The facts of an entry of a history."""
    return {name: short(value) for name, value in entry.items() if value}
