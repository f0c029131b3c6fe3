"""Declared routes on a Chalice blueprint: how a request reaches its view."""

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
        # Late: the first request pays for reading and writing HTTP, not the import of the app.
        from chalicelib.api.dispatch import dispatch

        return dispatch(route, blueprint.current_request, path)

    blueprint.route(
        route.path,
        methods=[route.method],
        name=route.name,
        # Chalice's own refusal of a content type would not be a problem document: dispatch checks it.
        content_types=["*/*"],
        authorizer=None if route.scope is Scope.PUBLIC else authorizer,
    )(served)
