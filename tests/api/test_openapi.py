"""The served OpenAPI document describes what the app does."""

from chalicelib.api.openapi import openapi
from chalicelib.api.problems import error_types
from chalicelib.api.route_index import all_routes
from tests.api.gateway import Caller, native_routes


def test_the_served_document_has_exactly_the_routes_of_the_app(nobody: Caller) -> None:
    served = nobody.get("/v1/openapi.json")
    assert served.status == 200
    described = {(path, method.upper()) for path, methods in served.document["paths"].items() for method in methods}
    assert described == native_routes()
    assert described == {(route.path, route.method) for route in all_routes()}


def test_every_error_code_is_described() -> None:
    codes = {
        code
        for response in openapi()["components"]["responses"].values()
        for code in response["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]["code"]["enum"]
    }
    assert {error.code for error in error_types()} <= codes


def test_operation_names_are_unique() -> None:
    names = [route.name for route in all_routes()]
    assert len(names) == len(set(names))
