"""The app behind Chalice's local gateway, which stands in for API Gateway."""

import base64
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, unquote, urlencode

from chalice.test import Client, HTTPResponse
from pydantic import TypeAdapter

from app import app
from chalicelib.api.authorizer import Unauthorized
from chalicelib.api.caller import to_context
from chalicelib.api.document import Html, ProblemView
from chalicelib.api.huggingface.routes import ROUTE as HUB_ROUTE
from chalicelib.api.mlflow.routes import OPEN as MLFLOW_OPEN
from chalicelib.api.mlflow.routes import ROUTES as MLFLOW_ROUTES
from chalicelib.api.oci.routes import ROOT as OCI_ROOT
from chalicelib.api.oci.routes import ROUTE as OCI_ROUTE
from chalicelib.api.route_index import all_routes, indexed_routes
from chalicelib.domain.access.principal import Principal, Role

# The routes of dialects, which have tables of their own.
DIALECTS = {*MLFLOW_ROUTES, *MLFLOW_OPEN, HUB_ROUTE, OCI_ROOT, OCI_ROUTE}
# The fields of an error, by how the path of its dialect begins.
ERRORS = {"/hf/": {"error"}, "/v2": {"errors"}, "/": {"error_code", "message"}}


@dataclass(frozen=True)
class Reply:
    """An answer of the API. ``content`` holds the bytes of an answer that is not text."""

    status: int
    headers: dict[str, str]
    text: str
    content: bytes = b""
    cookies: tuple[str, ...] = ()

    @property
    def document(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The problem's code."""
        code: str = self.document["code"]
        return code

    @property
    def etag(self) -> str:
        return self.headers["ETag"]


@lru_cache(maxsize=1)
def client() -> Client:
    return Client(app, stage_name="test")


class Caller:
    """Someone who calls the API, with a token or without."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def get(self, path: str, **options: Any) -> Reply:
        return self.request("GET", path, **options)

    def post(self, path: str, body: object = None, **options: Any) -> Reply:
        return self.request("POST", path, body, **options)

    def put(self, path: str, body: object = None, **options: Any) -> Reply:
        return self.request("PUT", path, body, **options)

    def patch(self, path: str, body: object = None, **options: Any) -> Reply:
        return self.request("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> Reply:
        return self.request("DELETE", path, **options)

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        key: str | None = None,
    ) -> Reply:
        """Send one request: ``body`` as JSON, ``raw`` as it is, ``key`` as the Idempotency-Key."""
        sent = {} if self._token is None else {"Authorization": f"Bearer {self._token}"}
        content = raw or b""
        if body is not None:
            content = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        if key is not None:
            sent["Idempotency-Key"] = key
        sent |= headers or {}
        where = path if query is None else f"{path}?{urlencode(query)}"
        try:
            response: HTTPResponse = client().http.request(method, where, headers=sent, body=content)
        except Unauthorized:
            # API Gateway answers 401 to this message. The local gateway lets the exception through.
            return Reply(401, {}, json.dumps({"code": "unauthenticated"}))
        reply = Reply(response.status_code, dict(response.headers), response.body.decode())
        _check_form(method, path.partition("?")[0], reply)
        return reply


def _check_form(method: str, path: str, reply: Reply) -> None:
    """Check that an answer has the form that its route declares, or that of an error in its dialect."""
    if "X-Request-Id" not in reply.headers or reply.status == 304:
        return
    if not path.startswith(("/v1/", "/auth/")):
        if reply.status >= 400:
            fields = next(fields for begin, fields in ERRORS.items() if path.startswith(begin))
            assert set(reply.document) == fields
        return
    if reply.status >= 400:
        ProblemView.model_validate_json(reply.text)
        return
    # Like API Gateway, prefer a literal path over one with a parameter in its place.
    routes = sorted(all_routes(), key=lambda route: len(route.parameters))
    route = next(route for route in routes if route.method == method and _pattern(route.path).fullmatch(path))
    shape = route.answers[reply.status]
    if shape is None:
        assert reply.text == ""
    elif shape is Html:
        assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    else:
        TypeAdapter(shape).validate_json(reply.text)


@lru_cache
def _pattern(path: str) -> re.Pattern[str]:
    pattern = re.sub(r"{\w+}", "[^/]+", path)
    # The path of a file takes the rest of the address.
    return re.compile(pattern.removesuffix("[^/]+") + ".+" if path.endswith("/{path}") else pattern)


class Function(Caller):
    """A caller whom the authorizer has vouched for, or nobody. Calls the function itself, as API Gateway does.

    ``stage_variables`` and ``context`` are what API Gateway adds to the request. The requests have the ids
    ``request-1`` and so on.
    """

    def __init__(
        self, principal: Principal | None, stage_variables: dict[str, str] | None = None, **context: Any
    ) -> None:
        super().__init__(None)
        self._stage_variables = stage_variables
        self._requests = 0
        self._context = context if principal is None else {"authorizer": to_context(principal), **context}

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        key: str | None = None,
    ) -> Reply:
        template, parameters = route_at(path)
        self._requests += 1
        request_id = f"request-{self._requests}"
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if body is not None:
            sent["content-type"] = "application/json"
        if key is not None:
            sent["idempotency-key"] = key
        event = {
            "headers": sent,
            # The gateway treats every content type as binary.
            "body": base64.b64encode(raw or b"" if body is None else json.dumps(body).encode()).decode(),
            "isBase64Encoded": True,
            "pathParameters": dict(parameters),
            "multiValueQueryStringParameters": {name: _values(value) for name, value in (query or {}).items()} or None,
            "stageVariables": self._stage_variables,
            "requestContext": {
                "httpMethod": method,
                "resourcePath": template,
                "path": path,
                "requestId": request_id,
                **self._context,
            },
        }
        answer = app(event, SimpleNamespace(aws_request_id=request_id, get_remaining_time_in_millis=lambda: 28_000))
        binary = answer.get("isBase64Encoded", False)
        content = base64.b64decode(answer["body"]) if binary else b""
        reply = Reply(
            answer["statusCode"], answer["headers"], "" if binary else answer["body"], content, _cookies(answer)
        )
        _check_form(method, path, reply)
        return reply


def _cookies(answer: dict[str, Any]) -> tuple[str, ...]:
    """What an answer of the function sets: one cookie as a header, or several as a header of several values."""
    several: list[str] = answer.get("multiValueHeaders", {}).get("Set-Cookie", [])
    one = answer["headers"].get("Set-Cookie")
    return (*several, *([] if one is None else [one]))


def _values(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


@cache
def route_at(path: str) -> tuple[str, dict[str, str]]:
    """The route's template and the path's parameters. Literal segments win over variables.

    Finding it is the gateway's work, so it is done once for each path.
    """
    if path == OCI_ROOT:
        return path, {}
    for greedy in (*MLFLOW_ROUTES, HUB_ROUTE, OCI_ROUTE):
        before = greedy.removesuffix("{proxy+}")
        if path.startswith(before):
            return greedy, {"proxy": path.removeprefix(before)}
    found: list[tuple[int, str, dict[str, str]]] = []
    for route in indexed_routes():
        pattern = route.path.replace("+}", "}").split("/")
        # A greedy parameter, always the last, takes all that is left.
        parts = path.split("/", len(pattern) - 1 if route.path.endswith("+}") else -1)
        if len(pattern) != len(parts):
            continue
        variables = {name[1:-1]: unquote(part) for name, part in zip(pattern, parts, strict=True) if name[:1] == "{"}
        if all(name[:1] == "{" or name == part for name, part in zip(pattern, parts, strict=True)):
            found.append((len(variables), route.path, variables))
    _, template, parameters = min(found, key=lambda match: match[0])
    return template, parameters


def native_routes() -> set[tuple[str, str]]:
    """Path and method of every route of the app, without those of dialects."""
    native = app.routes.keys() - DIALECTS
    return {(path.replace("+}", "}"), method) for path in native for method in app.routes[path]}


def granted(admin: Caller, role: Role | str, models: str = "*", name: str = "someone") -> Caller:
    """A caller with a fresh token of ``role`` on ``models``."""
    created = admin.post("/v1/tokens", {"name": name, "grants": [{"role": str(role), "models": models}]})
    assert created.status == 201, created.text
    return Caller(created.document["token"])


def encoded(name: str) -> str:
    """A name as one path segment."""
    return quote(name, safe="")
