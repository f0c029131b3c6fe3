"""All routes of the API, known without importing the modules that declare them.

A cold start tells Chalice the method and path of each route. It needs no view and no schema for that, so the package
carries an index of the routes, and a request imports only the module of its own route. A checkout has no index and
makes it from the modules.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.api.route import Route

# The modules that declare routes, in the order in which the OpenAPI document lists them.
MODULES: Final = (
    "models.routes",
    "versions.routes",
    "promotion.transition_routes",
    "versions.artifact_routes",
    "scanning.routes",
    "aliases.routes",
    "promotion.stage_routes",
    "aliases.as_of_routes",
    "lifecycle.routes",
    "schemes.routes",
    "promotion.request_routes",
    "promotion.inbox_routes",
    "cards.routes",
    "cards.comment_routes",
    "audit.change_routes",
    "evidence.check_routes",
    "evidence.evaluation_routes",
    "evidence.evidence_file_routes",
    "evidence.attestation_routes",
    "signing.routes",
    "signing.statement_routes",
    "evidence.comparison_routes",
    "aliases.challenger_routes",
    "overviews.routes",
    "search.routes",
    "audit.routes",
    "access.token_routes",
    "access.routes",
    "access.quota_routes",
    "sessions.auth_routes",
    "sessions.oidc_routes",
    "sessions.routes",
    "webhooks.routes",
    "schedules.routes",
    "deployments.target_routes",
    "deployments.routes",
    "signing.signer_routes",
    "monitoring.routes",
    "lineage.routes",
    "openlineage.routes",
    "bom.routes",
    "vulnerabilities.routes",
    "contract",
    "audit.usage_routes",
)
FILE: Final = "route_index.json"


@dataclass(frozen=True, slots=True)
class IndexedRoute:
    """What a cold start knows of a route. ``path`` is the gateway's; ``public`` routes pass without the authorizer."""

    method: str
    path: str
    name: str
    public: bool
    module: str

    def declared(self) -> "Route":
        """The route with its view and schemas. Imports its module."""
        return next(route for route in _declared_in(self.module) if route.name == self.name)


def indexed_routes() -> list[IndexedRoute]:
    """Every route: from the index of the package, or else from the modules."""
    file = Path(__file__).with_name(FILE)
    if file.exists():
        return [IndexedRoute(**route) for route in json.loads(file.read_text())]
    return list(_from_modules())


def all_routes() -> list["Route"]:
    """Every route with its view and schemas. Imports all modules."""
    return [route for module in MODULES for route in _declared_in(module)]


def write_index() -> None:
    """Write the index beside this module, for the package that is being made of it."""
    routes = [asdict(route) for route in _from_modules()]
    Path(__file__).with_name(FILE).write_text(json.dumps(routes, separators=(",", ":")))


def _from_modules() -> Iterator[IndexedRoute]:
    for module in MODULES:
        for route in _declared_in(module):
            yield IndexedRoute(route.method, route.gateway_path, route.name, route.public, module)


def _declared_in(module: str) -> list["Route"]:
    declared: list[Route] = import_module(f"{__package__}.{module}").routes.declared
    return declared
