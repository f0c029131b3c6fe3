"""Lineage over HTTP: what versions come from, what came of them, and questions about what is in use."""

from functools import partial

from chalicelib import registry
from chalicelib.api.call import Answer, Call
from chalicelib.api.document import PageView
from chalicelib.api.lineage.presenters import (
    NodePresenter,
    descendant_document,
    fed_document,
    lineage_document,
    recipe_document,
)
from chalicelib.api.lineage.prov import ProvView, prov_document
from chalicelib.api.lineage.schemas import (
    AskDescendants,
    AskLineage,
    AskNodeLineage,
    AskServing,
    DescendantView,
    FedView,
    LineageView,
    RecipeView,
)
from chalicelib.api.route import Routes, Scope
from chalicelib.domain.access.principal import Action
from chalicelib.domain.lineage.node import version_node

routes = Routes("lineage")


@routes.get("/v1/models/{model}/versions/{version}/lineage", Action.READ, answers={200: LineageView})
def get_lineage(call: Call, model: str, version: str, query: AskLineage) -> Answer:
    """Show what a version comes from and what came of it."""
    found = registry.lineage.walking.version_lineage(
        call.services, model, version, query.directions(), query.depth, call.may_read, query.limit, call.start(query)
    )
    return Answer(lineage_document(_presenter(call), found, call.cursor(found.next_start)))


@routes.get("/v1/models/{model}/versions/{version}/lineage/prov", Action.READ, answers={200: ProvView})
def export_prov(call: Call, model: str, version: str) -> Answer:
    """Export what a version comes from as W3C PROV-JSON."""
    number = registry.versions.versions.get_version(call.services, model, version).number
    node = version_node(model, number)
    page = registry.lineage.walking.whole_lineage(call.services, node, call.may_read)
    return Answer(prov_document(node, page, _presenter(call).sees))


@routes.get("/v1/models/{model}/versions/{version}/reproducibility", Action.READ, answers={200: RecipeView})
def get_reproducibility(call: Call, model: str, version: str) -> Answer:
    """Show what is recorded, and what is missing, to make a version again."""
    return Answer(recipe_document(registry.lineage.repeating.get_recipe(call.services, model, version)))


@routes.get("/v1/lineage", Action.READ, scope=Scope.LISTED, answers={200: LineageView})
def get_node_lineage(call: Call, query: AskNodeLineage) -> Answer:
    """Show what a dataset, or another thing that versions share, comes from, and what came of it."""
    found = registry.lineage.walking.node_lineage(
        call.services, query.node(), query.directions(), query.depth, call.may_read, query.limit, call.start(query)
    )
    return Answer(lineage_document(_presenter(call), found, call.cursor(found.next_start)))


@routes.get("/v1/lineage/descendants", Action.READ, scope=Scope.LISTED, answers={200: PageView[DescendantView]})
def list_descendants(call: Call, query: AskDescendants) -> Answer:
    """List the versions of a stage or alias that descend from a dataset, however many steps away."""
    asking = registry.lineage.asking
    if query.alias is None:
        among = asking.in_stage(call.services, query.stage or "production", call.may_read)
    else:
        among = asking.at_alias(call.services, query.alias, call.principal)
    page = asking.descendants(call.services, query.asked(), among, query.limit, call.start(query))
    return call.listing(page, partial(descendant_document, _presenter(call)))


@routes.get("/v1/lineage/serving", Action.READ, scope=Scope.LISTED, answers={200: PageView[FedView]})
def list_serving(call: Call, query: AskServing) -> Answer:
    """List what runs on targets and what fed it; only what is affected, if something is looked for."""
    page = registry.lineage.asking.serving(call.services, query.asked(), call.may_read, query.limit, call.start(query))
    return call.listing(page, partial(fed_document, _presenter(call)))


def _presenter(call: Call) -> NodePresenter:
    return NodePresenter(call.may_read, call.services.signing_key)
