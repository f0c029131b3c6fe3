"""Usage over HTTP: who resolved or downloaded which version.

READ is enough. A model's events, which READ shows, also name principals, and a person who wants to retire a version
asks for its users first.
"""

from chalicelib import registry
from chalicelib.api.audit.presenters import usage_document
from chalicelib.api.audit.usage_schemas import UsageView
from chalicelib.api.call import Answer, Call
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

routes = Routes("usage")


@routes.get("/v1/models/{model}/usage", Action.READ, answers={200: PageView[UsageView]})
def list_model_usage(call: Call, model: str, query: Paging) -> Answer:
    """List who uses which version of a model, by version and principal."""
    page = registry.audit.usage.list_usage(call.services, model, None, query.limit, call.start(query))
    return call.listing(page, usage_document)


@routes.get("/v1/models/{model}/versions/{version}/usage", Action.READ, answers={200: PageView[UsageView]})
def list_version_usage(call: Call, model: str, version: str, query: Paging) -> Answer:
    """List who uses a version, by principal, also the users of a deleted version."""
    page = registry.audit.usage.list_usage(call.services, model, version, query.limit, call.start(query))
    return call.listing(page, usage_document)
