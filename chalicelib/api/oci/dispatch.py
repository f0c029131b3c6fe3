"""What every call of the dialect shares: which kind it is, the access check, and how it is answered."""

import re
from typing import Final
from urllib.parse import unquote

from chalice.app import Request, Response

from chalicelib import registry
from chalicelib.api import arrival, problems
from chalicelib.api.arrival import Log
from chalicelib.api.call import Answer
from chalicelib.api.dispatch import presented
from chalicelib.api.oci import artifacts
from chalicelib.api.oci.artifacts import OciCall
from chalicelib.api.oci.errors import error_response
from chalicelib.api.repositories import model_for
from chalicelib.aws.services import services
from chalicelib.domain.access.principal import Action
from chalicelib.domain.errors import NotFoundError

_REPOSITORY: Final = "(?P<namespace>[^/]+)/(?P<name>[^/]+)"
# What each kind of call is, with the template of its path for the log, and the action that it needs.
_CALLS: Final = tuple(
    (re.compile(_REPOSITORY + rest), "{repository}" + template, action, answer)
    for rest, template, action, answer in (
        ("/manifests/(?P<reference>[^/]+)", "/manifests/{reference}", Action.READ, artifacts.manifest),
        ("/blobs/(?P<reference>[^/]+)", "/blobs/{digest}", Action.DOWNLOAD, artifacts.blob),
        ("/tags/(?P<reference>list)", "/tags/list", Action.READ, artifacts.tags),
    )
)


def dispatch(route: str, request: Request) -> Response:
    """Answer one request as an OCI registry would."""
    request_id = arrival.request_id(request)
    log: Log = {"method": request.method, "route": route, "request_id": request_id}

    def answer() -> Response:
        response = presented(_answer(route, request, request_id, log), request, public=False)
        response.headers["Docker-Distribution-API-Version"] = "registry/2.0"
        return response

    def refuse(error: Exception) -> tuple[str, Response]:
        registry_error = problems.as_registry_error(error, request_id)
        return registry_error.code, error_response(registry_error)

    return arrival.answered(request, log, answer, refuse)


def _answer(route: str, request: Request, request_id: str, log: Log) -> Answer:
    principal = arrival.principal(request.context, request_id)
    log["principal"] = principal.name
    # No name or digest has a sign whose encoding matters. Some gateways decode the path, others do not.
    path = unquote((request.uri_params or {}).get("proxy", ""))
    if not path:
        return Answer({})
    for pattern, template, action, answer in _CALLS:
        match = pattern.fullmatch(path)
        if match is not None:
            log["route"] = route.replace("{proxy+}", template)
            model, admitted = model_for(services(), principal, action, match["namespace"], match["name"])
            log["model"] = model
            repository = f"{match['namespace']}/{match['name']}"
            query = {name: values[-1] for name, values in arrival.query_parameters(request).items()}
            asked = OciCall(admitted, principal, request.method, repository, model, match["reference"], query)
            answered = answer(asked)
            registry.access.classified.ensure_admitted(admitted)
            return answered
    raise NotFoundError(f"Moorage serves no {request.method} {path} of OCI's calls: it can be pulled from only.")
