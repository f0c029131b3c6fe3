"""Promotion schemes over HTTP, and which of them judges a model."""

from chalicelib import registry
from chalicelib.api import present_governance as present
from chalicelib.api.call import Answer, Call, changed
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes, Scope
from chalicelib.api.schemes.schemas import (
    AssignedSchemeView,
    AssignScheme,
    ModelSchemeView,
    SavedSchemeView,
    SchemeBody,
    SchemeVersionQuery,
    SetDefaultScheme,
    SetTier,
    SimulationView,
    TierView,
)
from chalicelib.domain.access.principal import Action
from chalicelib.domain.schemes.gates import Tier

routes = Routes("schemes")


@routes.get("/v1/schemes", scope=Scope.ANYONE, answers={200: PageView[SavedSchemeView]})
def list_schemes(call: Call, query: Paging) -> Answer:
    """List the schemes, the built-in ones first."""
    return call.listing(
        registry.schemes.schemes.list_schemes(call.services, query.limit, call.start(query)), present.scheme
    )


@routes.get("/v1/schemes/{scheme}", scope=Scope.ANYONE, answers={200: SavedSchemeView})
def get_scheme(call: Call, scheme: str, query: SchemeVersionQuery) -> Answer:
    """Show a scheme, or an earlier version of it."""
    found = registry.schemes.schemes.get_scheme(call.services, scheme, query.version)
    return Answer(present.scheme(found), revision=found.revision)


@routes.put("/v1/schemes/{scheme}", Action.MANAGE_SCHEMES, answers={200: SavedSchemeView})
def save_scheme(call: Call, scheme: str, body: SchemeBody) -> Answer:
    """Save a scheme as its next version; the models that follow it are given it within seconds."""
    saved = registry.schemes.schemes.save_scheme(call.services, call.change(), body.document(scheme))
    return changed(saved, present.scheme, present.scheme_revision)


@routes.get("/v1/default-scheme", scope=Scope.ANYONE, answers={200: ModelSchemeView})
def get_default_scheme(call: Call) -> Answer:
    """Show the scheme that new models are given."""
    return Answer(present.model_scheme(registry.schemes.schemes.get_default(call.services)))


@routes.put("/v1/default-scheme", Action.MANAGE_SCHEMES, answers={200: ModelSchemeView})
def set_default_scheme(call: Call, body: SetDefaultScheme) -> Answer:
    """Choose the scheme that new models are given."""
    return changed(
        registry.schemes.schemes.set_default(call.services, call.change(), body.scheme), present.model_scheme
    )


@routes.get("/v1/models/{model}/scheme", Action.READ, answers={200: AssignedSchemeView})
def get_model_scheme(call: Call, model: str) -> Answer:
    """Show the scheme that judges a model."""
    return Answer(present.assigned_scheme(registry.promotion.scheme_assignment.get_model_scheme(call.services, model)))


@routes.put("/v1/models/{model}/scheme", Action.MANAGE_SCHEMES, answers={200: TierView})
def assign_scheme(call: Call, model: str, body: AssignScheme) -> Answer:
    """Let a scheme judge a model."""
    assigned = registry.promotion.scheme_assignment.assign_scheme(
        call.services, call.change(), model, body.scheme, body.version
    )
    return changed(assigned, present.tier)


@routes.put("/v1/models/{model}/tier", Action.MANAGE_SCHEMES, answers={200: TierView})
def set_tier(call: Call, model: str, body: SetTier) -> Answer:
    """Set a model's risk tier, which selects its gates and approvals."""
    return changed(
        registry.promotion.scheme_assignment.set_tier(
            call.services, call.change(), model, Tier(body.tier), body.reason
        ),
        present.tier,
    )


@routes.post("/v1/models/{model}/scheme/simulate", Action.READ, answers={200: SimulationView})
def simulate_scheme(call: Call, model: str, body: SchemeBody) -> Answer:
    """Hold a proposed scheme against the model's past moves: which it would have refused, and why."""
    return Answer(
        present.simulation(registry.promotion.simulation.simulate(call.services, model, body.document("proposed")))
    )
