"""What every endpoint shares: authentication, the access check, parameters, and how the answer is written."""

import base64
import json
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, TypeAlias
from urllib.parse import unquote

from chalice.app import Request, Response

from chalicelib import registry
from chalicelib.api import arrival, problems
from chalicelib.api.arrival import Headers, Log
from chalicelib.api.mlflow import endpoints, parameters
from chalicelib.api.mlflow.call import Answer, MlflowCall
from chalicelib.api.mlflow.endpoints import Endpoint
from chalicelib.api.mlflow.errors import MlflowError, invalid
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.api.mlflow.translation import translated
from chalicelib.aws.services import Services, services
from chalicelib.domain.access.principal import Principal

Handler: TypeAlias = Callable[[MlflowCall, Parameters], Any]


class Bytes(Response):
    """A response of bytes. Chalice would send bytes only to clients whose ``Accept`` asks for their type."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        answer = super().to_dict(None)
        return {**answer, "body": base64.b64encode(self.body).decode(), "isBase64Encoded": True}


def dispatch(route: str, prefix: str, request: Request) -> Response:
    """Answer one request with the handler's answer, or with MLflow's document of the error.

    ``prefix`` comes before the rest of the path in the table of endpoints.
    """
    request_id = arrival.request_id(request)
    log: Log = {"method": request.method, "route": route, "request_id": request_id}
    # Holds the parameters once they are read: error messages quote them.
    given: list[Parameters] = []

    def answer() -> Response:
        return _response(_answer(route, prefix, request, request_id, log, given.append))

    def refuse(error: Exception) -> tuple[str, Response]:
        if isinstance(error, MlflowError):
            return error.error_code.lower(), _error_response(error, {"Content-Type": "application/json"})
        registry_error = problems.as_registry_error(error, request_id)
        headers: Headers = {**problems.headers(registry_error), "Content-Type": "application/json"}
        mlflow_error = translated(registry_error, given[0] if given else None)
        return registry_error.code, _error_response(mlflow_error, headers)

    return arrival.answered(request, log, answer, refuse)


def _answer(
    route: str, prefix: str, request: Request, request_id: str, log: Log, read: Callable[[Parameters], None]
) -> Any:
    began = services().monotonic()
    path = prefix + (request.uri_params or {})["proxy"]
    match = endpoints.endpoint_at(request.method, path)
    arrival.check_site(request)
    principal = arrival.principal(request.context, request_id)
    log["principal"] = principal.name
    if match is None:
        raise MlflowError("ENDPOINT_NOT_FOUND", f"Moorage has no endpoint {request.method} {path}.")
    endpoint, encoded = match
    log["route"] = route.replace("{proxy+}", endpoint.path.removeprefix(prefix))
    body = arrival.raw_body(request)
    query = arrival.query_parameters(request)
    given = _parameters(endpoint, request, query, body, encoded)
    read(given)
    admitted = _admitted(endpoint, principal, given, log)
    call = MlflowCall(
        services=admitted,
        principal=principal,
        request_id=request_id,
        idempotency=None,
        if_match=None,
        query={"route": f"{request.method} {endpoint.path}", "caller": principal.name},
        began=began,
        base_url=arrival.base_url(route, request),
        signed_by_aws=arrival.by_aws_signature(request.context),
        body=body,
    )
    answer = _handler(endpoint)(call, given)
    registry.access.classified.ensure_admitted(admitted)
    return answer


def _parameters(
    endpoint: Endpoint, request: Request, query: Mapping[str, list[str]], body: bytes, encoded: Mapping[str, str]
) -> Parameters:
    try:
        path = {name: unquote(value, errors="strict") for name, value in encoded.items()}
    except UnicodeDecodeError:
        raise invalid("The path is not percent-encoded UTF-8.") from None
    if endpoint.raw:
        return Parameters({name: parameters.Repeated(values) for name, values in query.items()}, path)
    content_type = request.headers.get("content-type")
    return parameters.parameters(request.method, query, body, content_type, path, endpoint.max_bytes)


def _admitted(endpoint: Endpoint, principal: Principal, given: Parameters, log: Log) -> Services:
    """The services for the call of a caller who has the endpoint's action, as far as is known before the first read."""
    if endpoint.on is not None:
        name = given.path.get(endpoint.on) or given.required(endpoint.on)
        log["model"] = name
        if endpoint.action is not None:
            return registry.access.classified.admitting(services(), principal, endpoint.action, name, endpoint.makes)
    elif endpoint.action is not None:
        principal.check_registry(endpoint.action)
    return services()


def _handler(endpoint: Endpoint) -> Handler:
    # Handler names come from the table of endpoints only, never from a request.
    module, _, function = endpoint.handler.rpartition(".")
    handler: Handler = getattr(import_module(f"chalicelib.api.mlflow.{module}"), function)
    return handler


def _response(answer: Any) -> Response:
    headers: Headers = {"Content-Type": "application/json", "Cache-Control": "private, no-cache"}
    if not isinstance(answer, Answer):
        return Response(json.dumps(answer, separators=(",", ":"), allow_nan=False), headers)
    headers |= answer.headers
    if isinstance(answer.body, bytes):
        return Bytes(answer.body, headers, answer.status)
    if not answer.body:
        del headers["Content-Type"]
    return Response(answer.body, headers, answer.status)


def _error_response(error: MlflowError, headers: Headers) -> Response:
    document = {"error_code": error.error_code, "message": error.message}
    return Response(json.dumps(document), {"Cache-Control": "no-store", **headers}, error.status)
