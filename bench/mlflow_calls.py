"""The calls of MLflow's registry API that the two servers are compared by."""

from dataclasses import dataclass, field
from typing import Any, Final

BASE: Final = "/api/2.0/mlflow"
# Every seeded model has a version that this run made.
RUN: Final = "run-7"
PAGE: Final = 100
# What the client asks for when its user names no number.
CLIENTS_PAGE: Final = 10_000
_STAGE: Final = "Staging"
_SET_TAG: Final = {"version": "3", "key": "checked", "value": "yes"}


@dataclass(frozen=True)
class Call:
    """One call; ``fields`` go into the query of a GET and into the body of anything else."""

    name: str
    method: str
    path: str
    fields: dict[str, Any] = field(default_factory=dict)


def calls(model: str) -> list[Call]:
    """Every call on ``model``, of which version 3 has the alias ``champion``, in an order that can be repeated."""
    named = {"name": model}
    third = {**named, "version": "3"}

    def search(what: str, filter_string: str | None, count: int = PAGE) -> Call:
        asked = {"max_results": count} | ({} if filter_string is None else {"filter": filter_string})
        return Call(what, "GET", "model-versions/search", asked)

    return [
        Call("get_registered_model", "GET", "registered-models/get", named),
        Call("get_model_version", "GET", "model-versions/get", third),
        Call("get_model_version_by_alias", "GET", "registered-models/alias", {**named, "alias": "champion"}),
        Call("get_latest_versions", "POST", "registered-models/get-latest-versions", named),
        Call("get_model_version_download_uri", "GET", "model-versions/get-download-uri", third),
        search("search versions of one model (100)", f"name = '{model}'"),
        search("search all versions (100)", None),
        search("search versions by a tag (100)", "tags.team = 'risk'"),
        search("search versions by run", f"run_id = '{RUN}'"),
        search("search all versions (client's page)", None, CLIENTS_PAGE),
        Call("search_registered_models (100)", "GET", "registered-models/search", {"max_results": PAGE}),
        Call("create_model_version", "POST", "model-versions/create", {**named, "source": "s3://elsewhere/model"}),
        Call("update_model_version", "PATCH", "model-versions/update", {**third, "description": "as before"}),
        Call("set_model_version_tag", "POST", "model-versions/set-tag", {**named, **_SET_TAG}),
        Call("delete_model_version_tag", "DELETE", "model-versions/delete-tag", {**third, "key": "checked"}),
        Call("set_registered_model_tag", "POST", "registered-models/set-tag", {**named, "key": "k", "value": "v"}),
        Call("delete_registered_model_tag", "DELETE", "registered-models/delete-tag", {**named, "key": "k"}),
        Call("set_registered_model_alias", "POST", "registered-models/alias", {**third, "alias": "blue"}),
        Call("delete_registered_model_alias", "DELETE", "registered-models/alias", {**named, "alias": "blue"}),
        Call(
            "transition_model_version_stage", "POST", "model-versions/transition-stage", {**third, "stage": "Staging"}
        ),
    ]
