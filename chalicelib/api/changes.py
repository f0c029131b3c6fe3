"""The history of fields over HTTP."""

from typing import Any

from chalicelib import registry
from chalicelib.api.call import Answer, Call
from chalicelib.api.route import Routes
from chalicelib.api.schemas.changes import ChangeView, ListChanges
from chalicelib.api.schemas.document import PageView
from chalicelib.domain.access import Action
from chalicelib.domain.changes import FieldChange

routes = Routes(__name__)


@routes.get("/v1/models/{model}/changes", Action.READ, answers={200: PageView[ChangeView]})
def list_changes(call: Call, model: str, query: ListChanges) -> Answer:
    """List what changed of which field, newest first; a deleted model's too."""
    page = registry.changes.list_changes(
        call.services, model, query.version, query.field, query.limit, call.start(query)
    )
    return call.listing(page, _change)


def _change(change: FieldChange) -> dict[str, Any]:
    event = change.event
    return {
        "sequence": event["sequence"],
        "event_id": event["id"],
        **{name: event[name] for name in ("type", "time", "actor", "trigger", "reason")},
        "version": change.version,
        "field": change.field,
        "before": change.before,
        "after": change.after,
    }
