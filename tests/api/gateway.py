"""The app behind Chalice's local gateway, in place of API Gateway."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from chalice.test import Client, HTTPResponse
from pydantic import TypeAdapter

from app import app
from chalicelib.api.authorizer import Unauthorized
from chalicelib.api.route import ROUTES
from chalicelib.api.schemas.document import ProblemView
from chalicelib.domain.access import Role


@dataclass(frozen=True)
class Reply:
    """An answer of the API."""

    status: int
    headers: dict[str, str]
    text: str

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
        """One request; ``body`` is sent as JSON, ``raw`` as it is, ``key`` as the Idempotency-Key."""
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
            # API Gateway answers 401 to this message; the local gateway lets the exception through.
            return Reply(401, {}, json.dumps({"code": "unauthenticated"}))
        reply = Reply(response.status_code, dict(response.headers), response.body.decode())
        _check_form(method, path.partition("?")[0], reply)
        return reply


def _check_form(method: str, path: str, reply: Reply) -> None:
    """Every answer that any test gets has the form that its route declares."""
    if "X-Request-Id" not in reply.headers or reply.status == 304:
        return
    if reply.status >= 400:
        ProblemView.model_validate_json(reply.text)
        return
    # A literal path before one with a parameter in its place, as API Gateway chooses.
    routes = sorted(ROUTES, key=lambda route: len(route.parameters))
    route = next(route for route in routes if route.method == method and _pattern(route.path).fullmatch(path))
    shape = route.answers[reply.status]
    if shape is None:
        assert reply.text == ""
    else:
        TypeAdapter(shape).validate_json(reply.text)


@lru_cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{\w+}", "[^/]+", path))


def granted(admin: Caller, role: Role | str, models: str = "*", name: str = "someone") -> Caller:
    """A caller with a fresh token of ``role`` on ``models``."""
    created = admin.post("/v1/tokens", {"name": name, "grants": [{"role": str(role), "models": models}]})
    assert created.status == 201, created.text
    return Caller(created.document["token"])


def encoded(name: str) -> str:
    """A name as one path segment."""
    return quote(name, safe="")
