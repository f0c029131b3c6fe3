"""Five greedy routes carry the whole dialect; ``endpoints`` says what is behind them.

One route an endpoint would be several hundred methods of the gateway. Chalice does not know greedy path variables: it
hands no value to the view, but the gateway's is in the request.
"""

from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.api.authorizer import authorizer

blueprint = Blueprint(__name__)

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Each with what it stands for in the paths of the endpoints. MLflow's web interface asks by the second of each pair.
ROUTES: Final = {
    "/api/2.0/mlflow/{proxy+}": "mlflow/",
    "/ajax-api/2.0/mlflow/{proxy+}": "mlflow/",
    "/api/2.0/mlflow-artifacts/{proxy+}": "mlflow-artifacts/",
    "/ajax-api/2.0/mlflow-artifacts/{proxy+}": "mlflow-artifacts/",
    "/api/3.0/mlflow/{proxy+}": "3.0/mlflow/",
}


def _serve(route: str) -> None:
    def served() -> Any:
        from chalicelib.api.mlflow.dispatch import dispatch

        return dispatch(route, blueprint.current_request)

    name = "mlflow_" + "_".join(part for part in route.replace(".", "_").replace("-", "_").split("/")[1:-1])
    blueprint.route(route, methods=list(METHODS), name=name, content_types=["*/*"], authorizer=authorizer)(served)


for _route in ROUTES:
    _serve(_route)
