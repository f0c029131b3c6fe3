"""Every endpoint of the dialect: its path, the action that a caller needs, and the function that answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from chalicelib.api.reading import MAX_BODY
from chalicelib.domain.access.principal import Action

# For bodies that can be long, with schemas of datasets or with the address of each part of a file. No larger body
# reaches a Lambda function.
_LARGE: Final = 4_500_000
# ``{name}`` stands for one segment of a path, ``{name+}`` for any number of segments.
_VARIABLE: Final = re.compile(r"\{(\w+)(\+?)\}")


@dataclass(frozen=True)
class Endpoint:
    """The caller must have ``action`` on the model that the parameter ``on`` names, or else on the whole registry.

    Without an action, the handler checks the caller's rights itself, and a comment in the table says why.
    ``path`` is the part after ``/api/2.0/``, or after ``/api/`` for paths that begin with another version.
    ``handler`` is ``module.function`` of this package. If ``raw``, the body is a file's bytes, and only the query has
    parameters. ``max_bytes`` is the limit of a JSON body. ``makes``: the call makes the model.
    """

    method: str
    path: str
    handler: str
    action: Action | None = None
    on: str | None = None
    raw: bool = False
    max_bytes: int = MAX_BODY
    makes: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the endpoint's paths, with the parameters as groups."""
        parts, end = [], 0
        for variable in _VARIABLE.finditer(self.path):
            value = ".+" if variable[2] else "[^/]+"
            parts += [re.escape(self.path[end : variable.start()]), f"(?P<{variable[1]}>{value})"]
            end = variable.end()
        return re.compile("".join([*parts, re.escape(self.path[end:])]), re.DOTALL)


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    Endpoint(
        "POST", "mlflow/registered-models/create", "registered_models.create", Action.REGISTER, "name", makes=True
    ),
    Endpoint("GET", "mlflow/registered-models/get", "registered_models.get", Action.READ, "name"),
    # The caller must have rights on both names: the handler checks the new one.
    Endpoint("POST", "mlflow/registered-models/rename", "registered_models.rename", Action.MANAGE, "name"),
    Endpoint("PATCH", "mlflow/registered-models/update", "registered_models.update", Action.MANAGE, "name"),
    Endpoint("DELETE", "mlflow/registered-models/delete", "registered_models.delete", Action.MANAGE, "name"),
    # A search shows only what the caller may read.
    Endpoint("GET", "mlflow/registered-models/search", "searching.models"),
    # Clients before 2.0 use GET, later ones POST.
    Endpoint("POST", "mlflow/registered-models/get-latest-versions", "registered_models.latest", Action.READ, "name"),
    Endpoint("GET", "mlflow/registered-models/get-latest-versions", "registered_models.latest", Action.READ, "name"),
    Endpoint("POST", "mlflow/registered-models/set-tag", "registered_models.set_tag", Action.MANAGE, "name"),
    Endpoint("DELETE", "mlflow/registered-models/delete-tag", "registered_models.delete_tag", Action.MANAGE, "name"),
    Endpoint("POST", "mlflow/registered-models/alias", "aliases.point", Action.TRANSITION, "name"),
    Endpoint("DELETE", "mlflow/registered-models/alias", "aliases.delete", Action.TRANSITION, "name"),
    Endpoint("GET", "mlflow/registered-models/alias", "aliases.get", Action.READ, "name"),
    Endpoint("POST", "mlflow/model-versions/create", "model_versions.create", Action.REGISTER, "name"),
    Endpoint("GET", "mlflow/model-versions/get", "model_versions.get", Action.READ, "name"),
    Endpoint("PATCH", "mlflow/model-versions/update", "model_versions.update", Action.ANNOTATE, "name"),
    Endpoint("POST", "mlflow/model-versions/transition-stage", "model_versions.transition", Action.TRANSITION, "name"),
    Endpoint("DELETE", "mlflow/model-versions/delete", "model_versions.delete", Action.MANAGE, "name"),
    Endpoint("GET", "mlflow/model-versions/search", "searching.versions"),
    Endpoint("GET", "mlflow/model-versions/get-download-uri", "model_versions.download_uri", Action.READ, "name"),
    Endpoint("POST", "mlflow/model-versions/set-tag", "model_versions.set_tag", Action.ANNOTATE, "name"),
    Endpoint("DELETE", "mlflow/model-versions/delete-tag", "model_versions.delete_tag", Action.ANNOTATE, "name"),
    Endpoint("POST", "mlflow/webhooks", "webhooks.create", Action.MANAGE_WEBHOOKS),
    Endpoint("GET", "mlflow/webhooks", "webhooks.search", Action.MANAGE_WEBHOOKS),
    Endpoint("GET", "mlflow/webhooks/{webhook_id}", "webhooks.get", Action.MANAGE_WEBHOOKS),
    Endpoint("PATCH", "mlflow/webhooks/{webhook_id}", "webhooks.update", Action.MANAGE_WEBHOOKS),
    Endpoint("DELETE", "mlflow/webhooks/{webhook_id}", "webhooks.delete", Action.MANAGE_WEBHOOKS),
    Endpoint("POST", "mlflow/webhooks/{webhook_id}/test", "webhooks.test", Action.MANAGE_WEBHOOKS),
    # registry/mlflow/tracking/rights.py decides on access to tracked entities: it takes their owner or a grant on every
    # model.
    Endpoint("POST", "mlflow/experiments/create", "experiments.create"),
    Endpoint("GET", "mlflow/experiments/get", "experiments.get"),
    Endpoint("GET", "mlflow/experiments/get-by-name", "experiments.get_by_name"),
    Endpoint("POST", "mlflow/experiments/update", "experiments.update"),
    Endpoint("POST", "mlflow/experiments/delete", "experiments.delete"),
    Endpoint("POST", "mlflow/experiments/restore", "experiments.restore"),
    Endpoint("POST", "mlflow/experiments/set-experiment-tag", "experiments.set_tag"),
    Endpoint("POST", "mlflow/experiments/delete-experiment-tag", "experiments.delete_tag"),
    Endpoint("POST", "mlflow/experiments/search", "experiments.search"),
    Endpoint("GET", "mlflow/experiments/search", "experiments.search"),
    Endpoint("POST", "mlflow/runs/create", "runs.create"),
    Endpoint("GET", "mlflow/runs/get", "runs.get"),
    Endpoint("POST", "mlflow/runs/update", "runs.update"),
    Endpoint("POST", "mlflow/runs/delete", "runs.delete"),
    Endpoint("POST", "mlflow/runs/restore", "runs.restore"),
    Endpoint("POST", "mlflow/runs/log-metric", "runs.log_metric"),
    Endpoint("POST", "mlflow/runs/log-parameter", "runs.log_parameter"),
    Endpoint("POST", "mlflow/runs/log-batch", "runs.log_batch"),
    Endpoint("POST", "mlflow/runs/log-inputs", "runs.log_inputs", max_bytes=_LARGE),
    Endpoint("POST", "mlflow/runs/outputs", "runs.log_outputs"),
    Endpoint("POST", "mlflow/runs/log-model", "runs.log_model"),
    Endpoint("POST", "mlflow/runs/set-tag", "runs.set_tag"),
    Endpoint("POST", "mlflow/runs/delete-tag", "runs.delete_tag"),
    Endpoint("POST", "mlflow/runs/search", "runs.search"),
    Endpoint("GET", "mlflow/metrics/get-history", "runs.metric_history"),
    Endpoint("GET", "mlflow/artifacts/list", "artifacts.listed_of_run"),
    Endpoint("POST", "mlflow/logged-models", "logged_models.create"),
    Endpoint("POST", "mlflow/logged-models/search", "logged_models.search"),
    Endpoint("GET", "mlflow/logged-models/{model_id}", "logged_models.get"),
    Endpoint("PATCH", "mlflow/logged-models/{model_id}", "logged_models.finalize"),
    Endpoint("DELETE", "mlflow/logged-models/{model_id}", "logged_models.delete"),
    Endpoint("POST", "mlflow/logged-models/{model_id}/params", "logged_models.log_params"),
    Endpoint("PATCH", "mlflow/logged-models/{model_id}/tags", "logged_models.set_tags"),
    Endpoint("DELETE", "mlflow/logged-models/{model_id}/tags/{tag_key+}", "logged_models.delete_tag"),
    # A file's path says who owns it: registry/mlflow/tracking/artifacts.py.
    Endpoint("GET", "mlflow-artifacts/artifacts", "artifacts.listed"),
    Endpoint("GET", "mlflow-artifacts/artifacts/{path+}", "artifacts.download"),
    Endpoint("PUT", "mlflow-artifacts/artifacts/{path+}", "artifacts.upload", raw=True),
    Endpoint("DELETE", "mlflow-artifacts/artifacts/{path+}", "artifacts.delete"),
    Endpoint("GET", "mlflow-artifacts/presigned/{path+}", "artifacts.presigned"),
    Endpoint("POST", "mlflow-artifacts/mpu/create/{path+}", "artifacts.begin_upload"),
    Endpoint("POST", "mlflow-artifacts/mpu/create", "artifacts.begin_upload"),
    Endpoint("POST", "mlflow-artifacts/mpu/complete/{path+}", "artifacts.complete_upload", max_bytes=_LARGE),
    Endpoint("POST", "mlflow-artifacts/mpu/complete", "artifacts.complete_upload", max_bytes=_LARGE),
    Endpoint("POST", "mlflow-artifacts/mpu/abort/{path+}", "artifacts.abort_upload"),
    Endpoint("POST", "mlflow-artifacts/mpu/abort", "artifacts.abort_upload"),
    # Anybody with a token may ask: the answer tells what the server can do, not what it holds.
    Endpoint("GET", "3.0/mlflow/server-info", "server_info.get"),
)

_LITERAL: Final = {(endpoint.method, endpoint.path): endpoint for endpoint in ENDPOINTS if "{" not in endpoint.path}
_WITH_VARIABLES: Final = tuple(endpoint for endpoint in ENDPOINTS if "{" in endpoint.path)


def endpoint_at(method: str, path: str) -> tuple[Endpoint, Mapping[str, str]] | None:
    """The endpoint at a path, and the path's parameters, still encoded. A literal path wins over one with variables."""
    literal = _LITERAL.get((method, path))
    if literal is not None:
        return literal, {}
    for endpoint in _WITH_VARIABLES:
        match = endpoint.pattern.fullmatch(path) if endpoint.method == method else None
        if match is not None:
            return endpoint, match.groupdict()
    return None
