"""What every call of the dialect shares: which of the three kinds it is, the access check, and how it is answered."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from chalice.app import Request, Response

from chalicelib import registry
from chalicelib.api import arrival, problems
from chalicelib.api.arrival import Log
from chalicelib.api.call import Answer
from chalicelib.api.dispatch import presented
from chalicelib.api.huggingface import hub
from chalicelib.api.huggingface.errors import error_response
from chalicelib.api.huggingface.hub import HubCall
from chalicelib.api.repositories import model_for
from chalicelib.aws.services import services
from chalicelib.domain.access.principal import Action
from chalicelib.domain.errors import NotFoundError

# Names on the Hub may lack the namespace. Those of models never do, so they are looked up and not found.
_REPOSITORY: Final = r"(?:(?P<namespace>[^/]+)/)?(?P<name>[^/]+)"
# What each kind of call is, with the template of its path for the log, and the action that it needs.
_CALLS: Final = tuple(
    (re.compile(pattern, re.DOTALL), template, action, answer)
    for pattern, template, action, answer in (
        (
            f"api/models/{_REPOSITORY}/tree/(?P<revision>[^/]+)(?:/(?P<path>.+))?",
            "api/models/{repository}/tree/{revision}",
            Action.READ,
            hub.tree,
        ),
        (
            f"api/models/{_REPOSITORY}/revision/(?P<revision>[^/]+)",
            "api/models/{repository}/revision/{revision}",
            Action.READ,
            hub.info,
        ),
        (f"api/models/{_REPOSITORY}", "api/models/{repository}", Action.READ, hub.info),
        (
            f"{_REPOSITORY}/resolve/(?P<revision>[^/]+)/(?P<path>.+)",
            "{repository}/resolve/{revision}/{path}",
            Action.DOWNLOAD,
            hub.resolve,
        ),
    )
)


def dispatch(route: str, request: Request) -> Response:
    """Answer one request as the Hub would."""
    request_id = arrival.request_id(request)
    log: Log = {"method": request.method, "route": route, "request_id": request_id}

    def answer() -> Response:
        return presented(_answer(route, request, request_id, log), request, public=False)

    def refuse(error: Exception) -> tuple[str, Response]:
        registry_error = problems.as_registry_error(error, request_id)
        return registry_error.code, error_response(registry_error)

    return arrival.answered(request, log, answer, refuse)


def _answer(route: str, request: Request, request_id: str, log: Log) -> Answer:
    principal = arrival.principal(request.context, request_id)
    log["principal"] = principal.name
    encoded = (request.uri_params or {})["proxy"]
    for pattern, template, action, answer in _CALLS:
        match = pattern.fullmatch(encoded)
        if match is not None:
            log["route"] = route.replace("{proxy+}", template)
            given = _decoded(match.groupdict())
            model, admitted = model_for(services(), principal, action, given.get("namespace", ""), given["name"])
            log["model"] = model
            asked = arrival.query_parameters(request).get("recursive", [])
            answered = answer(
                HubCall(
                    services=admitted,
                    principal=principal,
                    repository=f"{given.get('namespace')}/{given['name']}",
                    model=model,
                    revision=given.get("revision", hub.DEFAULT_REVISION),
                    path=given.get("path", ""),
                    recursive=[one.lower() for one in asked] == ["true"],
                )
            )
            registry.access.classified.ensure_admitted(admitted)
            return answered
    raise NotFoundError(f"Moorage serves no {request.method} {encoded} of the Hub's calls.")


def _decoded(encoded: Mapping[str, Any]) -> dict[str, str]:
    try:
        return {name: unquote(value, errors="strict") for name, value in encoded.items() if value is not None}
    except UnicodeDecodeError:
        raise NotFoundError("The path is not percent-encoded UTF-8.") from None
