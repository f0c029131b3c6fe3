"""The contract over HTTP: the OpenAPI document and the schemas of events and schemes. Open to everyone."""

from typing import Any

from chalicelib.api.audit.event_schema import event_schema
from chalicelib.api.call import Answer, Call
from chalicelib.api.openapi import openapi
from chalicelib.api.route import Routes, Scope
from chalicelib.api.schemes.schemas import scheme_schema

routes = Routes("contract")
_CACHED = {"Cache-Control": "public, max-age=300"}


@routes.get("/v1/openapi.json", scope=Scope.PUBLIC, answers={200: dict[str, Any]})
def get_openapi(_call: Call) -> Answer:
    """Describe this API in OpenAPI 3.1."""
    return Answer(openapi(), headers=_CACHED)


@routes.get("/v1/schemas/event.json", scope=Scope.PUBLIC, answers={200: dict[str, Any]})
def get_event_schema(_call: Call) -> Answer:
    """Describe an event in JSON Schema."""
    return Answer(event_schema(), headers=_CACHED)


@routes.get("/v1/schemas/scheme.json", scope=Scope.PUBLIC, answers={200: dict[str, Any]})
def get_scheme_schema(_call: Call) -> Answer:
    """Describe a promotion scheme's document in JSON Schema."""
    return Answer(scheme_schema(), headers=_CACHED)
