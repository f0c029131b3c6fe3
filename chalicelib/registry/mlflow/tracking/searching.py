"""Searches the runs and logged models of experiments: the newest up to a limit are read, then filtered.

This is for finding what to register. It is not the search of an experiment tracker: older runs are found by id only.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from chalicelib.aws.services import Services
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.mlflow.tracking import search
from chalicelib.domain.mlflow.tracking.entities import LoggedModel, Run
from chalicelib.domain.mlflow.tracking.search import Condition, Fields, Order
from chalicelib.registry.mlflow.tracking import logged_models, rights, runs
from chalicelib.registry.page import Page

MAX_READ: Final = 1_000
MAX_EXPERIMENTS: Final = 50
_PAGE: Final = 100

T = TypeVar("T")


def search_runs(
    services: Services,
    principal: Principal,
    experiments: Sequence[str],
    conditions: Sequence[Condition],
    orders: Sequence[Order],
) -> list[Run]:
    """Runs that match the filter and that the principal may read, by default the last started first."""
    found = list(_newest(services, principal, experiments, runs.list_runs))
    found.sort(key=lambda run: (-run.started_ms, run.id))
    return _filtered(found, conditions, orders, search.of_run)


def search_logged_models(
    services: Services,
    principal: Principal,
    experiments: Sequence[str],
    conditions: Sequence[Condition],
    orders: Sequence[Order],
) -> list[LoggedModel]:
    """Logged models that match the filter and that the principal may read, by default the newest first."""
    found = list(_newest(services, principal, experiments, logged_models.list_logged_models))
    found.sort(key=lambda model: (-model.created_ms, model.id))
    return _filtered(found, conditions, orders, search.of_model)


def _newest(
    services: Services,
    principal: Principal,
    experiments: Sequence[str],
    listed: Callable[[Services, Principal, str, int, str | None], Page[T]],
) -> Iterator[T]:
    rights.check_read_any(principal)
    if len(experiments) > MAX_EXPERIMENTS:
        raise InvalidInputError(f"At most {MAX_EXPERIMENTS} experiments are searched at a time.")
    share = -(-MAX_READ // max(len(experiments), 1))
    for experiment in dict.fromkeys(experiments):
        after: str | None = None
        for _ in range(-(-share // _PAGE)):
            page = listed(services, principal, experiment, min(_PAGE, share), after)
            yield from page.items
            if page.next_start is None:
                break
            after = str(page.next_start["after"])


def _filtered(
    found: list[T], conditions: Sequence[Condition], orders: Sequence[Order], fields: Callable[[T], Fields]
) -> list[T]:
    matching = [one for one in found if all(condition.holds(fields(one)) for condition in conditions)]
    for order in reversed(orders):
        texts = any(isinstance(fields(one)(order.kind, order.key), str) for one in matching)
        matching.sort(key=lambda one: search.sort_key(order, fields(one)), reverse=texts and not order.ascending)
    return matching
