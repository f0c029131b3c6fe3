"""Changes of the fields of a model and its versions, computed from its events, newest first.

A page costs one query. Without a filter it reads about as many events as it shows changes. With a filter it reads up
to five times as many, and returns the changes that match, maybe none, and where to resume. It never reads the whole
ledger at once.
"""

from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.ledger import event_items
from chalicelib.aws.names import ABOUT, EVENT_PREFIX
from chalicelib.aws.services import Services
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.changes import FieldChange, changes_of
from chalicelib.domain.ledger.events import model_ledger
from chalicelib.registry.models.existence import check_ledger
from chalicelib.registry.page import Page

READ_PER_SHOWN: Final = 5


def list_changes(
    services: Services,
    model: str,
    version: int | None,
    field: str | None,
    limit: int,
    start: dict[str, str | int] | None,
) -> Page[FieldChange]:
    """Changes of fields, newest first, of a deleted model too.

    ``start`` names an event and how many of its changes were shown before. Raises ModelNotFoundError if there never
    was such a model.
    """
    ledger = model_ledger(model)
    filtered = version is not None or field is not None
    stored, last = services.table.query(
        keys.partition(ledger),
        EVENT_PREFIX,
        limit * READ_PER_SHOWN if filtered else limit,
        # The start is exclusive, hence + 1: the event itself is read again, for its changes that were not shown yet.
        after=None if start is None else keys.event(ledger, int(start["sequence"]) + 1).sort,
        newest_first=True,
        containing=None if version is None else (ABOUT, f"#{version}#"),
    )
    if not stored and last is None and start is None:
        check_ledger(services, model)
    shown: list[FieldChange] = []
    for event in map(event_items.event_from, stored):
        matching = [change for change in changes_of(event) if change.concerns(version, field)]
        shown_before = int(start["shown"]) if start is not None and start["sequence"] == event["sequence"] else 0
        through = shown_before + limit - len(shown)
        shown += matching[shown_before:through]
        if len(matching) > through:
            return Page(tuple(shown), {"sequence": event["sequence"], "shown": through})
        if event["type"] == event_types.VERSION_CREATED and event["version"] == version:
            # No earlier event can concern this version.
            return Page(tuple(shown))
    following = None if last is None else keys.event_sequence(last) - 1
    return Page(tuple(shown), {"sequence": following, "shown": 0} if following else None)
