"""Every endpoint of the dialect: where it is, what it takes to call it, and which function answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from chalicelib.api.reading import MAX_BODY
from chalicelib.domain.access.principal import Action

# A parameter of a path, and one that takes any depth of it.
# Of what clients send whole that may be long: schemas of datasets, the address of each part of a file. It is as much as
# reaches a function.
_LARGE: Final = 4_500_000
_VARIABLE: Final = re.compile(r"\{(\w+)(\+?)\}")


@dataclass(frozen=True)
class Endpoint:
    """``action`` must be allowed on the model that the parameter ``on`` names, or on the whole registry.

    With no action the handler itself looks what the caller may do; a comment says why it is its to look.
    ``path`` is what comes after ``/api/2.0/``, or after ``/api/`` where it begins with another version. ``handler`` is
    ``module.function`` of this package. ``raw``: the body is a file's bytes, and parameters are of the query only.
    ``most_bytes`` is what a JSON body may have.
    """

    method: str
    path: str
    handler: str
    action: Action | None = None
    on: str | None = None
    raw: bool = False
    most_bytes: int = MAX_BODY

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What the path matches, with the parameters as groups."""
        parts, done = [], 0
        for variable in _VARIABLE.finditer(self.path):
            depth = ".+" if variable[2] else "[^/]+"
            parts += [re.escape(self.path[done : variable.start()]), f"(?P<{variable[1]}>{depth})"]
            done = variable.end()
        return re.compile("".join([*parts, re.escape(self.path[done:])]), re.DOTALL)


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    Endpoint("POST", "mlflow/registered-models/create", "registered_models.create", Action.REGISTER, "name"),
    Endpoint("GET", "mlflow/registered-models/get", "registered_models.get", Action.READ, "name"),
    # Both names are the caller's to manage: the handler checks the new one.
    Endpoint("POST", "mlflow/registered-models/rename", "registered_models.rename", Action.MANAGE, "name"),
    Endpoint("PATCH", "mlflow/registered-models/update", "registered_models.update", Action.MANAGE, "name"),
    Endpoint("DELETE", "mlflow/registered-models/delete", "registered_models.delete", Action.MANAGE, "name"),
    # A search shows what the caller may read, and nothing of the rest.
    Endpoint("GET", "mlflow/registered-models/search", "searching.models"),
    # Clients before 2.0 ask by GET what later ones ask by POST.
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
    # Access to what is tracked is decided in registry/mlflow/tracking/rights.py: its owner, or a grant on every model.
    Endpoint("POST", "mlflow/experiments/create", "experiments.create"),
    Endpoint("GET", "mlflow/experiments/get", "experiments.get"),
    Endpoint("GET", "mlflow/experiments/get-by-name", "experiments.get_by_name"),
    Endpoint("POST", "mlflow/experiments/search", "experiments.search"),
    Endpoint("GET", "mlflow/experiments/search", "experiments.search"),
    Endpoint("POST", "mlflow/runs/create", "runs.create"),
    Endpoint("GET", "mlflow/runs/get", "runs.get"),
    Endpoint("POST", "mlflow/runs/update", "runs.update"),
    Endpoint("POST", "mlflow/runs/log-metric", "runs.log_metric"),
    Endpoint("POST", "mlflow/runs/log-parameter", "runs.log_parameter"),
    Endpoint("POST", "mlflow/runs/log-batch", "runs.log_batch"),
    Endpoint("POST", "mlflow/runs/log-inputs", "runs.log_inputs", most_bytes=_LARGE),
    Endpoint("POST", "mlflow/runs/outputs", "runs.log_outputs"),
    Endpoint("POST", "mlflow/runs/log-model", "runs.log_model"),
    Endpoint("POST", "mlflow/runs/set-tag", "runs.set_tag"),
    Endpoint("POST", "mlflow/runs/delete-tag", "runs.delete_tag"),
    Endpoint("POST", "mlflow/runs/search", "runs.search"),
    Endpoint("GET", "mlflow/metrics/get-history", "runs.metric_history"),
    Endpoint("POST", "mlflow/logged-models", "logged_models.create"),
    Endpoint("POST", "mlflow/logged-models/search", "logged_models.search"),
    Endpoint("GET", "mlflow/logged-models/{model_id}", "logged_models.get"),
    Endpoint("PATCH", "mlflow/logged-models/{model_id}", "logged_models.finalize"),
    Endpoint("DELETE", "mlflow/logged-models/{model_id}", "logged_models.delete"),
    Endpoint("POST", "mlflow/logged-models/{model_id}/params", "logged_models.log_params"),
    Endpoint("PATCH", "mlflow/logged-models/{model_id}/tags", "logged_models.set_tags"),
    Endpoint("DELETE", "mlflow/logged-models/{model_id}/tags/{tag_key+}", "logged_models.delete_tag"),
    # Whose a file is says its path: registry/mlflow/tracking/artifacts.py.
    Endpoint("GET", "mlflow-artifacts/artifacts", "artifacts.listed"),
    Endpoint("GET", "mlflow-artifacts/artifacts/{path+}", "artifacts.download"),
    Endpoint("PUT", "mlflow-artifacts/artifacts/{path+}", "artifacts.upload", raw=True),
    Endpoint("DELETE", "mlflow-artifacts/artifacts/{path+}", "artifacts.delete"),
    Endpoint("GET", "mlflow-artifacts/presigned/{path+}", "artifacts.presigned"),
    Endpoint("POST", "mlflow-artifacts/mpu/create/{path+}", "artifacts.begin_upload"),
    Endpoint("POST", "mlflow-artifacts/mpu/create", "artifacts.begin_upload"),
    Endpoint("POST", "mlflow-artifacts/mpu/complete/{path+}", "artifacts.complete_upload", most_bytes=_LARGE),
    Endpoint("POST", "mlflow-artifacts/mpu/complete", "artifacts.complete_upload", most_bytes=_LARGE),
    Endpoint("POST", "mlflow-artifacts/mpu/abort/{path+}", "artifacts.abort_upload"),
    Endpoint("POST", "mlflow-artifacts/mpu/abort", "artifacts.abort_upload"),
    # Anybody with a token: it says what the server can, and nothing of what it holds.
    Endpoint("GET", "3.0/mlflow/server-info", "server_info.get"),
)

_LITERAL: Final = {(one.method, one.path): one for one in ENDPOINTS if "{" not in one.path}
_VARIED: Final = tuple(one for one in ENDPOINTS if "{" in one.path)


def found(method: str, path: str) -> tuple[Endpoint, Mapping[str, str]] | None:
    """The endpoint at a path with the path's parameters, as they stand there; a literal path before a varied one."""
    literal = _LITERAL.get((method, path))
    if literal is not None:
        return literal, {}
    for endpoint in _VARIED:
        match = endpoint.pattern.fullmatch(path) if endpoint.method == method else None
        if match is not None:
            return endpoint, match.groupdict()
    return None
