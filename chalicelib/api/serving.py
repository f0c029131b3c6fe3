"""Puts declared routes on a Chalice blueprint."""

import functools
from typing import Any

from chalice.app import Blueprint

from chalicelib.api.authorizer import authorizer
from chalicelib.api.route import Route, Routes, Scope


def blueprint_of(routes: Routes) -> Blueprint:
    """A blueprint that serves the routes of one module."""
    blueprint = Blueprint(__name__)
    for route in routes.declared:
        _serve(blueprint, route)
    return blueprint


def _serve(blueprint: Blueprint, route: Route) -> None:
    @functools.wraps(route.view)
    def served(**path: str) -> Any:
        # Imported late: only requests need to read and write HTTP, not the import of the app.
        from chalicelib.api.dispatch import dispatch

        return dispatch(route, blueprint.current_request, path)

    blueprint.route(
        route.path,
        methods=[route.method],
        name=route.name,
        # Chalice would refuse a content type without a problem document, so dispatch checks it.
        content_types=["*/*"],
        authorizer=None if route.scope is Scope.PUBLIC else authorizer,
    )(served)
