"""What every view shares: authentication, the access check, parsing, and how the answer is written."""

import json
from collections.abc import Mapping
from typing import Any, Final

from chalice.app import Request, Response

from chalicelib import registry
from chalicelib.api import arrival, browser, problems, reading
from chalicelib.api.answer_size import fitting, written
from chalicelib.api.arrival import Headers, Log
from chalicelib.api.call import Answer, Call
from chalicelib.api.document import Query
from chalicelib.api.route import Route, Scope
from chalicelib.aws.services import Services, services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import RegistryError

NOBODY: Final = Principal("anonymous", ())
_READING: Final = frozenset({"GET", "HEAD"})
_NOT_PART_OF_THE_QUERY: Final = frozenset({"cursor", "limit"})


def dispatch(route: Route, request: Request, encoded_path: Mapping[str, str]) -> Response:
    """Answer one request with the view's answer, or with the problem document of the error."""
    request_id = arrival.request_id(request)
    log: Log = {"method": route.method, "route": route.path, "request_id": request_id}

    def answer() -> Response:
        return presented(_answer(route, request, encoded_path, request_id, log), request, public=route.public)

    def refuse(error: Exception) -> tuple[str, Response]:
        registry_error = problems.as_registry_error(error, request_id)
        return registry_error.code, _problem(registry_error, request_id)

    return arrival.answered(request, log, answer, refuse)


def _answer(route: Route, request: Request, encoded_path: Mapping[str, str], request_id: str, log: Log) -> Answer:
    began = services().monotonic()
    arrival.check_site(request)
    principal = NOBODY if route.public else arrival.principal(request.context, request_id)
    log["principal"] = principal.name
    path = {name: reading.path_value(name, value) for name, value in encoded_path.items()}
    if "model" in path:
        log["model"] = path["model"]
    admitted = _admitted(route, principal, path.get("model"))
    arguments: dict[str, Any] = dict(path)
    if route.for_browsers:
        arguments["browser"] = browser.arriving(request, route.method, route.path)
    raw = arrival.raw_body(request)
    if route.body is not None:
        arguments["body"] = reading.body(route.body, raw, request.headers.get("content-type"))
    if route.scope is Scope.NAMED and route.action is not None:
        log["model"] = arguments["body"].name
        named = arguments["body"].name
        admitted = registry.access.classified.admitting(services(), principal, route.action, named, makes=True)
    query = reading.query(route.query, arrival.query_parameters(request))
    call = Call(
        services=admitted,
        principal=principal,
        request_id=request_id,
        idempotency=None
        if route.method in _READING
        else reading.idempotency(
            request.headers.get("idempotency-key"), route.method, route.path, path, raw if route.body else b""
        ),
        if_match=reading.if_match(request.headers.get("if-match")),
        query={
            "route": f"{route.method} {route.path}",
            "path": path,
            "query": query.model_dump(mode="json", exclude=set(_NOT_PART_OF_THE_QUERY)),
            "caller": principal.name,
        },
        began=began,
    )
    taken = route.view.__annotations__

    def view(parsed: Query) -> Answer:
        given = {**arguments, "query": parsed}
        return route.view(call, **{name: value for name, value in given.items() if name in taken})

    # Only what reads may be asked twice.
    answer = fitting(view, query) if route.method in _READING else view(query)
    registry.access.classified.ensure_admitted(admitted)
    return answer


def _admitted(route: Route, principal: Principal, model: str | None) -> Services:
    """The services for the call of a caller who has the route's action, as far as that is known before the first read.

    Raises PermissionDeniedError, ModelNotFoundError.
    """
    if route.action is None or route.scope in (Scope.NAMED, Scope.LISTED):
        return services()
    if route.scope is Scope.MODEL and model is not None:
        return registry.access.classified.admitting(services(), principal, route.action, model)
    principal.check_registry(route.action)
    return services()


def presented(answer: Answer, request: Request, *, public: bool) -> Response:
    """The response that says ``answer``, or 304 to a caller who has it already. Nobody needs a token if ``public``."""
    headers: Headers = {"Content-Type": "application/json", **answer.headers}
    if answer.secret or not public:
        headers["Cache-Control"] = "no-store" if answer.secret else "private, no-cache"
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    tag = answer.revision if answer.digest is None else answer.digest
    if tag is not None:
        etag = f'"{tag}"'
        headers["ETag"] = etag
        if request.method in _READING and _unchanged(request.headers.get("if-none-match"), etag):
            return Response("", _without(headers, "Content-Type", "Location"), 304)
    if answer.text is not None:
        return Response(answer.text, headers, answer.status)
    if answer.document is None:
        return Response("", _without(headers, "Content-Type"), answer.status)
    return Response(written(answer.document), headers, answer.status)


def _problem(error: RegistryError, request_id: str) -> Response:
    headers: Headers = {**problems.headers(error)}
    return Response(json.dumps(problems.problem(error, request_id)), headers, error.status)


def _without(headers: Headers, *names: str) -> Headers:
    return {name: value for name, value in headers.items() if name not in names}


def _unchanged(if_none_match: str | None, etag: str) -> bool:
    if if_none_match is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or tags == ["*"]
