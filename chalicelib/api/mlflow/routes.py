"""Five greedy routes serve the whole dialect, and two more tell that it is there. ``endpoints`` lists what the five
lead to.

One route for each endpoint would be several hundred methods of the gateway. Chalice does not know greedy path
variables: it passes no value to the view, but the request holds the gateway's.
"""

from typing import Any, Final

from chalice.app import Blueprint, Response

from chalicelib.api.authorizer import authorizer

blueprint = Blueprint(__name__)

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Each route with the prefix of its endpoints' paths. MLflow's web interface calls the routes under /ajax-api.
ROUTES: Final = {
    "/api/2.0/mlflow/{proxy+}": "mlflow/",
    "/ajax-api/2.0/mlflow/{proxy+}": "mlflow/",
    "/api/2.0/mlflow-artifacts/{proxy+}": "mlflow-artifacts/",
    "/ajax-api/2.0/mlflow-artifacts/{proxy+}": "mlflow-artifacts/",
    "/api/3.0/mlflow/{proxy+}": "3.0/mlflow/",
}
# What monitors and scripts ask MLflow's server without a token. The version is that of the server that the dialect is
# compared with.
OPEN: Final = {"/health": "OK", "/version": "3.17.2"}


def _serve(route: str, prefix: str) -> None:
    def served() -> Any:
        from chalicelib.api.mlflow.dispatch import dispatch

        return dispatch(route, prefix, blueprint.current_request)

    name = "mlflow_" + "_".join(part for part in route.replace(".", "_").replace("-", "_").split("/")[1:-1])
    blueprint.route(route, methods=list(METHODS), name=name, content_types=["*/*"], authorizer=authorizer)(served)


def _tell(route: str, text: str) -> None:
    def told() -> Response:
        return Response(text, {"Content-Type": "text/plain", "X-Content-Type-Options": "nosniff"})

    blueprint.route(route, methods=["GET"], name=f"mlflow_{route.removeprefix('/')}")(told)


for _route, _prefix in ROUTES.items():
    _serve(_route, _prefix)
for _route, _text in OPEN.items():
    _tell(_route, _text)
