"""Searches the runs and logged models of experiments: the newest up to a limit are read, then filtered.

This is for finding what to register. It is not the search of an experiment tracker: older runs are found by id only.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.aws.mlflow import tracking_items
from chalicelib.aws.names import SORT_KEY
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.mlflow.tracking import search
from chalicelib.domain.mlflow.tracking.entities import LoggedModel, Run, View
from chalicelib.domain.mlflow.tracking.search import Condition, Fields, Order
from chalicelib.registry.mlflow.tracking import long_params, rights
from chalicelib.registry.mlflow.tracking.experiments import deleted_among

MAX_READ: Final = 1_000
# Each is a query of its own, which takes a few milliseconds.
MAX_EXPERIMENTS: Final = 500
# Of each experiment, even of many.
_LEAST_SHARE: Final = 20

T = TypeVar("T", Run, LoggedModel)


@dataclass(frozen=True, slots=True)
class _Kind(Generic[T]):
    """How an experiment lists runs or logged models, and how to read them."""

    prefix: str
    attribute: str
    key: Callable[[str], Key]
    read: Callable[[Item], T]


_RUNS: Final = _Kind(keys.LISTED_RUN_PREFIX, "run", keys.run, tracking_items.run_from)
_MODELS: Final = _Kind(keys.LISTED_MODEL_PREFIX, "model", keys.logged_model, tracking_items.logged_model_from)


def search_runs(
    services: Services,
    principal: Principal,
    experiments: Sequence[str],
    conditions: Sequence[Condition],
    orders: Sequence[Order],
    view: View = View.ACTIVE,
) -> list[Run]:
    """Runs that match the filter and that the principal may read, by default the last started first.

    Parameters that lie apart are not read, but for those that are searched by.

    A run of a deleted experiment counts as deleted.
    """
    _check(principal, experiments)
    deleted = deleted_among(services, experiments)
    found = [
        run
        for run in _newest(services, principal, experiments, _RUNS)
        if view.shows(run.deleted or run.experiment_id in deleted)
    ]
    found.sort(key=lambda run: (-run.started_ms, run.id))
    return _filtered(services, found, conditions, orders, search.of_run)


def search_logged_models(
    services: Services,
    principal: Principal,
    experiments: Sequence[str],
    conditions: Sequence[Condition],
    orders: Sequence[Order],
) -> list[LoggedModel]:
    """Logged models that match the filter and that the principal may read, by default the newest first.

    Parameters that lie apart are not read, but for those that are searched by.
    """
    _check(principal, experiments)
    found = [model for model in _newest(services, principal, experiments, _MODELS) if not model.deleted]
    found.sort(key=lambda model: (-model.created_ms, model.id))
    return _filtered(services, found, conditions, orders, search.of_model)


def _check(principal: Principal, experiments: Sequence[str]) -> None:
    rights.check_read_any(principal)
    if len(experiments) > MAX_EXPERIMENTS:
        raise InvalidInputError(
            f"At most {MAX_EXPERIMENTS} experiments are searched at a time; {len(experiments)} were named. Name fewer."
        )


def _newest(services: Services, principal: Principal, experiments: Sequence[str], kind: _Kind[T]) -> list[T]:
    """The newest that the experiments list together, without those that the principal may not read."""
    share = max(-(-MAX_READ // max(len(experiments), 1)), _LEAST_SHARE)
    listed: list[Item] = []
    for experiment in dict.fromkeys(experiments):
        found, _ = services.table.query(keys.experiment_runs(experiment), kind.prefix, share, newest_first=True)
        listed += found
    newest = heapq.nlargest(MAX_READ, listed, key=lambda one: str(one[SORT_KEY]))
    stored = services.table.load_all([kind.key(str(one[kind.attribute])) for one in newest])
    return [entity for entity in map(kind.read, stored.values()) if rights.may_read(principal, entity)]


def _filtered(
    services: Services,
    found: list[T],
    conditions: Sequence[Condition],
    orders: Sequence[Order],
    fields: Callable[[T], Fields],
) -> list[T]:
    names = {condition.key for condition in conditions} | {order.key for order in orders}
    found = long_params.with_some(services, found, names)
    matching = [one for one in found if all(condition.holds(fields(one)) for condition in conditions)]
    for order in reversed(orders):
        texts = any(isinstance(fields(one)(order.kind, order.key), str) for one in matching)
        matching.sort(key=lambda one: search.sort_key(order, fields(one)), reverse=texts and not order.ascending)
    return matching
