"""Experiments in the dialect."""

from typing import Any, Final

from chalicelib.api.mlflow import paging, tracking_view
from chalicelib.api.mlflow.call import MlflowCall
from chalicelib.api.mlflow.parameters import Parameters
from chalicelib.domain.mlflow.tracking.search import of_experiment, parsed
from chalicelib.registry.mlflow.tracking import experiments

_MOST: Final = 1_000


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
    found = experiments.get_experiment(call.services, call.principal, given.required("experiment_id"))
    return {"experiment": tracking_view.experiment(found)}


def get_by_name(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    found = experiments.experiment_named(call.services, call.principal, given.required("experiment_name"))
    return {"experiment": tracking_view.experiment(found)}


def search(call: MlflowCall, given: Parameters) -> dict[str, Any]:
    """The experiments that a filter picks, newest first; a page counts those looked at."""
    conditions = parsed(given.text("filter") or "")
    limit = given.integer("max_results", _MOST)
    paging.check_limit(limit, 50_000)
    start = paging.start(call, given.text("page_token"))
    page = experiments.list_experiments(call.services, call.principal, min(limit, _MOST), start)
    picked = [one for one in page.items if all(each.holds(of_experiment(one)) for each in conditions)]
    shown = [] if given.said("view_type") == "DELETED_ONLY" else [tracking_view.experiment(one) for one in picked]
    return paging.listed("experiments", shown, call.cursor(page.next_start))
