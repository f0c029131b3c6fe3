"""Calls the API function as API Gateway does: an event and a context, behind the authorizer."""

from functools import cache
from typing import Any
from urllib.parse import unquote

from app import app
from bench.gateway_event import CONTEXT, gateway_event
from chalicelib.api.caller import to_context
from chalicelib.api.mlflow.routes import ROUTES as MLFLOW_ROUTES
from chalicelib.api.route_index import indexed_routes
from chalicelib.domain.access.principal import Grant, Principal, Role
from tests.api.gateway import Reply

_ADMIN = to_context(Principal("token:bench", (Grant(Role.ADMIN, "*"),)))


class Function:
    """The verbs of ``tests.api.gateway.Caller``, on the function itself."""

    def get(self, path: str, **options: Any) -> Reply:
        return self.request("GET", path, **options)

    def post(self, path: str, body: object, **options: Any) -> Reply:
        return self.request("POST", path, body, **options)

    def put(self, path: str, body: object, **options: Any) -> Reply:
        return self.request("PUT", path, body, **options)

    def patch(self, path: str, body: object, **options: Any) -> Reply:
        return self.request("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> Reply:
        return self.request("DELETE", path, **options)

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        query: dict[str, Any] | None = None,
        key: str | None = None,
    ) -> Reply:
        template, parameters = _match(path)
        headers = {"content-type": "application/json"} if body is not None else {}
        if key is not None:
            headers["idempotency-key"] = key
        event = gateway_event(
            method, template, path, parameters, headers=headers, body=body, query=query, authorizer=_ADMIN
        )
        answer = app(event, CONTEXT)
        return Reply(answer["statusCode"], answer["headers"], answer["body"])


@cache
def _match(path: str) -> tuple[str, dict[str, str]]:
    """The route's template and the path's parameters; literal segments win over variables.

    The gateway's work, not the function's, so no call pays for it twice.
    """
    for greedy in MLFLOW_ROUTES:
        before = greedy.removesuffix("{proxy+}")
        if path.startswith(before):
            return greedy, {"proxy": path.removeprefix(before)}
    parts = path.split("/")
    found: list[tuple[int, str, dict[str, str]]] = []
    for route in indexed_routes():
        pattern = route.path.split("/")
        if len(pattern) != len(parts):
            continue
        variables = {name[1:-1]: unquote(part) for name, part in zip(pattern, parts, strict=True) if name[:1] == "{"}
        if all(name[:1] == "{" or name == part for name, part in zip(pattern, parts, strict=True)):
            found.append((len(variables), route.path, variables))
    _, template, parameters = min(found, key=lambda match: match[0])
    return template, parameters
