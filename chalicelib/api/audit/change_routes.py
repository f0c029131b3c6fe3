"""The history of fields over HTTP."""

from chalicelib import registry
from chalicelib.api.audit.change_schemas import ChangeView, ListChanges
from chalicelib.api.audit.presenters import change_document
from chalicelib.api.call import Answer, Call
from chalicelib.api.document import PageView
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("changes")


@routes.get("/v1/models/{model}/changes", Action.READ, answers={200: PageView[ChangeView]})
def list_changes(call: Call, model: str, query: ListChanges) -> Answer:
    """List the changes of a model's fields, newest first, also those of a deleted model."""
    page = registry.audit.changes.list_changes(
        call.services, model, query.version, query.field, query.limit, call.start(query)
    )
    return call.listing(page, change_document)
