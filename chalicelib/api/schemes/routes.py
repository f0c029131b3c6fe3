"""Promotion schemes over HTTP, and which of them judges a model."""

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, revision_of
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes, Scope
from chalicelib.api.schemes.presenters import (
    assigned_scheme_document,
    model_scheme_document,
    scheme_document,
    simulation_document,
    tier_document,
)
from chalicelib.api.schemes.schemas import (
    AssignedSchemeView,
    AssignScheme,
    ModelSchemeView,
    SavedSchemeView,
    SchemeBody,
    SchemeVersionQuery,
    SetDefaultScheme,
    SetTier,
    TierView,
)
from chalicelib.api.schemes.simulation_schemas import SimulationView
from chalicelib.domain.access.principal import Action
from chalicelib.domain.schemes.gates import Tier

routes = Routes("schemes")


@routes.get("/v1/schemes", scope=Scope.ANYONE, answers={200: PageView[SavedSchemeView]})
def list_schemes(call: Call, query: Paging) -> Answer:
    """List the schemes, the built-in ones first."""
    page = registry.schemes.schemes.list_schemes(call.services, query.limit, call.start(query))
    return call.listing(page, scheme_document)


@routes.get("/v1/schemes/{scheme}", scope=Scope.ANYONE, answers={200: SavedSchemeView})
def get_scheme(call: Call, scheme: str, query: SchemeVersionQuery) -> Answer:
    """Show a scheme, or an earlier version of it."""
    found = registry.schemes.schemes.get_scheme(call.services, scheme, query.version)
    return Answer(scheme_document(found), revision=found.revision)


@routes.put("/v1/schemes/{scheme}", Action.MANAGE_SCHEMES, answers={200: SavedSchemeView})
def save_scheme(call: Call, scheme: str, body: SchemeBody) -> Answer:
    """Save the next version of a scheme. The models that follow the scheme get it within seconds."""
    saved = registry.schemes.saving.save_scheme(call.services, call.change(), body.document(scheme))
    return changed(saved, scheme_document, revision_of)


@routes.get("/v1/default-scheme", scope=Scope.ANYONE, answers={200: ModelSchemeView})
def get_default_scheme(call: Call) -> Answer:
    """Show the scheme that new models are given."""
    return Answer(model_scheme_document(registry.schemes.schemes.get_default(call.services)))


@routes.put("/v1/default-scheme", Action.MANAGE_SCHEMES, answers={200: ModelSchemeView})
def set_default_scheme(call: Call, body: SetDefaultScheme) -> Answer:
    """Choose the scheme that new models are given."""
    chosen = registry.schemes.saving.set_default(call.services, call.change(), body.scheme)
    return changed(chosen, model_scheme_document)


@routes.get("/v1/models/{model}/scheme", Action.READ, answers={200: AssignedSchemeView})
def get_model_scheme(call: Call, model: str) -> Answer:
    """Show the scheme that judges a model."""
    return Answer(assigned_scheme_document(registry.promotion.scheme_assignment.get_model_scheme(call.services, model)))


@routes.put("/v1/models/{model}/scheme", Action.MANAGE_SCHEMES, answers={200: TierView})
def assign_scheme(call: Call, model: str, body: AssignScheme) -> Answer:
    """Choose the scheme that judges a model."""
    assigned = registry.promotion.scheme_assignment.assign_scheme(
        call.services, call.change(), model, body.scheme, body.version
    )
    return changed(assigned, tier_document)


@routes.put("/v1/models/{model}/tier", Action.MANAGE_SCHEMES, answers={200: TierView})
def set_tier(call: Call, model: str, body: SetTier) -> Answer:
    """Set a model's risk tier, which selects its gates and approvals."""
    tier = registry.promotion.scheme_assignment.set_tier(
        call.services, call.change(), model, Tier(body.tier), body.reason
    )
    return changed(tier, tier_document)


@routes.post("/v1/models/{model}/scheme/simulate", Action.MANAGE, answers={200: SimulationView})
def simulate_scheme(call: Call, model: str, body: SchemeBody) -> Answer:
    """Test a proposed scheme on the model's past moves: which it would have refused, and why."""
    simulation = registry.promotion.simulation.simulate(call.services, model, body.document("proposed"))
    return Answer(simulation_document(simulation))
