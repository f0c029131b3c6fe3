"""Routes. Each view is declared once; Chalice's route, the access check and the OpenAPI document follow from that.

A view is a function ``(call, <path parameters>, body?, query?) -> Answer``. Its ``body`` and ``query`` are parsed to
the types of their annotations. A view without them accepts neither.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from chalicelib.api.call import Answer
from chalicelib.api.document import Body, NoBody, NoQuery, Query
from chalicelib.domain.access.principal import Action

Handler: TypeAlias = Callable[..., Answer]


class Scope(StrEnum):
    """Where the caller must have a route's action."""

    MODEL = "model"  # on the model in the path
    NAMED = "named"  # on the model that the body names
    REGISTRY = "registry"  # on the registry as a whole
    LISTED = "listed"  # nowhere: the view shows only what the caller may read
    ANYONE = "anyone"  # nowhere: any valid token is enough
    PUBLIC = "public"  # nowhere: not even a token is needed


_SCOPES_WITHOUT_ACTION: Final = frozenset({Scope.ANYONE, Scope.PUBLIC})


@dataclass(frozen=True, slots=True)
class Route:
    """A declared route. ``answers`` maps each status to the schema of its document, or to None for an empty answer.

    ``gateway_path`` is the path as API Gateway has it: there, a parameter that takes several segments is ``{name+}``.
    """

    method: str
    path: str
    gateway_path: str
    action: Action | None
    scope: Scope
    answers: Mapping[int, Any]
    view: Handler
    body: type[Body] | None
    query: type[Query]
    tag: str

    @property
    def name(self) -> str:
        return self.view.__name__

    @property
    def public(self) -> bool:
        """Whether nobody needs a token."""
        return self.scope is Scope.PUBLIC

    @property
    def for_browsers(self) -> bool:
        """Whether the view looks at the cookies of a browser, and so at whose page sent the request."""
        return "browser" in self.view.__annotations__

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))


class Routes:
    """The routes of one module. ``tag`` groups them in the OpenAPI document."""

    def __init__(self, tag: str) -> None:
        self.declared: list[Route] = []
        self._tag = tag

    def get(self, path: str, action: Action | None = None, **declared: Any) -> Callable[[Handler], Handler]:
        return self._route("GET", path, action, **declared)

    def head(self, path: str, action: Action | None = None, **declared: Any) -> Callable[[Handler], Handler]:
        return self._route("HEAD", path, action, **declared)

    def post(self, path: str, action: Action | None = None, **declared: Any) -> Callable[[Handler], Handler]:
        return self._route("POST", path, action, **declared)

    def put(self, path: str, action: Action | None = None, **declared: Any) -> Callable[[Handler], Handler]:
        return self._route("PUT", path, action, **declared)

    def patch(self, path: str, action: Action | None = None, **declared: Any) -> Callable[[Handler], Handler]:
        return self._route("PATCH", path, action, **declared)

    def delete(self, path: str, action: Action | None = None, **declared: Any) -> Callable[[Handler], Handler]:
        return self._route("DELETE", path, action, **declared)

    def _route(
        self,
        method: str,
        path: str,
        action: Action | None,
        *,
        answers: Mapping[int, Any],
        scope: Scope | None = None,
    ) -> Callable[[Handler], Handler]:
        def register(view: Handler) -> Handler:
            declared = view.__annotations__
            route = Route(
                method,
                path.replace("+}", "}"),
                path,
                action,
                scope or (Scope.MODEL if "{model}" in path else Scope.REGISTRY),
                answers,
                view,
                declared.get("body", NoBody) if method in ("POST", "PUT", "PATCH") else None,
                declared.get("query", NoQuery),
                self._tag,
            )
            if (route.action is None) != (route.scope in _SCOPES_WITHOUT_ACTION):
                raise ValueError(f"{method} {path} must declare the action that it needs, or that it needs none")
            self.declared.append(route)
            return view

        return register
