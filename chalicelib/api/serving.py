"""Puts the routes on a Chalice blueprint. The index names them; their modules are imported by the requests."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.api.authorizer import authorizer
from chalicelib.api.route_index import IndexedRoute, indexed_routes


def routes_blueprint() -> Blueprint:
    """A blueprint that serves every route, apart from those of MLflow's dialect."""
    blueprint = Blueprint(__name__)
    for route in indexed_routes():
        _serve(blueprint, route)
    return blueprint


def _serve(blueprint: Blueprint, route: IndexedRoute) -> None:
    def served(**_: str) -> Any:
        # Imported late: only requests need to read and write HTTP, not the import of the app.
        from chalicelib.api.dispatch import dispatch

        # Chalice passes no parameter that takes several segments, but the request holds the gateway's. Chalice's own
        # gateway, for tests, leaves the sign in the name.
        given = blueprint.current_request.uri_params or {}
        path = {name.removesuffix("+"): value for name, value in given.items()}
        return dispatch(route.declared(), blueprint.current_request, path)

    blueprint.route(
        route.path,
        methods=[route.method],
        name=route.name,
        # Chalice would refuse a content type without a problem document, so dispatch checks it.
        content_types=["*/*"],
        authorizer=None if route.public else authorizer,
    )(served)
