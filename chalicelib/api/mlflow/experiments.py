"""Experiments in the dialect."""

from typing import Any, Final

from chalicelib.api.mlflow import naming, paging
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.api.mlflow.tracking_presenters import experiment_document
from chalicelib.domain.mlflow.tracking.search import of_experiment, parsed
from chalicelib.registry.mlflow.tracking import experiments

_MAX_EXAMINED: Final = 1_000


def create(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    created = experiments.create_experiment(
        call.services,
        call.principal,
        given.required("name"),
        given.text("artifact_location") or "",
        given.pairs("tags"),
    )
    return {"experiment_id": created.id}


def get(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    experiment = experiments.get_experiment(call.services, call.principal, given.required("experiment_id"))
    return {"experiment": experiment_document(experiment)}


def get_by_name(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    experiment = experiments.experiment_named(call.services, call.principal, given.required("experiment_name"))
    return {"experiment": experiment_document(experiment)}


def search(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """The experiments that match a filter, newest first. The size of a page counts the experiments examined."""
    conditions, view = parsed(given.text("filter") or ""), naming.view(given, "view_type")
    limit = given.integer("max_results", _MAX_EXAMINED)
    paging.check_limit(limit, 50_000)
    start = paging.start(call, given.text("page_token"))
    page = experiments.list_experiments(call.services, call.principal, min(limit, _MAX_EXAMINED), start)
    found = [
        experiment
        for experiment in page.items
        if view.shows(experiment.deleted) and all(one.holds(of_experiment(experiment)) for one in conditions)
    ]
    return paging.listed("experiments", list(map(experiment_document, found)), call.cursor(page.next_start))


def update(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """Rename the experiment."""
    given.require("experiment_id", "new_name")
    experiments.rename_experiment(
        call.services, call.principal, given.required("experiment_id"), given.required("new_name")
    )
    return {}


def delete(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    experiments.delete_experiment(call.services, call.principal, given.required("experiment_id"))
    return {}


def restore(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    experiments.restore_experiment(call.services, call.principal, given.required("experiment_id"))
    return {}


def set_tag(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    given.require("experiment_id", "key")
    experiments.tag_experiment(
        call.services,
        call.principal,
        given.required("experiment_id"),
        given.required("key"),
        given.text("value") or "",
    )
    return {}


def delete_tag(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    given.require("experiment_id", "key")
    experiments.untag_experiment(call.services, call.principal, given.required("experiment_id"), given.required("key"))
    return {}
