"""The history of an alias or a stage: every move, who made it and why."""

from typing import Any

from chalicelib.aws import items, keys
from chalicelib.aws.services import Services
from chalicelib.domain import events
from chalicelib.registry.models import model_head
from chalicelib.registry.page import Page


def history(
    services: Services, model: str, pointer: str, limit: int, start: dict[str, str | int] | None
) -> Page[dict[str, Any]]:
    """Moves of ``alias:<name>`` or ``stage:<name>``, newest first. Raises ModelNotFoundError."""
    after = None if start is None else keys.history(model, pointer, int(start["sequence"])).sort
    stored, last = services.table.query(
        keys.partition(events.model_ledger(model)),
        keys.history_prefix(pointer),
        limit,
        after,
        newest_first=True,
    )
    if not stored and start is None:
        model_head(services, model)
    entries = tuple(items.event_from(item) for item in stored)
    return Page(entries, {"sequence": entries[-1]["sequence"]} if last is not None and entries else None)
