"""Two routes serve the whole dialect: the one by which clients see that it is there, and a greedy one.

OCI clients look for ``/v2/`` at the root of a host, so on AWS they need the registry to have a domain of its own.
"""

from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.api.authorizer import authorizer

blueprint = Blueprint(__name__)

ROOT: Final = "/v2"
ROUTE: Final = "/v2/{proxy+}"


def _serve(route: str, name: str) -> None:
    def served() -> Any:
        from chalicelib.api.oci.dispatch import dispatch

        return dispatch(route, blueprint.current_request)

    blueprint.route(route, methods=["GET", "HEAD"], name=name, content_types=["*/*"], authorizer=authorizer)(served)


_serve(ROOT, "oci_root")
_serve(ROUTE, "oci")
