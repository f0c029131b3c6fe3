"""Finding runs and logged models of experiments: the newest are looked at, up to a bound, and the filter picks of them.

This is for finding what to register, and no experiment tracker's search: what is older is found by its id.
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

MAX_LOOKED_AT: Final = 1_000
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
    """The runs that the principal may read and the filter picks, by default the last begun first."""
    found = list(_looked_at(services, principal, experiments, runs.list_runs))
    found.sort(key=lambda run: (-run.started_ms, run.id))
    return _picked(found, conditions, orders, search.of_run)


def search_logged_models(
    services: Services,
    principal: Principal,
    experiments: Sequence[str],
    conditions: Sequence[Condition],
    orders: Sequence[Order],
) -> list[LoggedModel]:
    """The logged models that the principal may read and the filter picks, by default the last made first."""
    found = list(_looked_at(services, principal, experiments, logged_models.list_logged_models))
    found.sort(key=lambda model: (-model.created_ms, model.id))
    return _picked(found, conditions, orders, search.of_model)


def _looked_at(
    services: Services,
    principal: Principal,
    experiments: Sequence[str],
    listed: Callable[[Services, Principal, str, int, str | None], Page[T]],
) -> Iterator[T]:
    rights.check_look(principal)
    if len(experiments) > MAX_EXPERIMENTS:
        raise InvalidInputError(f"At most {MAX_EXPERIMENTS} experiments are searched at a time.")
    share = -(-MAX_LOOKED_AT // max(len(experiments), 1))
    for experiment in dict.fromkeys(experiments):
        after: str | None = None
        for _ in range(-(-share // _PAGE)):
            page = listed(services, principal, experiment, min(_PAGE, share), after)
            yield from page.items
            if page.next_start is None:
                break
            after = str(page.next_start["after"])


def _picked(
    found: list[T], conditions: Sequence[Condition], orders: Sequence[Order], fields: Callable[[T], Fields]
) -> list[T]:
    picked = [one for one in found if all(condition.holds(fields(one)) for condition in conditions)]
    for order in reversed(orders):
        texts = any(isinstance(fields(one)(order.kind, order.key), str) for one in picked)
        picked.sort(key=lambda one: search.sort_key(order, fields(one)), reverse=texts and not order.ascending)
    return picked
