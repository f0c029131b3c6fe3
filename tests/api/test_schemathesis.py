"""Generated requests for every operation: no server error, and answers as the OpenAPI document describes."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chalicelib.api import problems
from chalicelib.api.authorizer import Unauthorized
from chalicelib.api.openapi import openapi
from chalicelib.aws.services import Services
from chalicelib.domain.errors import NotFoundError, UnauthenticatedError
from tests.api.gateway import client
from tests.conftest import ADMIN_TOKEN

pytestmark = pytest.mark.exhaustive

Start = Callable[[str, list[tuple[str, str]]], Any]


def gateway(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """WSGI in front of Chalice's local gateway."""
    if environ["REQUEST_METHOD"] == "OPTIONS":
        # No route accepts OPTIONS. Chalice's local gateway would answer for CORS, which the app does not use.
        return _gateway_answer(403, start_response)
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    # WSGI has decoded the path. API Gateway passes it on encoded.
    path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/@")
    query = environ.get("QUERY_STRING", "")
    try:
        reply = client().http.request(environ["REQUEST_METHOD"], f"{path}?{query}" if query else path, headers, body)
    except Unauthorized:
        return _gateway_answer(401, start_response)
    if "X-Request-Id" not in reply.headers:
        return _gateway_answer(reply.status_code, start_response)
    start_response(f"{reply.status_code} status", [(name, str(value)) for name, value in reply.headers.items()])
    return [reply.body]


def _gateway_answer(status: int, start_response: Start) -> Iterable[bytes]:
    """The problem document that the stack's gateway responses make of an answer that is not the app's."""
    error = UnauthenticatedError("") if status == 401 else NotFoundError("")
    start_response(f"{error.status} status", list(problems.headers(error).items()))
    return [json.dumps(problems.problem(error, "")).encode()]


schema = schemathesis.openapi.from_dict(json.loads(json.dumps(openapi())))
schema.app = gateway
# Random cases only: the boundary cases of every operation would take half of the fast suite's time.
schema.config.phases.coverage.enabled = False


@schema.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_generated_request_makes_a_server_error(registry: Services, case: "schemathesis.Case[Any]") -> None:
    response = case.call(headers={"Authorization": f"Bearer {ADMIN_TOKEN}"})
    case.validate_response(
        response,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )
