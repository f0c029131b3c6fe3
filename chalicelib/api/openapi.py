"""The OpenAPI 3.1 document, made from the declared routes, their pydantic models and the table of errors."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from chalicelib.api import problems
from chalicelib.api.document import Html, NoBody, ProblemView
from chalicelib.api.route import Route
from chalicelib.api.route_index import all_routes

API_VERSION: Final = "1.0.0"
_TEMPLATE: Final = "#/components/schemas/{model}"
# Errors that API Gateway answers itself, before it calls the app.
GATEWAY_CODES: Final[Mapping[int, tuple[str, ...]]] = {
    400: ("invalid_input",),
    401: ("unauthenticated",),
    403: ("permission_denied",),
    404: ("route_not_found",),
    413: ("too_large",),
    429: ("rate_limited",),
    500: ("internal_error",),
    503: ("unavailable",),
    504: ("timed_out",),
}
_READING: Final = frozenset({"GET", "HEAD"})
_ALWAYS: Final = frozenset({400, 429, 500, 503, 504})
_WITH_TOKEN: Final = frozenset({401, 403})
_OF_CHANGES: Final = frozenset({409, 412, 422})
_OF_BODIES: Final = frozenset({413, 415})
_PATH_PARAMETERS: Final = {
    "model": {"type": "string", "minLength": 1, "maxLength": 256},
    "version": {"type": "string", "pattern": r"^([1-9][0-9]{0,8}|@[\w\-]{1,255})$"},
    "alias": {"type": "string", "pattern": r"^[\w\-]{1,255}$"},
    # It takes the rest of the address, whatever segments it has.
    "path": {"type": "string", "minLength": 1, "maxLength": 981},
    "request": {"type": "string", "pattern": r"^[1-9][0-9]{0,8}$"},
    "scheme": {"type": "string", "pattern": r"^[a-z0-9][a-z0-9_.\-]{0,63}$"},
    "comment": {"type": "string", "pattern": r"^(m|[vr][1-9][0-9]{0,8})-[1-9][0-9]{0,11}$"},
    "check": {"type": "string", "pattern": r"^[a-z0-9_.\-]{1,64}$"},
    "evaluation": {"type": "string", "pattern": r"^[a-z0-9_.\-]{1,64}$"},
}
_HEADERS: Final = {
    "Idempotency-Key": "Makes a retry of the same request have no second effect, for 24 hours.",
    "If-Match": "Change the entity only if it still has this ETag.",
    "If-None-Match": "Answer 304 if the entity still has this ETag.",
}


@lru_cache(maxsize=1)
def openapi() -> dict[str, Any]:
    """The document that describes every route of the app."""
    references, schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in all_routes():
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Moorage",
            "version": API_VERSION,
            "description": "A serverless registry of machine-learning models.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {str(status): _problem_response(status, codes) for status, codes in codes_by_status().items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "moor_<id>_<secret>"}},
        },
    }


def codes_by_status() -> dict[int, list[str]]:
    """Every code that an answer can carry, by status."""
    found: dict[int, set[str]] = {status: set(codes) for status, codes in GATEWAY_CODES.items()}
    for error in problems.error_types():
        found.setdefault(error.status, set()).add(error.code)
    return {status: sorted(codes) for status, codes in sorted(found.items())}


def statuses(route: Route) -> set[int]:
    """The error statuses that a route can answer with."""
    found = set(_ALWAYS)
    if not route.public or route.for_browsers:
        found |= _WITH_TOKEN
    if route.parameters or (route.body is not None and route.body is not NoBody):
        # A body too may name something that does not exist.
        found |= {404}
    if route.method not in _READING:
        found |= _OF_CHANGES
        if route.for_browsers:
            # The Content-Type proves the request to be of our own page, also without a body.
            found |= {415}
    elif "{version}" in route.path:
        # The version may not be READY, or its upload may have expired.
        found |= {409}
    if route.body is not None:
        found |= _OF_BODIES
    return found


def _schemas() -> tuple[dict[Any, Any], dict[str, Any]]:
    routes = all_routes()
    inputs = {route.body for route in routes if route.body is not None}
    outputs = {shape for route in routes for shape in route.answers.values() if hasattr(shape, "model_json_schema")}
    wanted: list[tuple[Any, JsonSchemaMode]] = [(model, "validation") for model in inputs]
    wanted += [(model, "validation") for model in outputs | {ProblemView}]
    # Sorted, so that the document is always the same text.
    wanted.sort(key=lambda pair: pair[0].__name__)
    references, definitions = models_json_schema(wanted, ref_template=_TEMPLATE)
    return {model: reference for (model, _), reference in references.items()}, dict(definitions.get("$defs", {}))


def _operation(route: Route, references: Mapping[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": (route.view.__doc__ or "").partition("\n")[0].rstrip("."),
        "tags": [route.tag],
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_header_parameters(route)],
        "responses": {
            **{str(status): _answer(shape, references) for status, shape in route.answers.items()},
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(statuses(route))},
        },
    }
    if route.action is not None:
        operation["x-action"] = route.action.value
    if route.public:
        operation["security"] = []
    if route.method in _READING and not route.public and {200, 302} & set(route.answers):
        operation["responses"]["304"] = {"description": "Unchanged since the ETag in If-None-Match."}
    if route.body is not None and route.body is not NoBody:
        operation["requestBody"] = {
            "required": any(field.is_required() for field in route.body.model_fields.values()),
            "content": {"application/json": {"schema": references[route.body]}},
        }
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    default = {"type": "string", "minLength": 1, "maxLength": 256}
    return [
        {"name": name, "in": "path", "required": True, "schema": _PATH_PARAMETERS.get(name, default)}
        for name in route.parameters
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    schema = route.query.model_json_schema(ref_template=_TEMPLATE, schema_generator=GenerateJsonSchema)
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(shape)}
        for name, shape in schema.get("properties", {}).items()
    ]


def _without_null(shape: dict[str, Any]) -> dict[str, Any]:
    """The schema without null: a query parameter is absent or has a value."""
    options = [option for option in shape.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) != 1:
        return shape
    return {**{key: value for key, value in shape.items() if key not in ("anyOf", "default")}, **options[0]}


def _header_parameters(route: Route) -> list[dict[str, Any]]:
    if route.public:
        return []
    names = ("If-None-Match",) if route.method in _READING else ("Idempotency-Key", "If-Match")
    shapes = {"Idempotency-Key": {"type": "string", "pattern": "^[!-~]{1,255}$"}}
    return [
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": _HEADERS[name],
            "schema": shapes.get(name, {"type": "string", "maxLength": 1024}),
        }
        for name in names
    ]


def _answer(shape: Any, references: Mapping[Any, Any]) -> dict[str, Any]:
    if shape is None:
        return {"description": "Done; the answer has no body."}
    if shape is Html:
        return {"description": "A page for people.", "content": {"text/html": {"schema": {"type": "string"}}}}
    schema = references.get(shape) or TypeAdapter(shape).json_schema()
    return {"description": "Done.", "content": {"application/json": {"schema": schema}}}


def _problem_response(status: int, codes: list[str]) -> dict[str, Any]:
    schema = {
        "allOf": [
            {"$ref": "#/components/schemas/ProblemView"},
            {"properties": {"status": {"const": status}, "code": {"enum": codes}}},
        ]
    }
    return {
        "description": f"One of the codes {', '.join(codes)}.",
        "content": {problems.CONTENT_TYPE: {"schema": schema}},
    }
