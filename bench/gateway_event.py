"""The event and the context with which API Gateway calls a function."""

import json
from types import SimpleNamespace
from typing import Any, Final

CONTEXT: Final = SimpleNamespace(aws_request_id="bench", get_remaining_time_in_millis=lambda: 28_000)


def gateway_event(
    method: str,
    template: str,
    path: str,
    parameters: dict[str, str],
    *,
    headers: dict[str, str] | None = None,
    body: object = None,
    query: dict[str, Any] | None = None,
    authorizer: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """One request; ``template`` is the route, ``path`` what was asked for, ``authorizer`` who asks."""
    return {
        "headers": headers or {},
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
        "pathParameters": dict(parameters),
        "multiValueQueryStringParameters": {name: [str(value)] for name, value in (query or {}).items()} or None,
        "stageVariables": None,
        "requestContext": {
            "httpMethod": method,
            "resourcePath": template,
            "path": path,
            "requestId": "bench",
            "authorizer": authorizer,
        },
    }
