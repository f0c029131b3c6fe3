"""One greedy route serves the whole dialect. ``HF_ENDPOINT`` is the API's URL with ``/hf``.

Chalice passes no greedy parameter to the view, but the request holds the gateway's.
"""

from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.api.authorizer import authorizer

blueprint = Blueprint(__name__)

ROUTE: Final = "/hf/{proxy+}"


@blueprint.route(ROUTE, methods=["GET", "HEAD"], name="huggingface", content_types=["*/*"], authorizer=authorizer)
def serve() -> Any:
    from chalicelib.api.huggingface.dispatch import dispatch

    return dispatch(ROUTE, blueprint.current_request)
