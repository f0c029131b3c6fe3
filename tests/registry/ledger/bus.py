"""An event bus, and events that wait for it."""

import json
from types import SimpleNamespace
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.ledger import event_items
from chalicelib.aws.names import OUTBOX
from chalicelib.aws.services import Services
from chalicelib.domain.models.decisions import ProfileChange
from chalicelib.registry.models import models
from tests.registry.build import MODEL, model, request

LEDGER = f"model:{MODEL}"


class Bus:
    """Stands behind the client of the bus: keeps what events it accepts, and refuses the n-th entries given."""

    def __init__(self, registry: Services, refused: frozenset[int] = frozenset()) -> None:
        self.accepted: list[str] = []
        self.sequences: list[int] = []
        self._refused = refused
        self._entries = 0
        registry.client("events").meta.events.register("before-call.events.PutEvents", self._put)

    def _put(self, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        answers = []
        for entry in json.loads(params["body"])["Entries"]:
            self._entries += 1
            if self._entries in self._refused:
                answers.append({"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"})
            else:
                event = json.loads(entry["Detail"])
                self.accepted.append(event["type"])
                self.sequences.append(event["sequence"])
                answers.append({"EventId": str(self._entries)})
        return SimpleNamespace(status_code=200), {"Entries": answers, "FailedEntryCount": 0}


def committed(registry: Services, count: int) -> list[dict[str, Any]]:
    """A new model's ledger of so many events."""
    model(registry)
    for index in range(count - 1):
        models.update_model(registry, request(), MODEL, ProfileChange(owner=f"owner {index}"))
    stored = registry.table.load([keys.event(LEDGER, sequence) for sequence in range(1, count + 1)])
    return [event_items.event_from(stored[keys.event(LEDGER, sequence)]) for sequence in range(1, count + 1)]


def waiting(registry: Services) -> int:
    """How many events of the model are in the outbox."""
    return len(registry.table.query_index(OUTBOX, keys.shard(LEDGER), 100)[0])
