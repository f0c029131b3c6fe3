"""A call of the API with its answer, and the registry in which calls are made to be shown."""

from dataclasses import dataclass
from typing import Any, Final

import pytest

from chalicelib.aws.services import Services
from tests.api.gateway import Reply, route_at
from tests.golden.story import Story

# Webhooks go to an address of which no name is looked up. Pages show it under a name.
RECEIVER: Final = "https://93.184.216.34/hooks"
_SHOWN_RECEIVER: Final = "https://ci.example.com/hooks"


class ExampleFailed(Exception):
    """A call that is to be shown was refused. The message has the call and the answer."""


@dataclass(frozen=True)
class Exchange:
    """One call and its answer. ``text`` is the answer's document, empty if it has none."""

    method: str
    path: str
    query: dict[str, Any]
    body: Any
    status: int
    headers: dict[str, str]
    text: str


class Told(Story):
    """A registry with a fixed clock and fixed ids that keeps the first call of each operation.

    ``exchanges`` has them by method and path template, as the OpenAPI document names operations.
    """

    def __init__(self, registry: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(registry, monkeypatch)
        self.exchanges: dict[tuple[str, str], Exchange] = {}

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        by: str = "ada",
        key: str | None = None,
        query: dict[str, Any] | None = None,
    ) -> Any:
        """The document of a call that must succeed."""
        self.wait(minutes=1)
        reply = self._people[by].request(method, f"/v1/{path}", body, key=key, query=query)
        self.keep(method, f"/v1/{path}", query, body, reply)
        return reply.document if reply.text.startswith(("{", "[")) else None

    def get(self, path: str, by: str = "ada", /, **query: Any) -> Any:
        return self.call("GET", path, by=by, query=query or None)

    def keep(self, method: str, path: str, query: dict[str, Any] | None, body: object, reply: Reply) -> None:
        """Keep a call unless the operation has one. Raises ExampleFailed if it did not succeed."""
        if reply.status >= 400:
            raise ExampleFailed(f"{method} {path}: {reply.text}")
        # The OpenAPI document knows no parameter that takes several segments.
        template = route_at(path)[0].replace("+}", "}")
        text = reply.text.replace(RECEIVER, _SHOWN_RECEIVER)
        shown = {**body, "url": _SHOWN_RECEIVER} if isinstance(body, dict) and body.get("url") == RECEIVER else body
        exchange = Exchange(method, path, query or {}, shown, reply.status, reply.headers, text)
        self.exchanges.setdefault((method, template), exchange)
