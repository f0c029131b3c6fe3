"""The history of fields over HTTP."""

from typing import Any

from chalicelib import registry
from chalicelib.api.audit.change_schemas import ChangeView, ListChanges
from chalicelib.api.call import Answer, Call
from chalicelib.api.document import PageView
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action
from chalicelib.domain.ledger.changes import FieldChange

routes = Routes("changes")


@routes.get("/v1/models/{model}/changes", Action.READ, answers={200: PageView[ChangeView]})
def list_changes(call: Call, model: str, query: ListChanges) -> Answer:
    """List what changed of which field, newest first; a deleted model's too."""
    page = registry.audit.changes.list_changes(
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
