"""Calls the API function as API Gateway does: an event and a context, behind the authorizer."""

from typing import Any

from app import app
from bench.gateway_event import CONTEXT, gateway_event
from chalicelib.api.caller import to_context
from chalicelib.domain.access.principal import Grant, Principal, Role
from tests.api.gateway import Reply, route_at

_ADMIN = Principal("token:bench", (Grant(Role.ADMIN, "*"),))
# Somebody whose every right hinges on the classification of a model.
_LIMITED = Principal("token:bench", (Grant(Role.ADMIN, "*", ("unclassified", "internal")),))


class Function:
    """The verbs of ``tests.api.gateway.Caller``, on the function itself.

    ``token`` is one to sign in with, ``cookie`` what a browser holds of a session, and ``session_id`` and
    ``other_session_id`` are other sessions. ``webhook`` is the id of a webhook with a log. ``window`` is where a window
    of a monitor begins, and ``windows`` are a batch of them. ``until`` is when a release from quarantine ends.
    ``statement`` is the number of a signed one. ``limited`` is the same caller with a grant that is limited to some
    classifications.
    """

    def __init__(self, principal: Principal = _ADMIN) -> None:
        self._context = to_context(principal)
        self.token = ""
        self.cookie = ""
        self.session_id = ""
        self.other_session_id = ""
        self.webhook = ""
        self.window = ""
        self.windows: list[dict[str, Any]] = []
        self.until = ""
        self.statement = 0

    @property
    def limited(self) -> "Function":
        return Function(_LIMITED)

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
        template, parameters = route_at(path)
        headers = {"content-type": "application/json"} if body is not None else {}
        if key is not None:
            headers["idempotency-key"] = key
        if path.startswith("/auth/"):
            headers |= {"content-type": "application/json", "sec-fetch-site": "same-origin"}
            # Who signs in has no session yet.
            headers |= {} if path == "/auth/token" else {"cookie": self.cookie}
        event = gateway_event(
            method, template, path, parameters, headers=headers, body=body, query=query, authorizer=self._context
        )
        answer = app(event, CONTEXT)
        return Reply(answer["statusCode"], answer["headers"], answer["body"])
