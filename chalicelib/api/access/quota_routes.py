"""What a principal has made today, and may make, over HTTP."""

from chalicelib import registry
from chalicelib.api.access.quota_schemas import QuotasQuery, QuotasView
from chalicelib.api.call import Answer, Call
from chalicelib.api.route import Routes, Scope
from chalicelib.domain.access.principal import Action

routes = Routes("access")


@routes.get("/v1/quotas", scope=Scope.ANYONE, answers={200: QuotasView})
def list_quotas(call: Call, query: QuotasQuery) -> Answer:
    """Show what the caller has made today of everything that has a limit, or what another principal has."""
    principal = query.principal or call.principal.name
    if principal != call.principal.name:
        call.principal.check_registry(Action.ADMINISTER)
    now = call.services.clock()
    found = registry.access.quotas.list_quotas(call.services, principal, now)
    items = [{"quota": one.quota.value, "made": one.made, "limit": one.limit} for one in found]
    return Answer({"principal": principal, "day": now[:10], "items": items})
